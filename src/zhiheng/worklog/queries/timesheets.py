"""Weeks of hours: one person's as a grid, everybody's for the head."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum

from zhiheng.access.actor import Actor
from zhiheng.people.public import PersonRef
from zhiheng.worklog.calc.weeks import days_of_week, hours_text
from zhiheng.worklog.choices import PresenceBasis, WeekState
from zhiheng.worklog.models import ProjectActivity, TimesheetEntry, TimesheetWeek
from zhiheng.worklog.policies import READ_ENTRY
from zhiheng.worklog.queries.presence import present_minutes
from zhiheng.worklog.queries.projects import activities_to_log
from zhiheng.worklog.queries.scopes import rows_of_people

PRESENCE_KNOWN = (PresenceBasis.SETTLED.value, PresenceBasis.PUNCHED.value)


@dataclass(frozen=True)
class Cell:
    """A day of an activity; ``name`` is that of its input."""

    on: dt.date
    name: str
    minutes: int

    @property
    def text(self) -> str:
        """Return the hours as they are typed."""
        return hours_text(self.minutes)


@dataclass(frozen=True)
class Line:
    """An activity's week."""

    activity: ProjectActivity
    cells: tuple[Cell, ...]

    @property
    def total(self) -> str:
        """Return the week's hours."""
        return hours_text(sum(each.minutes for each in self.cells))


@dataclass(frozen=True)
class DayTotal:
    """A day's hours against the time present, ``None`` where that is not known."""

    on: dt.date
    minutes: int
    present: int | None

    @property
    def text(self) -> str:
        """Return the hours logged."""
        return hours_text(self.minutes)

    @property
    def present_text(self) -> str:
        """Return the hours present."""
        return hours_text(self.present or 0)

    @property
    def is_over(self) -> bool:
        """Tell whether more was logged than somebody was present."""
        return self.present is not None and self.minutes > self.present


@dataclass(frozen=True)
class Week:
    """A person's week as a grid."""

    person: PersonRef
    monday: dt.date
    state: str
    reason: str
    lines: tuple[Line, ...]
    days: tuple[DayTotal, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether hours may still be typed."""
        return self.state == WeekState.OPEN

    @property
    def state_label(self) -> str:
        """Return the state in the reader's language."""
        return str(WeekState(self.state).label)

    @property
    def total(self) -> str:
        """Return all hours of the week."""
        return hours_text(sum(each.minutes for each in self.days))

    @property
    def minutes(self) -> int:
        """Return all minutes of the week."""
        return sum(each.minutes for each in self.days)


def cell_name(activity_id: UUID, on: dt.date) -> str:
    """Return the name of a cell's input."""
    return f"h-{activity_id}-{on:%Y%m%d}"


def week_of(person: PersonRef, monday: dt.date) -> Week:
    """Return a week of somebody the actor may already see."""
    days = days_of_week(monday)
    entries = TimesheetEntry.objects.filter(person_id=person.id, on__in=days)
    logged = {(each.activity_id, each.on): each.minutes for each in entries}
    lines = tuple(
        Line(
            activity,
            tuple(Cell(on, cell_name(activity.id, on), logged.get((activity.id, on), 0)) for on in days),
        )
        for activity in _activities(person, {activity for activity, _on in logged})
    )
    present = present_minutes([person.id], days[0], days[-1])
    totals = tuple(
        _day_total(on, lines, index, present.get((person.id, on))) for index, on in enumerate(days)
    )
    state = TimesheetWeek.objects.filter(person_id=person.id, starts_on=monday).first()
    return Week(
        person, monday, state.state if state else WeekState.OPEN.value, state.reason if state else "",
        lines, totals,
    )  # fmt: skip


def _activities(person: PersonRef, logged: set[UUID]) -> Sequence[ProjectActivity]:
    """Return what may be logged on, and what was even if it no longer may."""
    found = activities_to_log(person)
    missing = logged - {each.id for each in found}
    if missing:
        found += ProjectActivity.objects.filter(id__in=missing).select_related("project")
    return found


def _day_total(on: dt.date, lines: tuple[Line, ...], index: int, present: tuple[int, str] | None) -> DayTotal:
    is_known = present is not None and present[1] in PRESENCE_KNOWN
    return DayTotal(
        on, sum(line.cells[index].minutes for line in lines), present[0] if present and is_known else None
    )


def weeks_for_actor(actor: Actor, monday: dt.date) -> list[dict[str, object]]:
    """Return everybody in scope who logged or submitted something in a week, with the state, by unit and number."""
    scope = rows_of_people(actor, READ_ENTRY)
    names = ("person_id", "person__name", "person__employee_number", "person__org_unit__name")
    until = monday + dt.timedelta(days=6)
    logged = TimesheetEntry.objects.filter(scope, on__gte=monday, on__lte=until)
    rows = {row["person_id"]: row for row in logged.values(*names).annotate(minutes=Sum("minutes"))}
    for row in TimesheetWeek.objects.filter(scope, starts_on=monday).values(*names, "state", "submitted_at"):
        rows[row["person_id"]] = {"minutes": 0, **rows.get(row["person_id"], {}), **row}
    found = [{"state": WeekState.OPEN.value, "submitted_at": None, **row} for row in rows.values()]
    return sorted(
        found, key=lambda row: (row["person__org_unit__name"] or "", row["person__employee_number"])
    )


def entries_for_actor(actor: Actor) -> QuerySet[TimesheetEntry]:
    """Return the hours of people in scope."""
    rows = TimesheetEntry.objects.filter(rows_of_people(actor, READ_ENTRY))
    return rows.select_related("person__org_unit", "activity__project")
