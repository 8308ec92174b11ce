"""Leave follows the roster: days that were planned anew are reckoned again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Min
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor, system_actor
from zhiheng.audit.public import record
from zhiheng.leave.calc.cost import LeaveSpan, amount_of, taken_days
from zhiheng.leave.calc.ledger import take
from zhiheng.leave.choices import LeaveState
from zhiheng.leave.models import LeaveDay, LeaveRequest
from zhiheng.leave.queries.plans import plan_of
from zhiheng.leave.queries.quotes import costs_of
from zhiheng.leave.services.hooks import Day, tell
from zhiheng.leave.services.ledger import give_back, lock_account, standing_of, write_taking
from zhiheng.leave.services.requests import SUBJECT, write_days
from zhiheng.tenancy.context import current_tenant_id

OPEN = (LeaveState.PENDING, LeaveState.APPROVED)


def refresh_after_roster(days: Iterable[Day]) -> None:
    """Reckon again the open requests that touch person-days whose plan changed."""
    spans: dict[UUID, tuple[dt.date, dt.date]] = {}
    for person_id, _entity, on in days:
        first, last = spans.get(person_id, (on, on))
        spans[person_id] = min(first, on), max(last, on)
    if not spans:
        return
    first, last = min(each[0] for each in spans.values()), max(each[1] for each in spans.values())
    found = LeaveRequest.objects.filter(
        person_id__in=spans, state__in=OPEN, from_on__lte=last, to_on__gte=first
    )
    actor = system_actor(current_tenant_id())
    for request in found.order_by("person_id", "id"):
        refresh_request(actor=actor, request_id=request.id)


def first_open_day() -> dt.date | None:
    """Return the first day of leave that was asked for or approved; ``None`` where there is none."""
    return LeaveRequest.objects.filter(state__in=OPEN).aggregate(first=Min("from_on"))["first"]


def refresh_leave_around(*, actor: Actor, today: dt.date) -> int:
    """Reckon again the open requests of today, yesterday and tomorrow; returns how many changed."""
    one = dt.timedelta(days=1)
    ids = LeaveRequest.objects.filter(state__in=OPEN, from_on__lte=today + one, to_on__gte=today - one)
    return sum(refresh_request(actor=actor, request_id=each) for each in ids.values_list("id", flat=True))


def refresh_request(*, actor: Actor, request_id: UUID) -> bool:
    """Reckon a request again by the present plan; tell whether it changed.

    What an approved one used goes back to its lots and is taken anew, beyond the balance if need be: it was given.
    """
    rows = LeaveRequest.objects.select_related("leave_type").select_for_update(of=("self",))
    request = rows.filter(id=request_id, state__in=OPEN).first()
    if request is None:
        return False
    kind, span = request.leave_type, span_of(request)
    plan = plan_of(request.person_id, span.from_on, span.to_on)
    days = taken_days(plan.days, span, kind.counts)
    before = {(day.on, day.share, day.minutes, day.from_at, day.to_at) for day in request.days.all()}
    is_approved = request.state == LeaveState.APPROVED
    old_days = list(request.days.values_list("person_id", "legal_entity_id", "on"))
    old_amount = request.amount
    write_days(request, days, plan)
    after = {
        (day.on, day.share, day.minutes, day.from_at, day.to_at)
        for day in LeaveDay.objects.filter(request=request)
    }
    if before == after:
        return False
    request.amount = amount_of(days, is_hourly=kind.is_hourly, step=kind.step)
    request.minutes = sum(day.minutes for day in days)
    request.save(update_fields=["amount", "minutes"])
    if is_approved:
        if kind.has_balance:
            give_back(actor, request.id, reason=_("排班变更，重新计算"))
            account = lock_account(request.person_id, request.legal_entity_id, kind)
            taking = take(standing_of(account).lots, costs_of(request, kind))
            write_taking(actor, account, taking, request.id)
        tell({*old_days, *request.days.values_list("person_id", "legal_entity_id", "on")})
    payload = {"before": old_amount, "after": request.amount, "why": "roster"}
    record(actor, f"{SUBJECT}.correct", subject=(SUBJECT, request.id), payload=payload)
    return True


def span_of(request: LeaveRequest) -> LeaveSpan:
    """Return from when to when a request is, as the calculation takes it."""
    return LeaveSpan(
        request.from_on, request.to_on, request.from_half, request.to_half, request.from_minute, request.to_minute
    )  # fmt: skip
