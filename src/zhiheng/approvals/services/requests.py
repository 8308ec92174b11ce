"""Starting, deciding and taking back requests for approval."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.access.public import heads_along, persons_who_can_sign_in
from zhiheng.approvals.calc.chain import PlannedStep, chain_of
from zhiheng.approvals.choices import Act, RequestState, StepRole, StepState
from zhiheng.approvals.kinds import kind_of
from zhiheng.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from zhiheng.approvals.policies import DECIDE_AS_HR, DECIDE_REQUEST, WITHDRAW_REQUEST
from zhiheng.approvals.queries.requests import may_withdraw, request_for_actor, standing_of
from zhiheng.audit.public import record
from zhiheng.people.public import PersonRef, org_units, persons_by_id
from zhiheng.tenancy.context import tenant_context
from zhiheng.webkit.texts import in_languages

SUBJECT = "approvals.approval_request"
Text = str | Promise


def start_approval(
    *, actor: Actor, kind: str, subject_id: UUID, person_id: UUID, summary: Text,
    details: Sequence[tuple[Text, Text]] = (),
) -> UUID:  # fmt: skip
    """Ask for approval of something of another domain; returns the request's id.

    Checks no scope: the domain has decided that the actor may ask for this person. A subject has one pending request
    at most: a second one raises ValidationError.
    """
    kind_of(kind)
    with tenant_context(actor.tenant_id):
        person = persons_by_id([person_id]).get(person_id)
        if person is None:
            raise Http404
        if ApprovalRequest.objects.filter(subject_id=subject_id, state=RequestState.PENDING).exists():
            raise ValidationError(_("该申请已在审批中，请等待审批结果或先撤回。"), code="already_pending")
        request = ApprovalRequest.objects.create(
            kind=kind, subject_id=subject_id, person_id=person_id, org_unit_id=person.org_unit_id,
            legal_entity_id=person.legal_entity_id, summary=in_languages(summary),
            details=[[in_languages(label), in_languages(value)] for label, value in details],
            started_by=actor.name, started_by_user_id=actor.user_id, started_at=timezone.now(),
        )  # fmt: skip
        planned = _plan(person)
        ApprovalStep.objects.bulk_create(
            [_step(request, number, each) for number, each in enumerate(planned, start=1)]
        )
        _note(actor, request, Act.START)
    return request.id


def _plan(person: PersonRef) -> tuple[PlannedStep, ...]:
    path = next((each.path for each in org_units() if each.id == person.org_unit_id), ())
    heads = heads_along(DECIDE_REQUEST, path)
    asked = {each for group in heads for each in group} | ({person.manager_id} - {None})
    return chain_of(person.id, person.manager_id, heads, persons_who_can_sign_in(asked))


def _step(request: ApprovalRequest, number: int, planned: PlannedStep) -> ApprovalStep:
    return ApprovalStep(
        request=request, person_id=request.person_id, legal_entity_id=request.legal_entity_id, position=number,
        role=planned.role, approver_ids=list(planned.approver_ids),
        state=StepState.OPEN if number == 1 else StepState.WAITING,
    )  # fmt: skip


def _note(
    actor: Actor, request: ApprovalRequest, act: Act, comment: str = "", step: ApprovalStep | None = None
) -> None:
    """Write the log of the request and the audit log."""
    ApprovalDecision.objects.create(
        request=request, step=step, person_id=request.person_id, legal_entity_id=request.legal_entity_id, act=act,
        by=actor.name, by_user_id=actor.user_id, at=timezone.now(), comment=comment,
    )  # fmt: skip
    payload = {"kind": request.kind, "subject": request.subject_id, "comment": comment}
    verb = {Act.START: "open"}.get(act, act.value)
    record(actor, f"{SUBJECT}.{verb}", subject=(SUBJECT, request.id), payload=payload)


# --- Deciding ---------------------------------------------------------------------------------------------------


def decide_request(
    *, actor: Actor, approval_id: UUID, step_id: UUID, is_approved: bool, comment: str = ""
) -> RequestState:
    """Agree to the step of a request, or reject the request, which needs a reason; returns its state now.

    The step is the one that the approver had before them: if somebody else decided it meanwhile, ValidationError
    (code ``already_decided``) says who. `Forbidden` for somebody who may see the request but not decide it.
    """
    comment = comment.strip()
    if not is_approved and not comment:
        raise ValidationError({"comment": _("请填写驳回理由，申请人会看到它。")}, code="no_reason")
    with tenant_context(actor.tenant_id):
        request = _locked(actor, approval_id)
        step = ApprovalStep.objects.filter(request=request, id=step_id).first()
        if step is None:
            raise Http404
        standing = standing_of(actor, request, step)
        if not standing:
            _refuse(actor, request, step)
        if step.state != StepState.OPEN:
            raise ValidationError(_settled_text(request, step), code="already_decided")
        _decide(actor, step, StepState.APPROVED if is_approved else StepState.REJECTED, comment, standing)
        _note(actor, request, Act.APPROVE if is_approved else Act.REJECT, comment, step)
        if is_approved:
            _go_on(actor, request)
        else:
            _close(request, RequestState.REJECTED)
            kind_of(request.kind).on_rejected(actor, request.subject_id)
    return RequestState(request.state)


def _locked(actor: Actor, approval_id: UUID) -> ApprovalRequest:
    """Lock a request that the actor may see; whoever decides at the same time waits here."""
    request_for_actor(actor, approval_id)
    return ApprovalRequest.objects.select_for_update().get(id=approval_id)


def _refuse(actor: Actor, request: ApprovalRequest, step: ApprovalStep) -> None:
    if actor.person_id is not None and actor.person_id == request.person_id:
        raise ValidationError(_("不能审批自己的申请，请由其他审批人处理。"), code="own_request")
    raise Forbidden(DECIDE_AS_HR if step.role == StepRole.HR else DECIDE_REQUEST)


def _settled_text(request: ApprovalRequest, step: ApprovalStep) -> str:
    """Return who was faster, in words."""
    if request.state == RequestState.WITHDRAWN:
        return _("申请已被撤回，无需再处理。")
    if not step.decided_at:
        return _("现在还没有轮到这一步，请刷新页面查看最新进度。")
    return _("{name}已在 {at} 处理过这一步（{state}），您的操作没有生效。").format(
        name=step.decided_by,
        at=f"{timezone.localtime(step.decided_at):%H:%M}",
        state=step.get_state_display(),
    )


def _decide(actor: Actor, step: ApprovalStep, state: StepState, comment: str, standing: str) -> None:
    step.state, step.comment, step.is_stand_in = state, comment, standing == "stand_in"
    step.decided_by, step.decided_at = actor.name, timezone.now()
    step.decided_by_person_id, step.decided_by_user_id = actor.person_id, actor.user_id
    step.save()


def _go_on(actor: Actor, request: ApprovalRequest) -> None:
    """Open the next step, leaving out those where the actor would only say the same again; else approve."""
    for step in ApprovalStep.objects.filter(request=request, state=StepState.WAITING).order_by("position"):
        if standing_of(actor, request, step) not in ("named", "hr"):
            step.state = StepState.OPEN
            step.save(update_fields=["state"])
            return
        step.state, step.decided_by, step.decided_at = StepState.SKIPPED, actor.name, timezone.now()
        step.save(update_fields=["state", "decided_by", "decided_at"])
    _close(request, RequestState.APPROVED)
    kind_of(request.kind).on_approved(actor, request.subject_id)


def _close(request: ApprovalRequest, state: RequestState) -> None:
    request.state, request.closed_at = state, timezone.now()
    request.save(update_fields=["state", "closed_at"])
    rest = ApprovalStep.objects.filter(request=request, state__in=[StepState.OPEN, StepState.WAITING])
    rest.update(state=StepState.CANCELLED)


# --- Taking back ------------------------------------------------------------------------------------------------


def withdraw_request(*, actor: Actor, approval_id: UUID, reason: str = "") -> None:
    """Take back a request that is still pending: one's own, or one in the scope of the permission."""
    _withdraw(actor, approval_id, reason, [RequestState.PENDING])


def revoke_request(*, actor: Actor, approval_id: UUID, reason: str) -> None:
    """Take back a request after it was approved. The domain has decided that this is still possible."""
    if not reason.strip():
        raise ValidationError({"reason": _("请填写撤销理由，审批人会看到它。")}, code="no_reason")
    _withdraw(actor, approval_id, reason, [RequestState.PENDING, RequestState.APPROVED])


def _withdraw(actor: Actor, approval_id: UUID, reason: str, states: Sequence[RequestState]) -> None:
    with tenant_context(actor.tenant_id):
        request = _locked(actor, approval_id)
        if not may_withdraw(actor, request):
            raise Forbidden(WITHDRAW_REQUEST)
        if request.state not in states:
            raise ValidationError(
                _("申请{state}，不能再撤回。").format(state=request.get_state_display()), code="closed"
            )
        _close(request, RequestState.WITHDRAWN)
        _note(actor, request, Act.WITHDRAW, reason.strip())
        kind_of(request.kind).on_withdrawn(actor, request.subject_id)
