"""API tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access import queries
from zhiheng.access.actor import Actor
from zhiheng.access.models import ApiToken
from zhiheng.access.policies import WRITE_TOKEN
from zhiheng.access.secrets import TOKEN_PREFIX, new_credential
from zhiheng.audit.public import record
from zhiheng.tenancy.keys import uuid7


def create_token(
    *, actor: Actor, name: str, codes: Iterable[str], expires_at: datetime | None
) -> tuple[ApiToken, str]:
    """Make a token for the actor's own membership; return it and, this once, its text.

    ``codes`` are permissions the actor holds. A token cannot make tokens: it would outlive its own end.
    """
    actor.scope(WRITE_TOKEN)
    if actor.membership_id is None or actor.token_id is not None:
        raise ValidationError(_("令牌不能创建令牌，请登录后操作。"), code="no-member")
    wanted = sorted(set(codes))
    if not name.strip():
        raise ValidationError({"name": _("请填写名称，以便日后辨认。")})
    if not wanted or any(not actor.can(code) for code in wanted):
        raise ValidationError({"codes": _("请从您自己的权限中选择至少一项。")}, code="beyond-own")
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": _("到期时间须晚于现在。")})
    credential = new_credential(actor.tenant_id, uuid7())
    token = ApiToken.objects.create(
        id=credential.id,
        membership_id=actor.membership_id,
        name=name.strip()[:60],
        secret_hash=credential.secret_hash,
        codes=wanted,
        expires_at=expires_at,
    )
    record(
        actor,
        "access.token.create",
        subject=("access.apitoken", token.id),
        payload={"name": token.name, "codes": wanted, "expires_at": expires_at},
    )
    return token, f"{TOKEN_PREFIX}{credential}"


def revoke_token(*, actor: Actor, token_id: UUID) -> None:
    """End a token now."""
    token = queries.token_for_actor(actor, token_id)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(actor, "access.token.revoke", subject=("access.apitoken", token.id), payload={"name": token.name})
