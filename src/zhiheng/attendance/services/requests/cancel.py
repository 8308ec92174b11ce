"""Taking requests back."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.approvals.public import approval_of, withdraw_approval
from zhiheng.attendance.choices import RequestKind, TimeRequestState
from zhiheng.attendance.models import TimeRequest
from zhiheng.attendance.policies import CREATE_REQUEST, OVERRIDE_REQUEST
from zhiheng.attendance.queries.requests import time_request_for_actor
from zhiheng.attendance.services.requests.outcome import withdraw_request


def cancel_request(*, actor: Actor, time_request_id: UUID, reason: str = "") -> None:
    """Take back a request: before it is decided at will, after its approval with a reason.

    An approved one the applicant may cancel until it begins, later HR; a swap that was made is changed in the roster.
    """
    request = time_request_for_actor(actor, time_request_id)
    TimeRequest.objects.select_for_update().get(id=request.id)
    reason = reason.strip()
    check_may_cancel(actor, request)
    is_approved = request.state == TimeRequestState.APPROVED
    if is_approved and not reason:
        raise ValidationError({"reason": _("请填写撤销理由，审批人会看到它。")}, code="no_reason")
    TimeRequest.objects.filter(id=request.id).update(end_reason=reason)
    approval = approval_of(request.id)
    if approval is None:
        withdraw_request(actor, request.id)
    else:
        withdraw_approval(actor=actor, approval_id=approval.id, reason=reason, is_after_approval=is_approved)


def may_cancel(actor: Actor, request: TimeRequest) -> bool:
    """Tell whether the actor may take a request back now."""
    try:
        check_may_cancel(actor, request)
    except (ValidationError, Forbidden):
        return False
    return True


def check_may_cancel(actor: Actor, request: TimeRequest) -> None:
    """Raise what stands in the way of taking a request back."""
    is_own = actor.person_id is not None and actor.person_id == request.person_id
    where = {
        "person_id": request.person_id,
        "org_unit_id": request.org_unit_id,
        "legal_entity_id": request.legal_entity_id,
    }
    is_hr = actor.can(OVERRIDE_REQUEST) and actor.scope(OVERRIDE_REQUEST).has(**where)
    if not is_hr and not (is_own and actor.can(CREATE_REQUEST)):
        raise Forbidden(CREATE_REQUEST)
    if request.state in (TimeRequestState.ASKED, TimeRequestState.PENDING):
        return
    if request.state != TimeRequestState.APPROVED:
        raise ValidationError(
            _("申请{state}，不能再撤回。").format(state=request.get_state_display()), code="closed"
        )
    if request.kind == RequestKind.SWAP:
        raise ValidationError(_("换班已写入班表，请由排班负责人在班表中调整。"), code="in_roster")
    if not is_hr and request.from_on <= timezone.localdate():
        raise ValidationError(_("申请已经开始生效，请联系人事撤销。"), code="begun")
