"""Days of a month: symbols, totals of people, and what stands in the way of closing it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import polars as pl
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.columnar import MINUTES
from zhiheng.attendance.calc.month import count_late, overtime_cap
from zhiheng.attendance.choices import DayState, DaySymbol, MonthState, PunchState, TimeRequestState
from zhiheng.attendance.models import (
    AttendanceAdjustment,
    AttendanceDay,
    AttendanceMonth,
    DayMark,
    Punch,
    SettlementRules,
    TimeRequest,
)  # fmt: skip
from zhiheng.attendance.policies import CLOSE_MONTH, READ_DAY
from zhiheng.attendance.queries.days import PERSON_COLUMNS, days_for_actor
from zhiheng.attendance.queries.punches import with_state
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.rosters.public import planned_days
from zhiheng.tenancy.models import LegalEntity

FIGURES = (*MINUTES, "ot_comp")


@dataclass(frozen=True)
class Totals:
    """A person's month: minutes by name, adjustments of earlier months among them, and what is counted in times."""

    minutes: Mapping[str, int]
    adjusted: Mapping[str, int]
    worked_days: int = 0
    scheduled_days: int = 0
    late_times: int = 0
    late_counted: tuple[int, int] = (0, 0)  # times and minutes after the free ones
    early_times: int = 0
    absent_times: int = 0
    over_cap: int = 0
    open_days: int = 0

    @property
    def overtime(self) -> int:
        """Return the settled overtime of all multiples, in minutes."""
        return self.minutes["ot_150"] + self.minutes["ot_200"] + self.minutes["ot_300"]


@dataclass
class _Sum:
    minutes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIGURES, 0))
    late: list[int] = field(default_factory=list)
    worked_days: int = 0
    scheduled_days: int = 0
    early: int = 0
    absent: int = 0
    open_days: int = 0


def month_bounds(month: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month."""
    first = month.replace(day=1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def month_totals(
    rows: Iterable[AttendanceDay], adjustments: Iterable[AttendanceAdjustment], rules: SettlementRules
) -> dict[UUID, Totals]:
    """Return each person's totals of days in order of date, and of the adjustments that count in the month."""
    sums: dict[UUID, _Sum] = {}
    for row in rows:
        _add(sums.setdefault(row.person_id, _Sum()), row)
    adjusted: dict[UUID, dict[str, int]] = {}
    for each in adjustments:
        mine = adjusted.setdefault(each.person_id, {})
        sums.setdefault(each.person_id, _Sum())
        for name, minutes in each.figures.items():
            mine[name] = mine.get(name, 0) + minutes
    return {person: _totals(each, adjusted.get(person, {}), rules) for person, each in sums.items()}


def _add(into: _Sum, row: AttendanceDay) -> None:
    for name in FIGURES:
        into.minutes[name] += getattr(row, name)
    into.late.append(row.late)
    into.scheduled_days += bool(row.scheduled)
    into.worked_days += bool(row.worked)
    into.early += bool(row.early)
    into.absent += bool(row.absent)
    into.open_days += row.state == DayState.WAITING or bool(row.unresolved)


def _totals(found: _Sum, adjusted: dict[str, int], rules: SettlementRules) -> Totals:
    minutes = {name: value + adjusted.get(name, 0) for name, value in found.minutes.items()}
    late = count_late(found.late, rules.free_late_count, rules.free_late_minutes)
    cap = overtime_cap(
        minutes["ot_150"], minutes["ot_200"], minutes["ot_300"], cap_hours=rules.cap_hours,
        is_300_counted=rules.is_statutory_capped,
    )  # fmt: skip
    return Totals(
        minutes=minutes,
        adjusted=adjusted,
        worked_days=found.worked_days,
        scheduled_days=found.scheduled_days,
        late_times=sum(each > 0 for each in found.late),
        late_counted=(late.count, late.minutes),
        early_times=found.early,
        absent_times=found.absent,
        over_cap=cap.over_minutes,
        open_days=found.open_days,
    )


def symbols_of(row: AttendanceDay) -> tuple[DaySymbol, ...]:
    """Return the symbols of a day, the weightiest first; two at most are shown."""
    if row.state == DayState.WAITING and not row.late:
        return (DaySymbol.WAITING,) if row.scheduled else (DaySymbol.REST,)
    found = [
        symbol
        for symbol, is_there in (
            (DaySymbol.ABSENT, row.absent),
            (DaySymbol.UNRESOLVED, row.unresolved and row.state != DayState.WAITING),
            (DaySymbol.LATE, row.late),
            (DaySymbol.EARLY, row.early),
            (DaySymbol.LEAVE, row.leave),
            (DaySymbol.TRIP, row.outing and row.outing == row.scheduled),
        )
        if is_there
    ]
    if not found:
        found.append(DaySymbol.WORKED if row.worked else DaySymbol.REST)
    if row.ot_150 or row.ot_200 or row.ot_300:
        found.append(DaySymbol.OVERTIME)
    return tuple(found)


def adjustments_for_actor(actor: Actor, month: dt.date) -> QuerySet[AttendanceAdjustment]:
    """Return the adjustments that count in a month."""
    scope = actor.scope(READ_DAY).q(**PERSON_COLUMNS)
    return AttendanceAdjustment.objects.filter(scope, month=month).select_related("person__org_unit")


def totals_for_actor(actor: Actor, month: dt.date, person_id: UUID | None = None) -> dict[UUID, Totals]:
    """Return the totals of a month of everybody in scope, or of one of them."""
    rows, adjusted = (
        days_for_actor(actor).filter(on__range=month_bounds(month)),
        adjustments_for_actor(actor, month),
    )
    if person_id is not None:
        rows, adjusted = rows.filter(person_id=person_id), adjusted.filter(person_id=person_id)
    return month_totals(rows.order_by("on"), adjusted, settlement_rules())


# --- Closing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """A point of the checklist: how many are open, and whether they keep the month from being locked."""

    code: str
    count: int
    is_blocking: bool = False

    @property
    def is_done(self) -> bool:
        return not self.count


@dataclass(frozen=True)
class MonthCard:
    """A subsidiary's month as the closing page shows it."""

    legal_entity: LegalEntity
    month: dt.date
    row: AttendanceMonth | None
    days: int

    @property
    def is_locked(self) -> bool:
        return self.row is not None and self.row.state == MonthState.LOCKED


def month_cards(actor: Actor, month: dt.date) -> list[MonthCard]:
    """Return the month of each subsidiary that the actor can close."""
    actor.scope(CLOSE_MONTH)
    first, last = month_bounds(month)
    entities = _entities(actor)
    rows = {row.legal_entity_id: row for row in AttendanceMonth.objects.filter(month=first)}
    counts = dict(
        AttendanceDay.objects.filter(on__range=(first, last))
        .order_by()
        .values("legal_entity_id")
        .annotate(n=Count("id"))
        .values_list("legal_entity_id", "n")
    )
    return [MonthCard(each, first, rows.get(each.id), counts.get(each.id, 0)) for each in entities]


def _entities(actor: Actor) -> list[LegalEntity]:
    rows = LegalEntity.objects.filter(is_active=True)
    if actor.legal_entity_ids is not None:
        rows = rows.filter(id__in=actor.legal_entity_ids)
    return list(rows)


def entity_for_actor(actor: Actor, legal_entity_id: UUID) -> LegalEntity:
    """Return a subsidiary whose months the actor can close; else 404."""
    actor.scope(CLOSE_MONTH)
    found = next((each for each in _entities(actor) if each.id == legal_entity_id), None)
    if found is None:
        raise Http404
    return found


def checklist(legal_entity_id: UUID, month: dt.date, now: dt.datetime) -> list[Check]:
    """Return what is still open about a subsidiary's month; counted afresh each time."""
    first, last = month_bounds(month)
    days = AttendanceDay.objects.filter(legal_entity_id=legal_entity_id, on__range=(first, last))
    counts = days.aggregate(
        waiting=Count("id", filter=Q(state=DayState.WAITING)),
        unsynced=Count("id", filter=Q(is_unsynced=True)),
        unresolved=Count("id", filter=Q(unresolved__gt=0) & ~Q(state=DayState.WAITING)),
        orphans=Count("id", filter=Q(flags__contains=["orphan_punch"])),
        unapproved=Count("id", filter=Q(unapproved__gt=0)),
    )
    window = Q(
        punched_at__gte=dt.datetime.combine(first, dt.time(), dt.UTC),
        punched_at__lt=dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC),
    )
    punches = Punch.objects.filter(window, legal_entity_id=legal_entity_id, is_pending=True)
    pending = with_state(punches).filter(state=PunchState.PENDING).count()
    requests = TimeRequest.objects.filter(
        legal_entity_id=legal_entity_id, state__in=(TimeRequestState.PENDING, TimeRequestState.ASKED),
        from_on__lte=last, to_on__gte=first,
    ).count()  # fmt: skip
    marks = DayMark.objects.filter(legal_entity_id=legal_entity_id, on__range=(first, last)).count()
    return [
        Check("ended", int(last >= now.date()), is_blocking=True),
        Check("marks", marks, is_blocking=True),
        Check("waiting", counts["waiting"], is_blocking=True),
        Check("missing", missing_days(legal_entity_id, month, now)),
        Check("unsynced", counts["unsynced"]),
        Check("reviews", pending),
        Check("requests", requests),
        Check("unresolved", counts["unresolved"]),
        Check("orphans", counts["orphans"]),
        Check("unapproved", counts["unapproved"]),
    ]


def missing_days(legal_entity_id: UUID, month: dt.date, now: dt.datetime) -> int:
    """Count the days of people of a subsidiary that have no row: they were never settled."""
    first, last = month_bounds(month)
    last = min(last, now.date())
    if last < first:
        return 0
    rows = AttendanceDay.objects.filter(legal_entity_id=legal_entity_id, on__range=(first, last))
    known = set(rows.values_list("person_id", "on"))
    return sum((person, on) not in known for person, _entity, on in planned_of(legal_entity_id, first, last))


def planned_of(legal_entity_id: UUID, first: dt.date, last: dt.date) -> list[tuple[UUID, UUID, dt.date]]:
    """Return all days of people of a subsidiary between two dates, as marks name them."""
    frame = planned_days(None, first, last).frame.filter(pl.col("legal_entity_id") == str(legal_entity_id))
    rows = frame.select("person_id", "on").iter_rows()
    return [(UUID(person), legal_entity_id, on) for person, on in rows]


def month_digest(legal_entity_id: UUID, month: dt.date) -> tuple[str, int]:
    """Return the fingerprint of all days of a subsidiary's month, and how many they are."""
    first, last = month_bounds(month)
    rows = AttendanceDay.objects.filter(legal_entity_id=legal_entity_id, on__range=(first, last))
    found, count = hashlib.sha256(), 0
    for values in (
        rows.order_by("person_id", "on").values_list("person_id", "on", "digest", *FIGURES).iterator()
    ):
        found.update(repr(values).encode())
        count += 1
    return found.hexdigest(), count
