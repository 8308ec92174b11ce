"""Shifts, rule sets, rotation patterns, assignments and working times, as pages and the API list them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.rosters.models import (
    CalendarDay,
    CalendarUse,
    RosterEntry,
    RotationPattern,
    RuleSet,
    RuleVersion,
    Shift,
    ShiftAssignment,
    ShiftVersion,
    WorkCalendar,
    WorkingTime,
)
from zhiheng.rosters.policies import READ_ROSTER, READ_SHIFT
from zhiheng.rosters.queries.scopes import held_in_scope

Choices = list[tuple[str, str]]


def _latest(versions: QuerySet, name: str, column: str) -> Subquery:
    return Subquery(versions.filter(**{name: OuterRef("pk")}).order_by("-valid_from").values(column)[:1])


def shifts_for_actor(actor: Actor) -> QuerySet[Shift]:
    """Return all shifts with ``kind``, ``times``, ``since`` and ``rule_set`` (name) of their latest versions."""
    actor.scope(READ_SHIFT)
    versions = ShiftVersion.objects.all()
    return Shift.objects.annotate(
        kind=_latest(versions, "shift", "kind"),
        times=_latest(versions, "shift", "times"),
        since=_latest(versions, "shift", "valid_from"),
        rule_set_id=_latest(versions, "shift", "rule_set_id"),
        rule_set=_latest(versions, "shift", "rule_set__name"),
    )


def shift_for_actor(actor: Actor, shift_id: UUID) -> Shift:
    """Return a shift; raises Http404."""
    return _one(shifts_for_actor(actor), shift_id)


def versions_of_shift(shift: Shift) -> QuerySet[ShiftVersion]:
    """Return the versions of a shift, latest first."""
    return ShiftVersion.objects.filter(shift=shift).select_related("rule_set").order_by("-valid_from")


def rule_sets_for_actor(actor: Actor) -> QuerySet[RuleSet]:
    """Return all rule sets with ``rules`` and ``since`` of their latest versions."""
    actor.scope(READ_SHIFT)
    versions = RuleVersion.objects.all()
    return RuleSet.objects.annotate(
        rules=_latest(versions, "rule_set", "rules"), since=_latest(versions, "rule_set", "valid_from")
    )


def rule_set_for_actor(actor: Actor, rule_set_id: UUID) -> RuleSet:
    """Return a rule set; raises Http404."""
    return _one(rule_sets_for_actor(actor), rule_set_id)


def rotations_for_actor(actor: Actor) -> QuerySet[RotationPattern]:
    """Return all rotation patterns with their slots."""
    actor.scope(READ_SHIFT)
    return RotationPattern.objects.prefetch_related("slots__shift")


def rotation_for_actor(actor: Actor, rotation_id: UUID) -> RotationPattern:
    """Return a rotation pattern; raises Http404."""
    return _one(rotations_for_actor(actor), rotation_id)


def calendars_for_actor(actor: Actor) -> QuerySet[WorkCalendar]:
    """Return the company's calendars."""
    actor.scope(READ_SHIFT)
    return WorkCalendar.objects.all()


def calendar_for_actor(actor: Actor, calendar_id: UUID) -> WorkCalendar:
    """Return a calendar; raises Http404."""
    return _one(calendars_for_actor(actor), calendar_id)


def days_of(calendar: WorkCalendar, year: int) -> QuerySet[CalendarDay]:
    """Return the company's own days of a calendar in a year, by date."""
    return CalendarDay.objects.filter(calendar=calendar, on__year=year).order_by("on")


def uses_of(calendar: WorkCalendar) -> QuerySet[CalendarUse]:
    """Return who works by a calendar, of what the current scope lets through."""
    return CalendarUse.objects.filter(calendar=calendar).select_related("legal_entity", "org_unit")


def assignments_for_actor(actor: Actor) -> QuerySet[ShiftAssignment]:
    """Return the shift assignments of people and units in the actor's scope."""
    return ShiftAssignment.objects.filter(held_in_scope(actor, READ_ROSTER)).select_related(
        "person", "org_unit", "shift", "rotation"
    )


def assignment_for_actor(actor: Actor, assignment_id: UUID) -> ShiftAssignment:
    """Return an assignment; raises Http404."""
    return _one(assignments_for_actor(actor), assignment_id)


def working_times_for_actor(actor: Actor) -> QuerySet[WorkingTime]:
    """Return the working-time systems of people and units in the actor's scope."""
    return WorkingTime.objects.filter(held_in_scope(actor, READ_ROSTER)).select_related("person", "org_unit")


def working_time_for_actor(actor: Actor, working_time_id: UUID) -> WorkingTime:
    """Return a working-time system's use; raises Http404."""
    return _one(working_times_for_actor(actor), working_time_id)


def entries_for_actor(
    actor: Actor, first: dt.date, last: dt.date, person_id: UUID | None = None
) -> QuerySet[RosterEntry]:
    """Return the roster entries of a span, drafts too, of people who are in the actor's scope today."""
    scope = actor.scope(READ_ROSTER).q(org_unit="person__org_unit_id")
    rows = RosterEntry.objects.filter(scope, on__range=(first, last))
    return rows.filter(person_id=person_id) if person_id else rows


def _one(rows: QuerySet, row_id: UUID):
    found = rows.filter(id=row_id).first()
    if found is None:
        raise Http404
    return found


def shift_choices(*, with_inactive: bool = False) -> Choices:
    """Return shifts as choices."""
    rows = Shift.objects.order_by("code")
    rows = rows if with_inactive else rows.filter(is_active=True)
    return [(str(row.id), f"{row.code} {row.label}") for row in rows]


def rotation_choices() -> Choices:
    """Return the rotation patterns in use as choices."""
    rows = RotationPattern.objects.filter(is_active=True).order_by("code")
    return [(str(row.id), f"{row.code} {row.label}") for row in rows]


def rule_set_choices() -> Choices:
    """Return the rule sets in use as choices."""
    return [(str(row.id), row.label) for row in RuleSet.objects.filter(is_active=True).order_by("code")]
