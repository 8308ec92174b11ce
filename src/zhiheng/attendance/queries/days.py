"""Settled days: who sees which, one explained, everybody's of a date, a month's as symbols and totals."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.day import settle_day
from zhiheng.attendance.calc.facts import DayInput, DayResult
from zhiheng.attendance.calc.stored import day_from_text
from zhiheng.attendance.choices import DayState
from zhiheng.attendance.models import AttendanceAdjustment, AttendanceDay, DayRevision, Punch
from zhiheng.attendance.policies import READ_DAY
from zhiheng.attendance.queries.punches import with_state
from zhiheng.people.public import org_units
from zhiheng.rosters.calc.shift import policy_from_data, shift_from_data
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.models import Tenant

PERSON_COLUMNS = {
    "person": "person_id", "org_unit": "person__org_unit_id", "legal_entity": "legal_entity_id",
}  # fmt: skip
NOT_KNOWN_YET = frozenset({"absent", "early", "missing_in", "missing_out", "only_orphans"})
"""Steps that say nothing before the window of a day has closed: somebody may still come, or leave later."""
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Explained:
    """A day with what it was judged by and the judgement, steps included, worked out again from it."""

    row: AttendanceDay
    given: DayInput
    result: DayResult


def days_for_actor(actor: Actor) -> QuerySet[AttendanceDay]:
    """Return the days that the actor may see."""
    scope = actor.scope(READ_DAY).q(**PERSON_COLUMNS)
    return AttendanceDay.objects.filter(scope).select_related("person__org_unit", "rule")


def day_for_actor(actor: Actor, day_id: UUID) -> AttendanceDay:
    """Return a day; 404 when it is not there or not the actor's to see."""
    found = days_for_actor(actor).filter(id=day_id).first()
    if found is None:
        raise Http404
    return found


def own_days(actor: Actor, first: dt.date, last: dt.date) -> dict[dt.date, AttendanceDay]:
    """Return the actor's own days between two dates, both included."""
    if actor.person_id is None:
        return {}
    rows = AttendanceDay.objects.filter(person_id=actor.person_id, on__range=(first, last))
    return {row.on: row for row in rows.select_related("rule")}


def explain_day(row: AttendanceDay) -> Explained:
    """Judge a day again from what was kept with it, for its steps."""
    given = day_from_text(
        row.inputs,
        shift_from_data(row.rule.shift),
        policy_from_data(row.rule.policy),
        (row.day_type, row.next_day_type),
    )
    result = settle_day(given)
    if row.state == DayState.WAITING:
        result = replace(result, trace=tuple(each for each in result.trace if each.code not in NOT_KNOWN_YET))
    return Explained(row, given, result)


def punches_of_settled_day(row: AttendanceDay) -> list[Punch]:
    """Return all raw punches around a day, those that do not count among them."""
    begin = dt.datetime.combine(row.on, dt.time(), ZoneInfo(row.zone))
    limits = explain_limits(row)
    first = begin + dt.timedelta(minutes=limits[0])
    last = begin + dt.timedelta(minutes=limits[1])
    rows = Punch.objects.filter(person_id=row.person_id, punched_at__gte=first, punched_at__lt=last)
    return list(with_state(rows).select_related("site", "device"))


def explain_limits(row: AttendanceDay) -> tuple[int, int]:
    """Return from and until when punches are a day's own, in minutes of its date."""
    low, high = json.loads(row.inputs)["z"]
    return low, high


def revisions_of_day(row: AttendanceDay) -> list[DayRevision]:
    """Return what a day said before, latest first."""
    return list(DayRevision.objects.filter(person_id=row.person_id, on=row.on))


def adjustments_of_day(row: AttendanceDay) -> list[AttendanceAdjustment]:
    """Return the adjustments made after the month of a day was locked, latest first."""
    return list(AttendanceAdjustment.objects.filter(person_id=row.person_id, on=row.on))


def company_zone() -> ZoneInfo:
    """Return the time zone in which the company's days begin."""
    return ZoneInfo(Tenant.objects.values_list("time_zone", flat=True).get(id=current_tenant_id()))


def unit_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the org units in the actor's scope, for filters."""
    scope = actor.scope(READ_DAY)
    return [
        (str(unit.id), unit.name)
        for unit in org_units()
        if scope.has(person_id=None, org_unit_id=unit.id, legal_entity_id=unit.legal_entity_id)
    ]


def below_unit(rows: QuerySet, unit_id: str, column: str = "person__org_unit") -> QuerySet:
    """Return the rows of people in a unit or below it; an id that is none changes nothing."""
    try:
        wanted = UUID(unit_id)
    except ValueError:
        return rows
    return rows.filter(**{f"{column}__path__contains": [wanted]})


def matching_people(rows: QuerySet, text: str) -> QuerySet:
    """Return the rows of people found by name, pinyin or number."""
    for word in text.split()[:6]:
        rows = rows.filter(Q(person__search_text__icontains=word))
    return rows


def people_of(rows: QuerySet[AttendanceDay]) -> list[tuple[UUID, str, str, str]]:
    """Return the people of days: id, number, name, unit; by number."""
    found = rows.order_by("person__employee_number").values_list(
        "person_id", "person__employee_number", "person__name", "person__org_unit__name"
    )
    return list(found.distinct())


def by_person(rows: Iterable[AttendanceDay]) -> dict[UUID, dict[dt.date, AttendanceDay]]:
    """Return days by person and date."""
    found: dict[UUID, dict[dt.date, AttendanceDay]] = {}
    for row in rows:
        found.setdefault(row.person_id, {})[row.on] = row
    return found
