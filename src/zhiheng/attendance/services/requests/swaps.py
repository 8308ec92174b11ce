"""The colleague's answer to a shift swap."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import TimeRequestState
from zhiheng.attendance.models import TimeRequest
from zhiheng.attendance.queries.requests import asked_of
from zhiheng.attendance.services.requests.shared import SUBJECT, ask_for_approval
from zhiheng.audit.public import record


def answer_swap(*, actor: Actor, time_request_id: UUID, is_agreed: bool) -> None:
    """Agree to a swap, which then goes to the head, or decline it. Only the colleague who was asked may answer."""
    mine = TimeRequest.objects.filter(id=time_request_id, other_person_id=actor.person_id)
    request = mine.select_for_update().first() if actor.person_id else None
    if request is None:
        raise Http404
    if not asked_of(actor).filter(id=request.id).exists():
        raise ValidationError(
            _("这条换班申请{state}，不需要再答复。").format(state=request.get_state_display()),
            code="already_answered",
        )
    request.state = TimeRequestState.PENDING if is_agreed else TimeRequestState.DECLINED
    request.other_answered_at = timezone.now()
    request.save(update_fields=["state", "other_answered_at", "changed_at"])
    verb = "accept" if is_agreed else "reject"
    record(actor, f"{SUBJECT}.{verb}", subject=(SUBJECT, request.id), payload={"person": request.person_id})
    if is_agreed:
        ask_for_approval(actor, request)
