"""Who works what on which day: roster entries, assignments, rotations and calendars put together, for everybody.

The strongest word counts: the roster entry of the day, then the assignment of the person, then that of the nearest org
unit upwards, then the default week (9:00 to 18:00 on the calendar's workdays). `plan` works on whole columns;
``tests/rosters/reference.py`` says the same day by day in plain words, and a test holds both equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import polars as pl

from zhiheng.rosters.calc.calendar import WORKING
from zhiheng.rosters.calc.shift import Policy, Shift

DEFAULT_SHIFT = Shift(segments=((540, 720), (780, 1080)))
"""9:00 to 12:00 and 13:00 to 18:00."""
REST = -1
DEFAULT = -2
HOLIDAYS = ("SWAP_OFF", "SUBSTITUTE_OFF", "STATUTORY_HOLIDAY")


@dataclass(frozen=True)
class DayTemplate:
    """What a planned day looks like; a rest day has a shift without times and the rules of the person's usual shift.

    ``shift_id`` is ``None`` on rest days and on the default week. ``system``: standard, comprehensive or irregular;
    ``period``: over what the comprehensive one adds hours up (week, month, quarter, year).
    """

    shift: Shift
    policy: Policy
    shift_id: UUID | None
    code: str
    name: str
    system: str = "standard"
    period: str = ""

    @property
    def is_rest(self) -> bool:
        """Tell whether there is nothing to work."""
        return self.shift == Shift()


@dataclass(frozen=True)
class Plan:
    """Planned person-days.

    ``frame``: person_id, on, template (index into ``templates``), day_type, next_day_type, zone, legal_entity_id,
    org_unit_id, source (entry, person, unit or default); one row a person and day, by person and day.
    """

    frame: pl.DataFrame
    templates: tuple[DayTemplate, ...]


@dataclass(frozen=True)
class Held:
    """Something that holds of a person or org unit (``subject``) over days; ``valid_to`` is the day after the last."""

    subject: str
    is_person: bool
    valid_from: dt.date
    valid_to: dt.date | None = None


@dataclass(frozen=True)
class Rule(Held):
    """An assignment: a shift, or a rotation that begins its cycle on ``anchor_on``."""

    shift_id: str | None = None
    rotation_id: str | None = None
    follows_calendar: bool = True
    anchor_on: dt.date | None = None


@dataclass(frozen=True)
class System(Held):
    """A working-time system; ``period``: over what the comprehensive one adds hours up."""

    kind: str = "standard"
    period: str = ""


STANDARD = System("", False, dt.date.min)


@dataclass(frozen=True)
class Rotation:
    """Shift ids of a cycle's days, ``None`` for rest."""

    slots: tuple[str | None, ...]
    follows_calendar: bool = False

    def work(self, day: int) -> str | None:
        """Return the shift of the nearest worked day of the cycle, at or before ``day``."""
        turned = [self.slots[(day - back) % len(self.slots)] for back in range(len(self.slots))]
        return next(filter(None, turned), None)


@dataclass(frozen=True)
class Version:
    """The times of a shift from a date on."""

    valid_from: dt.date
    shift: Shift
    rule_set_id: str | None = None


@dataclass(frozen=True)
class ShiftInfo:
    """A shift with its versions, oldest first; days before the first one have the first."""

    id: str
    code: str
    name: str
    versions: tuple[Version, ...]

    def on(self, day: dt.date) -> Version:
        """Return the version of a day."""
        return next((each for each in reversed(self.versions) if each.valid_from <= day), self.versions[0])


@dataclass(frozen=True)
class RuleSetInfo:
    """A rule set's versions (date, policy), oldest first."""

    versions: tuple[tuple[dt.date, Policy], ...]

    def on(self, day: dt.date) -> Policy:
        """Return the rules of a day; before the first version the first."""
        return next((rules for since, rules in reversed(self.versions) if since <= day), self.versions[0][1])


@dataclass(frozen=True)
class CalendarInfo:
    """Day types of the span, and of the day after it; ``zone`` of the people who work by the calendar."""

    types: Mapping[dt.date, str]
    zone: str


@dataclass(frozen=True)
class PlanData:
    """All that a plan rests on.

    ``spells``: person_id, legal_entity_id, org_unit_id, valid_from, valid_to. ``entries``: person_id, on, shift_id
    (null: rest), is_removed. ``paths``: ids from the root down to each org unit. ``calendar_of``: calendar by org unit
    or legal entity.
    """

    first: dt.date
    last: dt.date
    spells: pl.DataFrame
    entries: pl.DataFrame
    paths: Mapping[str, Sequence[str]]
    calendars: Mapping[str, CalendarInfo]
    default_calendar: str
    calendar_of: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    systems: Sequence[System] = ()
    shifts: Mapping[str, ShiftInfo] = field(default_factory=dict)
    rotations: Mapping[str, Rotation] = field(default_factory=dict)
    rule_sets: Mapping[str, RuleSetInfo] = field(default_factory=dict)
    default_rule_set: str | None = None
    default_name: str = ""
    rest_name: str = ""


def plan(data: PlanData) -> Plan:
    """Return what everybody works on each day they are employed."""
    shifts = _Shifts(data)
    days = _with_rules(_with_calendar(_person_days(data), data), data, shifts)
    days = _with_entries(days, data, shifts).with_columns(shift=_shift_of_day())
    return _with_templates(_with_held(days, data, data.systems, "system"), shifts)


class _Shifts:
    """Shifts by number, so that columns hold small integers."""

    def __init__(self, data: PlanData) -> None:
        self.data = data
        self.ids = list(data.shifts)
        self.numbers = {each: number for number, each in enumerate(self.ids)}

    def number(self, shift_id: str | None) -> int:
        """Return the number of a shift, `REST` for none."""
        return self.numbers[shift_id] if shift_id else REST

    def base(self, rule: Rule) -> int:
        """Return the shift whose rules hold on an assignment's rest days."""
        if rule.rotation_id is None:
            return self.number(rule.shift_id)
        return self.number(next(filter(None, self.data.rotations[rule.rotation_id].slots), None))

    def template(self, number: int, base: int, on: dt.date, system: int | None) -> DayTemplate:
        """Return the template of a day with this shift; ``base`` gives the rules of a rest day."""
        ruled = base if number == REST else number
        version = self.data.shifts[self.ids[ruled]].on(on) if ruled >= 0 else None
        chosen = (version.rule_set_id if version else None) or self.data.default_rule_set
        policy = self.data.rule_sets[chosen].on(on) if chosen else Policy()
        held = STANDARD if system is None else self.data.systems[system]
        time = (held.kind, held.period)
        if number == REST:
            return DayTemplate(Shift(), policy, None, "", self.data.rest_name, *time)
        if version is None:
            return DayTemplate(DEFAULT_SHIFT, policy, None, "", self.data.default_name, *time)
        info = self.data.shifts[self.ids[number]]
        return DayTemplate(version.shift, policy, UUID(info.id), info.code, info.name, *time)


def _person_days(data: PlanData) -> pl.DataFrame:
    """Return one row for each employed person and day; of two employments on a day the older one counts."""
    day = dt.timedelta(days=1)
    begin = pl.max_horizontal(pl.col("valid_from"), pl.lit(data.first))
    end = pl.min_horizontal(
        pl.col("valid_to").fill_null(data.last + day) - pl.duration(days=1), pl.lit(data.last)
    )
    spells = data.spells.with_columns(_begin=begin, _end=end).filter(pl.col("_begin") <= pl.col("_end"))
    days = spells.with_columns(on=pl.date_ranges("_begin", "_end")).sort("valid_from", "legal_entity_id")
    columns = ("person_id", "on", "legal_entity_id", "org_unit_id")
    return (
        days.explode("on", empty_as_null=True)
        .select(columns)
        .unique(["person_id", "on"], keep="first", maintain_order=True)
    )


def _with_calendar(days: pl.DataFrame, data: PlanData) -> pl.DataFrame:
    """Add day_type, next_day_type and zone by the calendar of the nearest unit, the subsidiary, or the default one."""
    places = days.select("org_unit_id", "legal_entity_id").unique()
    chosen = [_calendar_of(unit, entity, data) for unit, entity in places.iter_rows()]
    rows = [
        (code, on, kind, calendar.types[on + dt.timedelta(days=1)], calendar.zone)
        for code, calendar in data.calendars.items()
        for on, kind in calendar.types.items()
        if on <= data.last
    ]
    schema = {
        "_calendar": pl.String, "on": pl.Date, "day_type": pl.String, "next_day_type": pl.String, "zone": pl.String,
    }  # fmt: skip
    types = pl.DataFrame(rows, schema=schema, orient="row")
    places = places.with_columns(pl.Series("_calendar", chosen, pl.String))
    found = days.join(places, on=["org_unit_id", "legal_entity_id"], how="left", maintain_order="left")
    return found.join(types, on=["_calendar", "on"], how="left", maintain_order="left").drop("_calendar")


def _calendar_of(unit: str, entity: str, data: PlanData) -> str:
    places = [*reversed(data.paths.get(unit, ())), entity]
    return next(
        (data.calendar_of[each] for each in places if each in data.calendar_of), data.default_calendar
    )


def _with_held(days: pl.DataFrame, data: PlanData, held: Sequence[Held], name: str) -> pl.DataFrame:
    """Add the index of what holds of each person-day: the person's own, else the nearest unit's, else null.

    ``NAME_is_own`` tells whether it is the person's own.
    """
    mine = [(index, each.subject, 0) for index, each in enumerate(held) if each.is_person]
    by_unit = _indexes_by_unit(held)
    above = [
        (index, unit, depth)
        for unit in (days["org_unit_id"].unique().to_list() if by_unit else ())
        for depth, subject in enumerate(reversed(data.paths.get(unit, ())))
        for index in by_unit.get(subject, ())
    ]
    days = _with_nearest(days, mine, held, "person_id", "_own")
    days = _with_nearest(days, above, held, "org_unit_id", "_unit")
    return days.with_columns(
        pl.coalesce("_own", "_unit").alias(name), pl.col("_own").is_not_null().alias(f"{name}_is_own")
    ).drop("_own", "_unit")


def _indexes_by_unit(held: Sequence[Held]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, each in enumerate(held):
        if not each.is_person:
            found.setdefault(each.subject, []).append(index)
    return found


def _with_nearest(
    days: pl.DataFrame, spans: Sequence[tuple[int, str, int]], held: Sequence[Held], key: str, name: str
) -> pl.DataFrame:
    """Add the index of the nearest of the spans (index, subject, depth) that hold on each day, null for none."""
    if not spans:
        return days.with_columns(pl.lit(None, pl.Int32).alias(name))
    rows = [
        (index, subject, depth, held[index].valid_from, held[index].valid_to)
        for index, subject, depth in spans
    ]
    schema = {
        "_index": pl.Int32, "_subject": pl.String, "_depth": pl.Int32, "_from": pl.Date, "_to": pl.Date,
    }  # fmt: skip
    dates = pl.DataFrame(rows, schema=schema, orient="row")
    found = days.select(key, "on").unique().join(dates, left_on=key, right_on="_subject")
    holds = (pl.col("_from") <= pl.col("on")) & (pl.col("_to").is_null() | (pl.col("on") < pl.col("_to")))
    nearest = found.filter(holds).sort("_depth", "_index").unique([key, "on"], keep="first")
    nearest = nearest.select(key, "on", pl.col("_index").alias(name))
    return days.join(nearest, on=[key, "on"], how="left", maintain_order="left")


def _with_rules(days: pl.DataFrame, data: PlanData, shifts: _Shifts) -> pl.DataFrame:
    """Add what the assignments say: rule_shift (or slot and work of the rotation), follows, base."""
    rotations = {each: number for number, each in enumerate(data.rotations)}
    rules = pl.DataFrame(
        [
            (
                index, shifts.number(rule.shift_id), rotations.get(rule.rotation_id or ""), rule.follows_calendar,
                rule.anchor_on, shifts.base(rule),
            )
            for index, rule in enumerate(data.rules)
        ],
        schema={
            "rule": pl.Int32, "rule_shift": pl.Int32, "_rotation": pl.Int32, "follows": pl.Boolean,
            "_anchor": pl.Date, "base": pl.Int32,
        },
        orient="row",
    )  # fmt: skip
    slots = pl.DataFrame(
        [
            (number, day, shifts.number(slot), shifts.number(rotation.work(day)), len(rotation.slots),
             rotation.follows_calendar)
            for number, rotation in enumerate(data.rotations.values())
            for day, slot in enumerate(rotation.slots)
        ],
        schema={
            "_rotation": pl.Int32, "_day": pl.Int32, "slot": pl.Int32, "work": pl.Int32, "_length": pl.Int32,
            "turns_by_calendar": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip
    lengths = slots.group_by("_rotation").agg(pl.col("_length").first())
    days = _with_held(days, data, data.rules, "rule").join(
        rules, on="rule", how="left", maintain_order="left"
    )
    days = days.join(lengths, on="_rotation", how="left", maintain_order="left").with_columns(
        _day=((pl.col("on") - pl.col("_anchor")).dt.total_days() % pl.col("_length")).cast(pl.Int32)
    )
    return days.join(
        slots.drop("_length"), on=["_rotation", "_day"], how="left", maintain_order="left"
    ).with_columns(pl.col("base").fill_null(DEFAULT))


def _with_entries(days: pl.DataFrame, data: PlanData, shifts: _Shifts) -> pl.DataFrame:
    """Add the shift of the day's roster entry, null without one."""
    numbers = pl.DataFrame(
        {"shift_id": shifts.ids, "entry": range(len(shifts.ids))},
        schema={"shift_id": pl.String, "entry": pl.Int32},
    )
    kept = data.entries.filter(~pl.col("is_removed")).join(numbers, on="shift_id", how="left")
    entries = kept.select("person_id", "on", pl.col("entry").fill_null(REST))
    return days.join(entries, on=["person_id", "on"], how="left", maintain_order="left")


def _shift_of_day() -> pl.Expr:
    """Return the number of the shift that the day has after all."""
    kind = pl.col("day_type")
    is_working = kind.is_in(list(WORKING))
    turned = (
        pl.when(pl.col("turns_by_calendar") & kind.is_in(HOLIDAYS))
        .then(REST)
        .when(pl.col("turns_by_calendar") & (kind == "ADJUSTED_WORKDAY") & (pl.col("slot") == REST))
        .then("work")
        .otherwise("slot")
    )
    fixed = pl.when(pl.col("follows") & ~is_working).then(REST).otherwise("rule_shift")
    ruled = (
        pl.when(pl.col("slot").is_not_null())
        .then(turned)
        .when(pl.col("rule").is_not_null())
        .then(fixed)
        .otherwise(pl.when(is_working).then(DEFAULT).otherwise(REST))
    )
    return pl.coalesce("entry", ruled)


def _with_templates(days: pl.DataFrame, shifts: _Shifts) -> Plan:
    keys = ("shift", "base", "on", "system")
    distinct = days.select(keys).unique(maintain_order=True)
    numbers: dict[DayTemplate, int] = {}
    found = [numbers.setdefault(shifts.template(*row), len(numbers)) for row in distinct.iter_rows()]
    templates = distinct.with_columns(pl.Series("template", found, pl.Int32))
    source = (
        pl.when(pl.col("entry").is_not_null())
        .then(pl.lit("entry"))
        .when(pl.col("rule").is_null())
        .then(pl.lit("default"))
        .otherwise(pl.when(pl.col("rule_is_own")).then(pl.lit("person")).otherwise(pl.lit("unit")))
    )
    frame = days.join(templates, on=keys, how="left", nulls_equal=True).select(
        "person_id", "on", "template", "day_type", "next_day_type", "zone", "legal_entity_id", "org_unit_id",
        source.alias("source"),
    )  # fmt: skip
    return Plan(frame.sort("person_id", "on"), tuple(numbers))
