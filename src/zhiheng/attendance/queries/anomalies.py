"""What somebody has to look at: each kind with its days, and the things beside days (reviews, devices, the cap)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import Anomaly, DayState
from zhiheng.attendance.models import AttendanceDay, PunchDevice
from zhiheng.attendance.policies import READ_DAY, REVIEW_PUNCH
from zhiheng.attendance.queries.days import PERSON_COLUMNS, days_for_actor
from zhiheng.attendance.queries.months import month_bounds
from zhiheng.attendance.queries.punches import punches_to_review
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.attendance.queries.sync import silent_devices

_SETTLED = ~Q(state=DayState.WAITING)
WHICH = {
    Anomaly.MISSING: _SETTLED & Q(unresolved__gt=0),
    Anomaly.ABSENT: _SETTLED & Q(absent__gt=0),
    Anomaly.ORPHAN: Q(flags__contains=["orphan_punch"]),
    Anomaly.LATE: Q(flags__contains=["late_over_threshold_half_day"])
    | Q(flags__contains=["core_hours_missed"]),
    Anomaly.UNAPPROVED: Q(unapproved__gt=0),
    Anomaly.UNSYNCED: Q(is_unsynced=True),
}
ANY = Q(pk__in=[])
for _condition in WHICH.values():
    ANY |= _condition


@dataclass(frozen=True)
class OverCap:
    """A person whose overtime of a month is above the cap; minutes."""

    person_id: object
    name: str
    number: str
    minutes: int
    over: int


def anomalous_days(actor: Actor, first: dt.date, last: dt.date) -> QuerySet[AttendanceDay]:
    """Return the days in scope that need somebody, between two dates."""
    return days_for_actor(actor).filter(ANY, on__range=(first, last))


def anomaly_counts(actor: Actor, first: dt.date, last: dt.date) -> dict[Anomaly, int]:
    """Return how many days there are of each kind."""
    rows = AttendanceDay.objects.filter(actor.scope(READ_DAY).q(**PERSON_COLUMNS), on__range=(first, last))
    found = rows.aggregate(**{kind.value: Count("id", filter=condition) for kind, condition in WHICH.items()})
    return {kind: found[kind.value] for kind in WHICH}


def anomaly_of(row: AttendanceDay) -> Anomaly:
    """Return the weightiest kind that a day is of."""
    if row.state != DayState.WAITING and row.unresolved:
        return Anomaly.MISSING
    if row.state != DayState.WAITING and row.absent:
        return Anomaly.ABSENT
    if row.unapproved:
        return Anomaly.UNAPPROVED
    if row.is_unsynced:
        return Anomaly.UNSYNCED
    return Anomaly.ORPHAN if "orphan_punch" in row.flags else Anomaly.LATE


def over_cap(actor: Actor, month: dt.date) -> list[OverCap]:
    """Return who is above the overtime cap in a month: it stays payable, and has to be warned of."""
    rules, (first, last) = settlement_rules(), month_bounds(month)
    counted = F("ot_150") + F("ot_200") + (F("ot_300") if rules.is_statutory_capped else 0)
    rows = AttendanceDay.objects.filter(actor.scope(READ_DAY).q(**PERSON_COLUMNS), on__range=(first, last))
    found = (
        rows.order_by()
        .values("person_id", "person__name", "person__employee_number")
        .annotate(minutes=Sum(counted))
        .filter(minutes__gt=rules.cap_hours * 60)
        .order_by("-minutes")
    )
    return [
        OverCap(
            row["person_id"], row["person__name"], row["person__employee_number"], row["minutes"],
            row["minutes"] - rules.cap_hours * 60,
        )
        for row in found
    ]  # fmt: skip


def punches_waiting(actor: Actor) -> int:
    """Return how many punches wait for the actor's decision."""
    return punches_to_review(actor).count() if actor.can(REVIEW_PUNCH) else 0


def devices_to_mind(actor: Actor, now: dt.datetime) -> list[PunchDevice]:
    """Return the devices that have been silent for too long, to those who see everybody's days."""
    if not actor.scope(READ_DAY).is_tenant:
        return []
    return silent_devices(now, dt.timedelta(hours=settlement_rules().silent_hours))
