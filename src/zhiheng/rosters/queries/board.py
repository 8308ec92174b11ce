"""The roster board: whose days an actor sees, what is planned there, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.people.public import PersonRef, UnitRef, assignment_frame, org_units, persons_by_id
from zhiheng.rosters.calc.calendar import WORKING
from zhiheng.rosters.calc.conflicts import (
    Conflict,
    Limits,
    PlannedDay,
    conflicts_of,
    minutes_of,
    period_conflict,
    period_of,
)
from zhiheng.rosters.calc.plan import DayTemplate, Plan
from zhiheng.rosters.choices import EntryState, WorkingTimeKind
from zhiheng.rosters.models import RosterEntry, RosterSetting, Shift, WorkingTime
from zhiheng.rosters.policies import READ_ROSTER
from zhiheng.rosters.queries.calendars import calendars_between
from zhiheng.rosters.queries.leave import leave_days
from zhiheng.rosters.queries.plan import planned_days
from zhiheng.rosters.queries.scopes import in_scope

DAY = dt.timedelta(days=1)
MARGIN = dt.timedelta(days=7)
"""So much before and after is looked at too, for conflicts that reach over the edge."""


@dataclass(frozen=True)
class Cell:
    """A person's day on the board; ``None`` as template: not employed, or not the actor's to see."""

    on: dt.date
    template: DayTemplate | None
    is_draft: bool = False
    source: str = ""
    conflicts: tuple[Conflict, ...] = ()
    is_leave: bool = False
    day_type: str = ""


@dataclass(frozen=True)
class Line:
    """A person's row: the cells of the span, and the planned minutes in them."""

    person: PersonRef
    cells: tuple[Cell, ...]
    minutes: int


@dataclass(frozen=True)
class Board:
    """A page of the board."""

    days: tuple[tuple[dt.date, str], ...]
    lines: tuple[Line, ...]
    unpublished: tuple[int, ...]

    @property
    def conflicts(self) -> list[tuple[PersonRef, Conflict]]:
        """Return the conflicts of the page by person and day; of days in a row only the last, which says how many."""
        found = [(line.person, each) for line in self.lines for cell in line.cells for each in cell.conflicts]
        runs = {(person.id, each.on) for person, each in found if each.kind == "long_run"}
        return [
            (person, each)
            for person, each in found
            if each.kind != "long_run" or (person.id, each.on + DAY) not in runs
        ]


def units_for_actor(
    actor: Actor, on: dt.date, permission: Permission = READ_ROSTER
) -> list[tuple[UnitRef, int]]:
    """Return the units whose people the actor may see, in the order of the tree, with their depth."""
    scope = actor.scope(permission)
    units = org_units(on)
    mine = {
        unit.id
        for unit in units
        if scope.has(person_id=None, org_unit_id=unit.id, legal_entity_id=unit.legal_entity_id)
    }
    codes = {unit.id: unit.code for unit in units}
    order = sorted(units, key=lambda unit: [codes.get(each, "") for each in unit.path])
    return [(unit, sum(each in mine for each in unit.path) - 1) for unit in order if unit.id in mine]


def people_for_actor(
    actor: Actor,
    first: dt.date,
    last: dt.date,
    unit_id: UUID | None = None,
    permission: Permission = READ_ROSTER,
) -> list[UUID]:
    """Return who works in a unit or below (``None``: anywhere in scope) on some day of a span, by number."""
    spells = assignment_frame().filter(
        (pl.col("valid_from") <= last) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > first))
    )
    spells = spells.filter(in_scope(actor.scope(permission)))
    if unit_id is not None:
        inside = [str(unit.id) for unit in org_units() if unit_id in unit.path]
        spells = spells.filter(pl.col("org_unit_id").is_in(inside))
    found = spells.sort("employee_number").unique("person_id", keep="first", maintain_order=True)
    return [UUID(each) for each in found["person_id"].to_list()]


def limits_in_force() -> Limits:
    """Return from when the board warns."""
    row = RosterSetting.objects.first()
    return Limits(row.min_rest_minutes, row.max_run_days, row.week_minutes) if row else Limits()


def board_of(actor: Actor, person_ids: Sequence[UUID], first: dt.date, last: dt.date) -> Board:
    """Return the rows of people over a span as they will be when all drafts are published.

    Only days in the actor's scope are shown; conflicts are worked out with what lies around the span.
    """
    begin, end = first - MARGIN - DAY * first.weekday(), last + MARGIN
    found = planned_days(person_ids, begin, end, with_drafts=True)
    drafts = set(
        RosterEntry.objects.filter(
            state=EntryState.DRAFT, on__range=(first, last), person_id__in=person_ids
        ).values_list("person_id", "on")
    )
    seen = set(found.frame.filter(in_scope(actor.scope(READ_ROSTER))).select("person_id", "on").iter_rows())
    people = persons_by_id(person_ids)
    conflicts = conflicts_between(found, person_ids, first, last)
    leave = leave_days(person_ids, first, last, _zone(found))
    rows: dict[tuple[str, dt.date], tuple[int, str, str]] = {
        (person, on): (template, source, kind)
        for person, on, template, source, kind in found.frame.select(
            "person_id", "on", "template", "source", "day_type"
        ).iter_rows()
    }
    calendars = calendars_between(first, last)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    lines = []
    for person_id in person_ids:
        cells = tuple(
            _cell(person_id, on, rows, seen, found.templates, drafts, conflicts, leave) for on in days
        )
        minutes = sum(minutes_of(cell.template.shift) for cell in cells if cell.template)
        lines.append(Line(people[person_id], cells, minutes))
    types = calendars.by_code[calendars.default].types
    return Board(tuple((on, types[on]) for on in days), tuple(lines), calendars.unpublished)


def _zone(found: Plan) -> str:
    return found.frame["zone"][0] if found.frame.height else "UTC"


def _cell(person_id, on, rows, seen, templates, drafts, conflicts, leave) -> Cell:
    key = (str(person_id), on)
    if key not in seen:
        return Cell(on, None)
    template, source, kind = rows[key]
    return Cell(
        on,
        templates[template],
        (person_id, on) in drafts,
        source,
        tuple(conflicts.get(key, ())),
        on in leave.get(str(person_id), ()),
        kind,
    )


def conflicts_between(
    found: Plan, person_ids: Collection[UUID], first: dt.date, last: dt.date
) -> dict[tuple[str, dt.date], list[Conflict]]:
    """Return the conflicts on the days of a span by person and day; ``found`` reaches further on both sides."""
    limits = limits_in_force()
    leave = leave_days(person_ids, first, last, _zone(found))
    by_person: dict[str, list[PlannedDay]] = {}
    for person, on, template in found.frame.select("person_id", "on", "template").iter_rows():
        planned = found.templates[template]
        by_person.setdefault(person, []).append(PlannedDay(on, planned.shift, planned.system))
    conflicts: dict[tuple[str, dt.date], list[Conflict]] = {}
    for person, days in by_person.items():
        for each in conflicts_of(days, limits, leave.get(person, ())):
            if first <= each.on <= last:
                conflicts.setdefault((person, each.on), []).append(each)
    comprehensive = [
        person for person, days in by_person.items() if any(day.system == "comprehensive" for day in days)
    ]
    for key, each in _period_conflicts(comprehensive, first, last):
        conflicts.setdefault(key, []).append(each)
    return conflicts


def _period_conflicts(
    people: Sequence[str], first: dt.date, last: dt.date
) -> list[tuple[tuple[str, dt.date], Conflict]]:
    """Add up whole settlement periods of people under the comprehensive system, as of the span's first day."""
    if not people:
        return []
    kinds = set(
        WorkingTime.objects.filter(kind=WorkingTimeKind.COMPREHENSIVE).values_list("period", flat=True)
    )
    found = []
    for kind in sorted(kinds):
        begin, end = period_of(first, kind)
        planned = planned_days([UUID(each) for each in people], begin, end, with_drafts=True)
        held = _people_with_period(planned, kind)
        by_person: dict[str, list[PlannedDay]] = {}
        standards: dict[str, int] = {}
        columns = planned.frame.select("person_id", "on", "template", "day_type")
        for person, on, template, day_type in columns.iter_rows():
            each = planned.templates[template]
            by_person.setdefault(person, []).append(PlannedDay(on, each.shift, each.system))
            standards[person] = standards.get(person, 0) + (480 if day_type in WORKING else 0)
        for person in held:
            conflict = period_conflict(by_person[person], standards[person])
            if conflict and begin <= conflict.on <= end:
                on = min(max(conflict.on, first), last)
                found.append(((person, on), conflict))
    return found


def _people_with_period(planned: Plan, kind: str) -> list[str]:
    """Return the people whose comprehensive hours are added up over this kind of period."""
    rows = WorkingTime.objects.filter(kind=WorkingTimeKind.COMPREHENSIVE)
    own = {str(row.person_id): row.period for row in rows if row.person_id}
    by_unit = {row.org_unit_id: row.period for row in rows if row.org_unit_id}
    paths = {str(unit.id): unit.path for unit in org_units()}
    found = []
    places = planned.frame.select("person_id", "org_unit_id").unique(maintain_order=True)
    for person, unit in places.iter_rows():
        nearest = next((by_unit[each] for each in reversed(paths.get(unit, ())) if each in by_unit), None)
        if own.get(person, nearest) == kind and person not in found:
            found.append(person)
    return found


def drafts_between(person_ids: Collection[UUID], first: dt.date, last: dt.date) -> int:
    """Count the drafts of people over a span."""
    return RosterEntry.objects.filter(
        state=EntryState.DRAFT, on__range=(first, last), person_id__in=person_ids
    ).count()


def published_last(person_ids: Collection[UUID], first: dt.date, last: dt.date) -> RosterEntry | None:
    """Return what was published last for people over a span: by whom and when."""
    rows = RosterEntry.objects.filter(
        state=EntryState.PUBLISHED, on__range=(first, last), person_id__in=person_ids
    )
    return rows.order_by("-changed_at").first()


def shifts_in_use() -> list[Shift]:
    """Return the shifts that can be planned, by code."""
    return list(Shift.objects.filter(is_active=True).order_by("code"))


def shift_colours() -> dict[UUID, str]:
    """Return the colours of all shifts."""
    return dict(Shift.objects.values_list("id", "colour"))
