"""Requests for approval: who may see and decide them, and how they stand.

Everything here looks at all subsidiaries of the tenant: an approver may work for another one than the applicant.
What an actor gets to see is decided by the filters, never by the database's view of subsidiaries alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.approvals.choices import Act, RequestState, StepRole, StepState
from zhiheng.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from zhiheng.approvals.policies import DECIDE_AS_HR, DECIDE_REQUEST, READ_REQUEST, WITHDRAW_REQUEST
from zhiheng.people.public import persons_by_id
from zhiheng.tenancy.context import current_tenant_id, tenant_context
from zhiheng.webkit.texts import for_reader

COLUMNS = {"person": "person_id", "org_unit": "org_unit_id", "legal_entity": "legal_entity_id"}


@dataclass(frozen=True)
class StepInfo:
    """A step of the chain; ``approvers`` are the names of who may decide it, empty for HR."""

    id: UUID
    role: str
    label: str
    state: str
    state_label: str
    approvers: tuple[str, ...]
    decided_by: str
    decided_at: dt.datetime | None
    comment: str
    is_stand_in: bool


@dataclass(frozen=True)
class ApprovalInfo:
    """A request for approval as other domains and pages see it; texts are in the reader's language.

    ``state``: pending, approved, rejected or withdrawn; ``withdrawn_reason`` and the comments of the steps say why.
    """

    id: UUID
    kind: str
    subject_id: UUID
    person_id: UUID
    state: str
    state_label: str
    summary: str
    details: tuple[tuple[str, str], ...]
    started_by: str
    started_at: dt.datetime
    closed_at: dt.datetime | None
    steps: tuple[StepInfo, ...]
    withdrawn_by: str = ""
    withdrawn_reason: str = ""

    @property
    def open_step(self) -> StepInfo | None:
        """Return the step that waits for a decision."""
        return next((each for each in self.steps if each.state == StepState.OPEN), None)


def approvals_of(subject_ids: Iterable[UUID]) -> dict[UUID, ApprovalInfo]:
    """Return the latest request for approval of each subject. Checks no scope: the subject's domain has."""
    wanted = list(subject_ids)
    if not wanted:
        return {}
    with tenant_context(current_tenant_id()):
        latest = (
            ApprovalRequest.objects.filter(subject_id__in=wanted)
            .order_by("subject_id", "-started_at", "-id")
            .distinct("subject_id")
        )
        return {each.subject_id: each for each in infos_of(list(latest))}


def infos_of(requests: Collection[ApprovalRequest]) -> list[ApprovalInfo]:
    """Return requests with their steps, in four queries at most for any number."""
    steps: dict[UUID, list[ApprovalStep]] = {each.id: [] for each in requests}
    for step in ApprovalStep.objects.filter(request_id__in=steps).order_by("position"):
        steps[step.request_id].append(step)
    named = {person_id for mine in steps.values() for each in mine for person_id in each.approver_ids}
    names = {person_id: ref.name for person_id, ref in persons_by_id(named).items()}
    withdrawals = _withdrawals([each.id for each in requests if each.state == RequestState.WITHDRAWN])
    return [_info(each, steps[each.id], names, withdrawals.get(each.id, ("", ""))) for each in requests]


def _withdrawals(request_ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return who took requests back, and why."""
    if not request_ids:
        return {}
    rows = ApprovalDecision.objects.filter(request_id__in=request_ids, act=Act.WITHDRAW).order_by("at")
    return {row[0]: (row[1], row[2]) for row in rows.values_list("request_id", "by", "comment")}


def _info(
    request: ApprovalRequest, steps: list[ApprovalStep], names: dict[UUID, str], withdrawal: tuple[str, str]
) -> ApprovalInfo:
    return ApprovalInfo(
        id=request.id, kind=request.kind, subject_id=request.subject_id, person_id=request.person_id,
        state=request.state, state_label=str(request.get_state_display()), summary=for_reader(request.summary),
        details=tuple((for_reader(label), for_reader(value)) for label, value in request.details),
        started_by=request.started_by, started_at=request.started_at, closed_at=request.closed_at,
        steps=tuple(_step(each, names) for each in steps), withdrawn_by=withdrawal[0],
        withdrawn_reason=withdrawal[1],
    )  # fmt: skip


def _step(step: ApprovalStep, names: dict[UUID, str]) -> StepInfo:
    approvers = tuple(names[each] for each in step.approver_ids if each in names)
    return StepInfo(
        step.id, step.role, str(step.get_role_display()), step.state, str(step.get_state_display()), approvers,
        step.decided_by, step.decided_at, step.comment, step.is_stand_in,
    )  # fmt: skip


# --- Who may do what --------------------------------------------------------------------------------------------


def waiting_for_actor(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Return the requests that wait for the actor: as one who is named, or as HR of the applicant."""
    steps = ApprovalStep.objects.filter(state=StepState.OPEN)
    mine = Q(pk__in=[])
    if actor.can(DECIDE_REQUEST) and actor.person_id:
        named = steps.filter(approver_ids__contains=[actor.person_id])
        mine |= Q(id__in=named.values("request_id"))
    if actor.can(DECIDE_AS_HR):
        hr = steps.filter(role=StepRole.HR)
        mine |= Q(id__in=hr.values("request_id")) & actor.scope(DECIDE_AS_HR).q(**COLUMNS)
    return _not_own(actor, ApprovalRequest.objects.filter(mine, state=RequestState.PENDING))


def _not_own(actor: Actor, rows: QuerySet) -> QuerySet:
    return rows.exclude(person_id=actor.person_id) if actor.person_id else rows


def decided_by_actor(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Return the requests that the actor had a say in."""
    steps = ApprovalStep.objects.filter(decided_by_user_id=actor.user_id)
    found = ApprovalRequest.objects.filter(id__in=steps.values("request_id"))
    return found if actor.user_id else found.none()


def started_by_actor(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Return the requests that the actor made, or that were made for them."""
    mine = Q(pk__in=[])
    if actor.user_id:
        mine |= Q(started_by_user_id=actor.user_id)
    if actor.person_id:
        mine |= Q(person_id=actor.person_id)
    return ApprovalRequest.objects.filter(mine)


def requests_for_actor(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Return all requests that the actor may see: in scope, named in, decided by or started by them."""
    in_scope = actor.scope(READ_REQUEST).q(**COLUMNS)
    involved = Q(id__in=decided_by_actor(actor).values("id")) | Q(id__in=started_by_actor(actor).values("id"))
    if actor.person_id:
        named = ApprovalStep.objects.filter(approver_ids__contains=[actor.person_id])
        involved |= Q(id__in=named.values("request_id"))
    return ApprovalRequest.objects.filter(in_scope | involved)


def request_for_actor(actor: Actor, approval_id: UUID) -> ApprovalRequest:
    """Return a request; 404 when it is not there or not the actor's to see."""
    found = requests_for_actor(actor).select_related("person__org_unit").filter(id=approval_id).first()
    if found is None:
        raise Http404
    return found


def standing_of(actor: Actor, request: ApprovalRequest, step: ApprovalStep) -> str:
    """Return in which quality the actor may decide a step: "named", "hr", "stand_in", or "" if they may not.

    Nobody decides their own request.
    """
    if actor.person_id is not None and actor.person_id == request.person_id:
        return ""
    where = {
        "person_id": request.person_id,
        "org_unit_id": request.org_unit_id,
        "legal_entity_id": request.legal_entity_id,
    }
    if step.role == StepRole.HR:
        return "hr" if actor.can(DECIDE_AS_HR) and actor.scope(DECIDE_AS_HR).has(**where) else ""
    if not actor.can(DECIDE_REQUEST):
        return ""
    if actor.person_id in step.approver_ids:
        return "named"
    return "stand_in" if actor.scope(DECIDE_REQUEST).has(**where) else ""


def may_withdraw(actor: Actor, request: ApprovalRequest) -> bool:
    """Tell whether the actor may take a request back."""
    return actor.can(WITHDRAW_REQUEST) and actor.scope(WITHDRAW_REQUEST).has(
        person_id=request.person_id, org_unit_id=request.org_unit_id, legal_entity_id=request.legal_entity_id
    )


def sees_subject(actor: Actor, request: ApprovalRequest) -> bool:
    """Tell whether the page of what a request is about is likely to be the actor's to see."""
    return actor.scope(READ_REQUEST).has(
        person_id=request.person_id, org_unit_id=request.org_unit_id, legal_entity_id=request.legal_entity_id
    )


def sees_others(actor: Actor) -> bool:
    """Tell whether the actor may see requests that they have nothing to do with."""
    scope = actor.scope(READ_REQUEST)
    return bool(scope.is_tenant or scope.legal_entity_ids or scope.org_unit_ids)
