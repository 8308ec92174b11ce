"""Who works what: everything a plan rests on, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.people.public import assignment_frame, org_units
from zhiheng.rosters.calc.plan import (
    Plan,
    PlanData,
    Rotation,
    Rule,
    RuleSetInfo,
    ShiftInfo,
    System,
    Version,
    plan,
)
from zhiheng.rosters.calc.shift import policy_from_data, shift_from_data
from zhiheng.rosters.models import (
    RotationPattern,
    RotationSlot,
    RuleVersion,
    Shift,
    ShiftAssignment,
    ShiftVersion,
    WorkingTime,
)
from zhiheng.rosters.policies import READ_ROSTER
from zhiheng.rosters.queries.calendars import calendars_between
from zhiheng.rosters.queries.scopes import in_scope
from zhiheng.tenancy.context import current_tenant_id, tenant_context

# One row a person, for 300,000 entries to travel fast: "days since the first:number of the shift", 0 rest, -1 removed.
_ENTRIES = """
SELECT person_id::text, string_agg(
    ("on" - %s) || ':' || CASE WHEN is_removed THEN -1 ELSE coalesce(array_position(%s::uuid[], shift_id), 0) END, ','
) FROM ({rows}) AS entries GROUP BY person_id
"""
_PUBLISHED = """
SELECT person_id, "on", shift_id, is_removed FROM rosters_rosterentry
WHERE tenant_id = %s AND "on" BETWEEN %s AND %s AND state = 'published'
AND (%s::uuid[] IS NULL OR person_id = ANY(%s))
"""
# A draft stands over the published entry of its day; "draft" sorts before "published".
_WITH_DRAFTS = """
SELECT DISTINCT ON (person_id, "on") person_id, "on", shift_id, is_removed FROM rosters_rosterentry
WHERE tenant_id = %s AND "on" BETWEEN %s AND %s AND (%s::uuid[] IS NULL OR person_id = ANY(%s))
ORDER BY person_id, "on", state
"""


def planned_days(
    person_ids: Collection[UUID] | None, first: dt.date, last: dt.date, *, with_drafts: bool = False
) -> Plan:
    """Return what people (``None``: everybody) work on each day they are employed, both ends included.

    ``with_drafts``: as if all drafts of the roster were published. Checks no permission.
    """
    return plan(plan_data(person_ids, first, last, with_drafts=with_drafts))


def planned_days_for_actor(
    actor: Actor, person_ids: Collection[UUID] | None, first: dt.date, last: dt.date
) -> Plan:
    """Return the published days that the actor may see."""
    scope = actor.scope(READ_ROSTER)
    found = planned_days(person_ids, first, last)
    return Plan(found.frame.filter(in_scope(scope)), found.templates)


def plan_data(
    person_ids: Collection[UUID] | None, first: dt.date, last: dt.date, *, with_drafts: bool = False
) -> PlanData:
    """Return what the plan of these people and days rests on."""
    wanted = None if person_ids is None else {str(each) for each in person_ids}
    spells = assignment_frame(person_ids)
    shifts = shift_infos()
    entries = _entries(wanted, first, last, list(shifts), with_drafts=with_drafts)
    # What a unit, a parent of another subsidiary among them, says holds whoever looks.
    with tenant_context(current_tenant_id()):
        calendars = calendars_between(first, last + dt.timedelta(days=1))
        sets, default_set = _rule_sets()
        return PlanData(
            first=first,
            last=last,
            spells=spells,
            entries=entries,
            paths={str(unit.id): tuple(map(str, unit.path)) for unit in org_units()},
            calendars=calendars.by_code,
            default_calendar=calendars.default,
            calendar_of=calendars.of_place,
            rules=_rules(wanted),
            systems=_systems(wanted),
            shifts=shifts,
            rotations=_rotations(),
            rule_sets=sets,
            default_rule_set=default_set,
            default_name=_("标准班"),
            rest_name=_("休息"),
        )


def shift_infos() -> dict[str, ShiftInfo]:
    """Return all shifts with their versions, by id as text."""
    versions: dict[Shift, list[Version]] = {}
    for row in ShiftVersion.objects.select_related("shift").order_by("shift__code", "valid_from"):
        times = shift_from_data(row.times)
        versions.setdefault(row.shift, []).append(
            Version(row.valid_from, times, str(row.rule_set_id) if row.rule_set_id else None)
        )
    return {
        str(shift.id): ShiftInfo(str(shift.id), shift.code, shift.label, tuple(found))
        for shift, found in versions.items()
    }


def _rule_sets() -> tuple[dict[str, RuleSetInfo], str | None]:
    versions: dict[str, list[tuple[dt.date, object]]] = {}
    default = None
    for row in RuleVersion.objects.select_related("rule_set").order_by("valid_from"):
        versions.setdefault(str(row.rule_set_id), []).append((row.valid_from, policy_from_data(row.rules)))
        default = str(row.rule_set_id) if row.rule_set.is_default else default
    return {each: RuleSetInfo(tuple(rows)) for each, rows in versions.items()}, default


def _rotations() -> dict[str, Rotation]:
    slots: dict[RotationPattern, list[str | None]] = {}
    for row in RotationSlot.objects.select_related("rotation").order_by("day"):
        slots.setdefault(row.rotation, []).append(str(row.shift_id) if row.shift_id else None)
    return {str(each.id): Rotation(tuple(found), each.follows_calendar) for each, found in slots.items()}


def _rules(wanted: set[str] | None) -> list[Rule]:
    return [
        Rule(
            subject=str(row.person_id or row.org_unit_id),
            is_person=row.person_id is not None,
            valid_from=row.valid.lower,
            valid_to=row.valid.upper,
            shift_id=row.shift_id and str(row.shift_id),
            rotation_id=row.rotation_id and str(row.rotation_id),
            follows_calendar=row.follows_calendar,
            anchor_on=row.anchor_on,
        )
        for row in ShiftAssignment.objects.all()
        if wanted is None or row.person_id is None or str(row.person_id) in wanted
    ]


def _systems(wanted: set[str] | None) -> list[System]:
    return [
        System(
            str(row.person_id or row.org_unit_id), row.person_id is not None, row.valid.lower, row.valid.upper,
            row.kind, row.period,
        )
        for row in WorkingTime.objects.all()
        if wanted is None or row.person_id is None or str(row.person_id) in wanted
    ]  # fmt: skip


def _entries(
    wanted: set[str] | None, first: dt.date, last: dt.date, shift_ids: Sequence[str], *, with_drafts: bool
) -> pl.DataFrame:
    people = None if wanted is None else sorted(wanted)
    sql = _ENTRIES.format(rows=_WITH_DRAFTS if with_drafts else _PUBLISHED)
    with connection.cursor() as cursor:
        cursor.execute(sql, [first, list(shift_ids), current_tenant_id(), first, last, people, people])
        rows = cursor.fetchall()
    packed = pl.DataFrame(rows, schema={"person_id": pl.String, "_days": pl.String}, orient="row")
    days = packed.with_columns(pl.col("_days").str.split(",")).explode("_days", empty_as_null=True)
    parts = pl.col("_days").str.split_exact(":", 1).struct.rename_fields(["_day", "_shift"])
    days = days.with_columns(parts.alias("_parts")).unnest("_parts")
    number = pl.col("_shift").cast(pl.Int32)
    names = dict(enumerate(shift_ids, start=1))
    return days.select(
        "person_id",
        on=pl.lit(first) + pl.duration(days=pl.col("_day").cast(pl.Int32)),
        shift_id=number.replace_strict(
            list(names), list(names.values()), default=None, return_dtype=pl.String
        ),
        is_removed=number == -1,
    )
