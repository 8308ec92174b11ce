"""Custom roles."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhiheng.access import queries
from zhiheng.access.actor import Actor
from zhiheng.access.choices import ScopeKind
from zhiheng.access.models import Invitation, Role, RolePermission
from zhiheng.access.permissions import all_permissions
from zhiheng.access.policies import WRITE_ROLE, check_may_define
from zhiheng.audit.public import record


def create_role(*, actor: Actor, name: str, kinds: Mapping[str, str]) -> Role:
    """Make a role from permission codes and their scope kinds; nothing the actor does not hold themselves."""
    actor.scope(WRITE_ROLE)
    wanted = _checked(kinds)
    check_may_define(actor, wanted)
    role = Role(code=f"custom-{secrets.token_hex(6)}", name=_checked_name(name))
    role.full_clean()
    role.save()
    _write(role, wanted)
    _record(actor, "access.role.create", role, {"after": wanted})
    return role


def update_role(*, actor: Actor, role_id: UUID, name: str, kinds: Mapping[str, str]) -> Role:
    """Change a custom role; its members' rights change at once."""
    role = _role_to_change(actor, role_id)
    before, wanted = queries.kinds_of(role), _checked(kinds)
    check_may_define(actor, before)
    check_may_define(actor, wanted)
    old_name, role.name = role.name, _checked_name(name, role)
    role.save(update_fields=["name"])
    role.permissions.all().delete()
    _write(role, wanted)
    _record(actor, "access.role.update", role, {"old_name": old_name, "before": before, "after": wanted})
    return role


def delete_role(*, actor: Actor, role_id: UUID) -> None:
    """Delete a custom role that nobody has and nobody is invited to."""
    role = _role_to_change(actor, role_id)
    if role.assignments.exists() or role.invitation_count:
        raise ValidationError(_("仍有成员或邀请在使用这个角色，不能删除。"), code="role-in-use")
    _record(actor, "access.role.delete", role, {"before": queries.kinds_of(role)})
    Invitation.objects.filter(role=role).delete()  # ended ones; what happened is in the audit log
    role.delete()


def _role_to_change(actor: Actor, role_id: UUID) -> Role:
    actor.scope(WRITE_ROLE)
    role = queries.role_for_actor(actor, role_id)
    if role.is_builtin:
        raise ValidationError(_("内置角色不能更改，可复制为自定义角色。"), code="builtin-role")
    return role


def _checked_name(name: str, role: Role | None = None) -> str:
    name = name.strip()
    if not name:
        raise ValidationError({"name": _("请填写角色名称。")})
    others = Role.objects.exclude(id=role.id) if role else Role.objects.all()
    if others.filter(name__iexact=name).exists():
        raise ValidationError({"name": _("已有同名角色，请换一个名称。")})
    return name


def _checked(kinds: Mapping[str, str]) -> dict[str, ScopeKind]:
    known = {each.code: each for each in all_permissions()}
    if not kinds:
        raise ValidationError(_("请至少选择一项权限。"))
    for code, kind in kinds.items():
        if code not in known or kind not in ScopeKind.values:
            raise ValidationError(_("没有这项权限或数据范围：%(code)s") % {"code": f"{code} {kind}"})
    # An unscoped permission holds for the whole tenant whatever is asked.
    return {
        code: ScopeKind(kind) if known[code].is_scoped else ScopeKind.TENANT for code, kind in kinds.items()
    }


def _write(role: Role, kinds: Mapping[str, ScopeKind]) -> None:
    RolePermission.objects.bulk_create(
        RolePermission(role=role, code=code, scope_kind=kind) for code, kind in sorted(kinds.items())
    )


def _record(actor: Actor, verb: str, role: Role, payload: dict[str, object]) -> None:
    plain = {
        key: {code: str(kind) for code, kind in value.items()} if isinstance(value, dict) else value
        for key, value in payload.items()
    }
    record(actor, verb, subject=("access.role", role.id), payload={"name": role.name, **plain})
