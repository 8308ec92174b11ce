"""Time off for overtime: credited once the day is judged, replaced when it changes, never for statutory days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.month import add_months
from zhiheng.attendance.choices import Compensation, DayState, RequestKind, TimeRequestState
from zhiheng.attendance.models import AttendanceDay, TimeRequest
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.leave.public import credit_comp_time


def credit_settled_overtime(*, actor: Actor, days: Collection[tuple[UUID, dt.date]]) -> int:
    """Credit the settled overtime of these days that was asked for as time off; return how many minutes.

    Requests of a day share its settled minutes in the order of their times; each is credited under its own id, so that
    a changed day replaces what it credited before. A day that waits credits nothing yet.
    """
    if not days:
        return 0
    requests = TimeRequest.objects.filter(
        kind=RequestKind.OVERTIME, compensation=Compensation.TIME_OFF,
        person_id__in={person for person, _on in days}, from_on__in={on for _person, on in days},
    ).exclude(state__in=(TimeRequestState.PENDING, TimeRequestState.ASKED))  # fmt: skip
    by_day: dict[tuple[UUID, dt.date], list[TimeRequest]] = {}
    for request in requests.order_by("from_at", "created_at"):
        by_day.setdefault((request.person_id, request.from_on), []).append(request)
    wanted = by_day.keys() & set(days)
    if not wanted:
        return 0
    rows = AttendanceDay.objects.filter(
        state=DayState.JUDGED, person_id__in={person for person, _on in wanted},
        on__in={on for _person, on in wanted},
    )  # fmt: skip
    months, credited = settlement_rules().comp_months, 0
    for row in rows:
        if (row.person_id, row.on) in wanted:
            credited += _credit(actor, row, by_day[row.person_id, row.on], months)
    return credited


def _credit(actor: Actor, row: AttendanceDay, requests: list[TimeRequest], months: int) -> int:
    left = row.ot_150 + row.ot_200
    total = 0
    for request in requests:
        minutes = 0
        if request.state == TimeRequestState.APPROVED:
            minutes = min(left, request.minutes)
        left -= minutes
        total += minutes
        credit_comp_time(
            actor=actor, person_id=row.person_id, on=row.on, minutes=minutes,
            expires_on=add_months(row.on, months), source_id=request.id,
        )  # fmt: skip
    if total != row.ot_comp:
        AttendanceDay.objects.filter(id=row.id).update(ot_comp=total)
    return total
