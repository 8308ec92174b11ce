"""Person-days of the work log: what went into them, and where their time went."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from zhiheng.worklog.calc.effective import DayTime, Spent, day_time
from zhiheng.worklog.choices import BuiltinCategory, PresenceBasis, VisitState
from zhiheng.worklog.models import TimesheetEntry, Visit, WorkEntry
from zhiheng.worklog.queries.categories import CategoryInfo, categories, effective_codes
from zhiheng.worklog.queries.presence import minute_of, present_minutes

Key = tuple[UUID, dt.date]


@dataclass(frozen=True)
class WorkDay:
    """A person's day: where the time went, from which rows (``visit:<id>`` and so on), and how presence is known."""

    person_id: UUID
    on: dt.date
    time: DayTime
    sources: tuple[str, ...] = ()
    visits: int = 0
    basis: str = PresenceBasis.NONE.value


@dataclass
class _Rows:
    spent: list[Spent] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    visits: int = 0

    def add(self, kind: str, row_id: UUID, spent: Spent) -> None:
        self.spent.append(spent)
        self.sources.append(f"{kind}:{row_id}")


def work_days(
    person_ids: Collection[UUID] | None,
    first: dt.date,
    last: dt.date,
    known: Mapping[str, CategoryInfo] | None = None,
) -> list[WorkDay]:
    """Return the days with anything logged or anybody present, by person and day. Checks no permission."""
    counted = effective_codes(dict(known) if known is not None else categories())
    rows = _rows(person_ids, first, last)
    present = present_minutes(person_ids, first, last)
    return [
        _work_day(key, rows.get(key, _Rows()), present.get(key), counted)
        for key in sorted({*rows, *present}, key=lambda each: (str(each[0]), each[1]))
    ]


def _work_day(key: Key, rows: _Rows, present: tuple[int, str] | None, counted: frozenset[str]) -> WorkDay:
    minutes, basis = present or (None, PresenceBasis.NONE.value)
    time = day_time(rows.spent, present=minutes, effective_categories=counted)
    return WorkDay(*key, time, tuple(rows.sources), rows.visits, basis)


def _rows(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> dict[Key, _Rows]:
    found: dict[Key, _Rows] = defaultdict(_Rows)
    narrowed = {"on__gte": first, "on__lte": last}
    if person_ids is not None:
        narrowed["person_id__in"] = list(person_ids)
    _add_visits(found, narrowed)
    _add_entries(found, narrowed)
    _add_timesheets(found, narrowed)
    return found


def _add_visits(found: dict[Key, _Rows], narrowed: dict[str, object]) -> None:
    visits = Visit.objects.filter(**narrowed, state=VisitState.DONE).order_by("started_at")
    for row_id, person, on, start, end in visits.values_list(
        "id", "person_id", "on", "started_at", "ended_at"
    ):
        day = found[person, on]
        spent = Spent(
            BuiltinCategory.VISIT.value, start=minute_of(start), end=minute_of(end), is_evidence=True
        )
        day.add("visit", row_id, spent)
        day.visits += 1


def _add_entries(found: dict[Key, _Rows], narrowed: dict[str, object]) -> None:
    names = ("id", "person_id", "on", "category", "started_at", "ended_at", "minutes")
    for row_id, person, on, category, start, end, minutes in (
        WorkEntry.objects.filter(**narrowed).order_by("started_at", "id").values_list(*names)
    ):
        spent = (
            Spent(category, start=minute_of(start), end=minute_of(end)) if start else Spent(category, minutes)
        )
        found[person, on].add("entry", row_id, spent)


def _add_timesheets(found: dict[Key, _Rows], narrowed: dict[str, object]) -> None:
    rows = TimesheetEntry.objects.filter(**narrowed).order_by("id")
    for row_id, person, on, minutes in rows.values_list("id", "person_id", "on", "minutes"):
        found[person, on].add("timesheet", row_id, Spent(BuiltinCategory.PROJECT.value, minutes))


def days_by_person(days: Iterable[WorkDay]) -> dict[UUID, list[WorkDay]]:
    """Return the days of each person."""
    found: dict[UUID, list[WorkDay]] = defaultdict(list)
    for each in days:
        found[each.person_id].append(each)
    return dict(found)
