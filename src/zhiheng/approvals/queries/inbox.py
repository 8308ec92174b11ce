"""The inbox: what waits for the actor, what they decided, what they asked for, and all they may see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from zhiheng.access.actor import Actor
from zhiheng.approvals.choices import StepState
from zhiheng.approvals.kinds import all_kinds, kind_of
from zhiheng.approvals.models import ApprovalRequest, ApprovalStep
from zhiheng.approvals.queries.requests import (
    ApprovalInfo,
    decided_by_actor,
    infos_of,
    may_withdraw,
    request_for_actor,
    requests_for_actor,
    sees_subject,
    standing_of,
    started_by_actor,
    waiting_for_actor,
)
from zhiheng.tenancy.context import tenant_context

WAITING, DECIDED, STARTED, ALL = "waiting", "decided", "started", "all"
TABS = {
    WAITING: waiting_for_actor,
    DECIDED: decided_by_actor,
    STARTED: started_by_actor,
    ALL: requests_for_actor,
}
PAGE_SIZE = 20


@dataclass(frozen=True)
class InboxRow:
    """A request with what a list says of it and what the actor may do."""

    info: ApprovalInfo
    kind_label: str
    person_name: str
    person_number: str
    unit: str
    standing: str
    can_withdraw: bool
    subject_url: str
    sees_subject: bool

    @property
    def can_decide(self) -> bool:
        """Tell whether the actor may decide the open step."""
        return bool(self.standing)

    @property
    def waits_for(self) -> str:
        """Return whose turn it is, in words."""
        step = self.info.open_step
        return "、".join(step.approvers) or step.label if step else ""


def inbox_page(actor: Actor, tab: str, number: object, *, kind: str = "", text: str = "") -> Page:
    """Return a page of `InboxRow`; those that wait come oldest first, all others newest first."""
    with tenant_context(actor.tenant_id):
        rows = _narrowed(TABS[tab](actor), kind, text)
        rows = rows.select_related("person", "org_unit")
        rows = rows.order_by("started_at", "id") if tab == WAITING else rows.order_by("-started_at", "-id")
        page = Paginator(rows, PAGE_SIZE).get_page(number)
        page.object_list = _drawn(actor, list(page.object_list))
        return page


def _narrowed(rows: QuerySet, kind: str, text: str) -> QuerySet:
    if kind:
        rows = rows.filter(kind=kind)
    for word in text.lower().split()[:6]:
        rows = rows.filter(person__search_text__contains=word)
    return rows


def _drawn(actor: Actor, requests: list[ApprovalRequest]) -> list[InboxRow]:
    steps = {
        each.request_id: each
        for each in ApprovalStep.objects.filter(
            request_id__in=[each.id for each in requests], state=StepState.OPEN
        )
    }
    infos = {each.id: each for each in infos_of(requests)}
    return [_row(actor, each, infos[each.id], steps.get(each.id)) for each in requests]


def _row(actor: Actor, request: ApprovalRequest, info: ApprovalInfo, step: ApprovalStep | None) -> InboxRow:
    kind = kind_of(request.kind)
    return InboxRow(
        info=info, kind_label=str(kind.label), person_name=request.person.name,
        person_number=request.person.employee_number, unit=request.org_unit.name if request.org_unit else "",
        standing=standing_of(actor, request, step) if step else "",
        can_withdraw=step is not None and may_withdraw(actor, request), subject_url=kind.url(request.subject_id),
        sees_subject=sees_subject(actor, request),
    )  # fmt: skip


def inbox_row(actor: Actor, approval_id: UUID) -> InboxRow:
    """Return one request; 404 when it is not there or not the actor's to see."""
    with tenant_context(actor.tenant_id):
        request = request_for_actor(actor, approval_id)
        return _drawn(actor, [request])[0]


def waiting_count(actor: Actor) -> int:
    """Count what waits for the actor."""
    with tenant_context(actor.tenant_id):
        return waiting_for_actor(actor).count()


def kinds_shown() -> list[tuple[str, str]]:
    """Return code and label of every kind of request."""
    return [(each.code, str(each.label)) for each in all_kinds()]
