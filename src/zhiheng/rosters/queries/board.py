"""The roster board: whose days an actor sees, what is planned there, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.people.public import PersonRef, UnitRef, assignment_frame, org_units, persons_by_id
from zhiheng.rosters.calc.calendar import WORKING, unpublished_years
from zhiheng.rosters.calc.conflicts import (
    Conflict,
    Limits,
    PlannedDay,
    conflicts_of,
    minutes_of,
    period_of,
)
from zhiheng.rosters.calc.plan import DayTemplate, Plan, plan
from zhiheng.rosters.choices import ConflictKind, EntryState, WorkingTimeKind
from zhiheng.rosters.models import RosterEntry, RosterSetting, Shift, WorkingTime
from zhiheng.rosters.policies import READ_ROSTER
from zhiheng.rosters.queries.leave import leave_days
from zhiheng.rosters.queries.plan import plan_data
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
    data = plan_data(person_ids, *_around(first, last), with_drafts=True)
    found = plan(data)
    drafts = set(
        RosterEntry.objects.filter(
            state=EntryState.DRAFT, on__range=(first, last), person_id__in=person_ids
        ).values_list("person_id", "on")
    )
    calendar = data.calendars[data.default_calendar]
    leave = leave_days(person_ids, first, last, calendar.zone)
    shown = _Shown(actor, found, drafts, _conflicts(found, leave, first, last), leave)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    people = persons_by_id(person_ids)
    lines = tuple(shown.line(people[each], days) for each in person_ids)
    return Board(tuple((on, calendar.types[on]) for on in days), lines, unpublished_years(first, last))


def _around(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """Return the days that conflicts of a span depend on: a week on both sides, and whole settlement periods."""
    kinds = WorkingTime.objects.filter(kind=WorkingTimeKind.COMPREHENSIVE).values_list("period", flat=True)
    spans = [period_of(first, kind) for kind in kinds.distinct()]
    begin = min([first - MARGIN - DAY * first.weekday(), *(span[0] for span in spans)])
    return begin, max([last + MARGIN, *(span[1] for span in spans)])


def _conflicts(
    found: Plan, leave: Mapping[str, Collection[dt.date]], first: dt.date, last: dt.date
) -> dict[tuple[str, dt.date], list[Conflict]]:
    """Return the conflicts by person and day; those of a settlement period stand on a day of the span."""
    limits = limits_in_force()
    by_person: dict[str, list[PlannedDay]] = {}
    for person, on, template, kind in found.frame.select(
        "person_id", "on", "template", "day_type"
    ).iter_rows():
        each = found.templates[template]
        day = PlannedDay(on, each.shift, each.system, each.period, kind in WORKING)
        by_person.setdefault(person, []).append(day)
    conflicts: dict[tuple[str, dt.date], list[Conflict]] = {}
    for person, days in by_person.items():
        for each in conflicts_of(days, limits, leave.get(person, ()), first):
            on = min(max(each.on, first), last) if each.kind == ConflictKind.PERIOD_HOURS else each.on
            if first <= on <= last:
                conflicts.setdefault((person, on), []).append(each)
    return conflicts


class _Shown:
    """What is drawn of a plan: the days in an actor's scope."""

    def __init__(
        self,
        actor: Actor,
        found: Plan,
        drafts: set[tuple[UUID, dt.date]],
        conflicts: Mapping[tuple[str, dt.date], Sequence[Conflict]],
        leave: Mapping[str, Collection[dt.date]],
    ) -> None:
        seen = found.frame.filter(in_scope(actor.scope(READ_ROSTER)))
        columns = seen.select("person_id", "on", "template", "source", "day_type")
        self.rows = {(person, on): rest for person, on, *rest in columns.iter_rows()}
        self.templates, self.drafts, self.conflicts, self.leave = found.templates, drafts, conflicts, leave

    def line(self, person: PersonRef, days: Sequence[dt.date]) -> Line:
        """Return a person's row."""
        cells = tuple(self.cell(person.id, on) for on in days)
        return Line(person, cells, sum(minutes_of(cell.template.shift) for cell in cells if cell.template))

    def cell(self, person_id: UUID, on: dt.date) -> Cell:
        """Return a day of a person."""
        key = (str(person_id), on)
        if key not in self.rows:
            return Cell(on, None)
        template, source, kind = self.rows[key]
        return Cell(
            on, self.templates[template], (person_id, on) in self.drafts, source, tuple(self.conflicts.get(key, ())),
            on in self.leave.get(key[0], ()), kind,
        )  # fmt: skip


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


def all_shifts() -> list[Shift]:
    """Return all shifts by code, those out of use too."""
    return list(Shift.objects.order_by("code"))


def shifts_in_use() -> list[Shift]:
    """Return the shifts that can be planned, by code."""
    return [shift for shift in all_shifts() if shift.is_active]


def shift_colours() -> dict[UUID, str]:
    """Return the colours of all shifts."""
    return {shift.id: shift.colour for shift in all_shifts()}
