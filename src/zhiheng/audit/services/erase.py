"""Erasing personal data from the audit log; the chain still verifies without it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.audit.calc.chain import ERASE_VERB
from zhiheng.audit.models import AuditPayload
from zhiheng.audit.policies import ERASE_PAYLOAD
from zhiheng.audit.services.append import Event, record_events

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor


def erase_payload(*, actor: Actor, entry_id: UUID, reason: str) -> None:
    """Erase content, salt and actor's name of an entry; that it was done, and why, is recorded.

    Erasing again changes nothing. Raises `Http404` for an entry that is not there and `ValidationError`
    without a reason.
    """
    actor.scope(ERASE_PAYLOAD)
    payload = AuditPayload.objects.select_for_update(of=("self",)).filter(entry_id=entry_id).first()
    if payload is None:
        raise Http404
    if not reason.strip():
        raise ValidationError({"reason": _("请填写清除原因，它会写入审计日志。")})
    if payload.erased_at:
        return
    payload.content, payload.salt, payload.actor_name = None, None, ""
    payload.erased_at = timezone.now()
    payload.save(update_fields=["content", "salt", "actor_name", "erased_at"])
    done = Event(ERASE_VERB, ("audit.entry", entry_id), {"reason": reason.strip()[:500]})
    record_events(actor=actor, events=[done])
