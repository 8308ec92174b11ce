"""Employments and assignments over time: transfer, leave, correct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.calc.timeline import Piece, Span, merge_equal, overlay, piece_on
from zhiheng.people.models import Assignment, Employment, Person
from zhiheng.people.services.locks import lock_person, unit_for_placement
from zhiheng.people.services.managers import check_manager
from zhiheng.people.services.refusals import Attempt, clear_refusals, refuse, shown_period
from zhiheng.people.services.snapshots import settle_person
from zhiheng.tenancy.models import OrgUnit

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Where, as what, under whom and on which shift somebody works."""

    org_unit_id: UUID
    position_id: UUID | None = None
    manager_id: UUID | None = None
    shift_name: str = ""


def span_of(period: DateRange) -> Span:
    """Return a period of the database as a span."""
    return Span(period.lower, period.upper)


def period_of(span: Span) -> DateRange:
    """Return a span as a period of the database."""
    return DateRange(span.from_on, span.to_on)


def timeline_of(spell: Employment) -> list[Piece[Place]]:
    """Return the main assignments of an employment in order of time."""
    rows = Assignment.objects.filter(employment=spell, is_primary=True).order_by("valid")
    return [
        Piece(span_of(row.valid), Place(row.org_unit_id, row.position_id, row.manager_id, row.shift_name))
        for row in rows
    ]


def write_timeline(spell: Employment, pieces: list[Piece[Place]]) -> None:
    """Make the main assignments of an employment equal to ``pieces``; rows that stay keep their id."""
    rows = list(Assignment.objects.filter(employment=spell, is_primary=True))
    wanted = {piece.span.from_on: piece for piece in merge_equal(pieces)}
    kept = {row.valid.lower: row for row in rows if row.valid.lower in wanted}
    Assignment.objects.filter(id__in=[row.id for row in rows if row.valid.lower not in wanted]).delete()
    # Shrink before anything grows or is added: the database checks for overlaps at once.
    for row in sorted(kept.values(), key=lambda row: _grows(row, wanted[row.valid.lower])):
        _put(row, wanted[row.valid.lower])
    for from_on, piece in wanted.items():
        if from_on not in kept:
            _put(
                Assignment(
                    legal_entity_id=spell.legal_entity_id, employment=spell, person_id=spell.person_id
                ),
                piece,
            )


def _grows(row: Assignment, piece: Piece[Place]) -> bool:
    upper, new = row.valid.upper, piece.span.to_on
    return upper is not None and (new is None or new > upper)


def _put(row: Assignment, piece: Piece[Place]) -> None:
    row.org_unit_id, row.position_id = piece.value.org_unit_id, piece.value.position_id
    row.manager_id, row.shift_name = piece.value.manager_id, piece.value.shift_name
    row.valid = period_of(piece.span)
    row.save()


def employment_on(person: Person, day: date) -> Employment:
    """Return the employment that holds on a day, the one that manages the person first; refuse without one."""
    rows = list(
        Employment.objects.select_for_update().filter(person=person, valid__contains=day).order_by("id")
    )
    if not rows:
        message = _("%(name)s 在 %(day)s 没有有效的任职。")
        raise refuse("from_on", message % {"name": person.name, "day": day}, "not-employed")
    return next((row for row in rows if row.legal_entity_id == person.legal_entity_id), rows[0])


@transaction.atomic
def transfer_person(
    *,
    actor: Actor,
    person_id: UUID,
    from_on: date,
    org_unit_id: UUID,
    position_id: UUID | None = None,
    manager_id: UUID | None = None,
    shift_name: str = "",
    employee_number: str = "",
) -> Person:
    """Put somebody into another place from a day on, until the next change that is already planned.

    A unit of another legal entity ends the employment the day before and begins one there; the length of
    service goes on. ``employee_number`` counts only then; empty keeps the number.
    """
    person = lock_person(actor, person_id)
    spell = employment_on(person, from_on)
    unit = unit_for_placement(actor, org_unit_id, from_on)
    check_manager(person, manager_id, from_on)
    place = Place(unit.id, position_id, manager_id, shift_name.strip())
    pieces = timeline_of(spell)
    now = piece_on(pieces, from_on)
    if now and now.value == place:
        raise refuse("", _("%(name)s 在 %(day)s 已经是这样安排的。") % {"name": person.name, "day": from_on})
    old_name = _unit_name(now.value.org_unit_id) if now else ""
    if unit.legal_entity_id == spell.legal_entity_id:
        end = now.span.to_on if now else _next_start(pieces, from_on) or spell.valid.upper
        with clear_refusals(Attempt(person, DateRange(from_on, end))):
            write_timeline(spell, overlay(pieces, Piece(Span(from_on, end), place)))
    else:
        _change_legal_entity(person, spell, pieces, unit, place, from_on, employee_number.strip())
    person = settle_person(person)
    record(
        actor,
        "people.person.transfer",
        subject=("people.person", person.id),
        payload={"from_on": str(from_on), "from": old_name, "to": unit.name},
    )
    return person


def _unit_name(unit_id: UUID) -> str:
    return OrgUnit.objects.filter(id=unit_id).values_list("name", flat=True).first() or ""


def _next_start(pieces: list[Piece[Place]], day: date) -> date | None:
    return min((piece.span.from_on for piece in pieces if piece.span.from_on > day), default=None)


def _change_legal_entity(
    person: Person,
    spell: Employment,
    pieces: list[Piece[Place]],
    unit: OrgUnit,
    place: Place,
    from_on: date,
    number: str,
) -> None:
    planned = _next_start(pieces, from_on)
    if planned:
        message = _("%(name)s 在 %(day)s 已有后续调动，请先更正该安排，再变更法人实体。")
        raise refuse("from_on", message % {"name": person.name, "day": planned}, "planned")
    if from_on <= spell.valid.lower:
        message = _("变更法人实体的日期必须晚于当前任职的起始日 %(day)s。")
        raise refuse("from_on", message % {"day": spell.valid.lower})
    period = DateRange(from_on, spell.valid.upper)
    number = number or spell.employee_number
    with clear_refusals(Attempt(person, period, number, unit.legal_entity_id)):
        _cut_employment(spell, pieces, from_on)
        following = Employment.objects.create(
            legal_entity_id=unit.legal_entity_id, person=person, employee_number=number, kind=spell.kind,
            valid=period, service_from=spell.service_from or spell.valid.lower,
            probation_until=spell.probation_until,
        )  # fmt: skip
        write_timeline(following, [Piece(span_of(period), place)])


def _cut_employment(spell: Employment, pieces: list[Piece[Place]], upper: date) -> None:
    """End an employment, and every assignment of it, before ``upper``."""
    rest = Span(upper)
    write_timeline(spell, [Piece(span, piece.value) for piece in pieces for span in piece.span.cut(rest)])
    for row in Assignment.objects.filter(employment=spell, is_primary=False, valid__endswith__gt=upper):
        row.valid = DateRange(row.valid.lower, upper)
        row.save()
    spell.valid = DateRange(spell.valid.lower, upper)
    spell.save()


@transaction.atomic
def end_employment(*, actor: Actor, person_id: UUID, last_on: date, reason: str = "") -> Person:
    """End the employment after its last day ``last_on``; transfers planned for later fall away.

    Refused while others still report to the person on a later day, and when it has ended already.
    """
    person = lock_person(actor, person_id)
    spell = employment_on(person, last_on)
    if spell.valid.upper is not None and spell.valid.upper <= last_on + ONE_DAY:
        message = _("%(name)s 的任职已于 %(day)s 结束。")
        raise refuse("last_on", message % {"name": person.name, "day": spell.valid.upper - ONE_DAY})
    _check_no_reports(person, last_on + ONE_DAY)
    with clear_refusals(Attempt(person, spell.valid)):
        _cut_employment(spell, timeline_of(spell), last_on + ONE_DAY)
        spell.leave_reason = reason.strip()
        spell.save(update_fields=["leave_reason"])
    person = settle_person(person)
    record(
        actor,
        "people.person.leave",
        subject=("people.person", person.id),
        payload={"last_on": str(last_on), "reason": reason.strip()},
    )
    return person


def _check_no_reports(person: Person, day: date) -> None:
    rows = Assignment.objects.filter(manager=person, valid__endswith__gt=day) | Assignment.objects.filter(
        manager=person, valid__endswith__isnull=True
    )
    names = sorted(set(rows.exclude(person=person).values_list("person__name", flat=True)))
    if names:
        message = _("%(names)s 等 %(count)s 人届时仍向 %(name)s 汇报，请先为他们指定新的上级。")
        shown = "、".join(names[:3])
        raise refuse(
            "last_on", message % {"names": shown, "count": len(names), "name": person.name}, "reports"
        )


@transaction.atomic
def correct_assignment(
    *,
    actor: Actor,
    person_id: UUID,
    assignment_id: UUID,
    from_on: date,
    last_on: date | None,
    org_unit_id: UUID,
    position_id: UUID | None = None,
    manager_id: UUID | None = None,
    shift_name: str = "",
    reason: str,
) -> Person:
    """Put right what a main assignment says, or its days; days it no longer covers stay without one.

    Refused when it would overlap a neighbour or leave its employment.
    """
    person = lock_person(actor, person_id)
    row = Assignment.objects.filter(id=assignment_id, person=person, is_primary=True).first()
    if row is None:
        raise Http404
    if not reason.strip():
        raise refuse("reason", _("请说明更正原因。"))
    if last_on and last_on < from_on:
        raise refuse("last_on", _("结束日期不能早于开始日期。"))
    span = Span(from_on, last_on and last_on + ONE_DAY)
    spell = Employment.objects.select_for_update().get(id=row.employment_id)
    if not span_of(spell.valid).covers(span):
        message = _("岗位安排必须在任职期间（%(period)s）之内。")
        raise refuse("from_on", message % {"period": shown_period(spell.valid.lower, spell.valid.upper)})
    unit = unit_for_placement(actor, org_unit_id, from_on)
    if unit.legal_entity_id != spell.legal_entity_id:
        raise refuse("org_unit", _("更正不能变更法人实体，请使用调动。"))
    check_manager(person, manager_id, from_on)
    before = {
        "period": shown_period(row.valid.lower, row.valid.upper),
        "org_unit": _unit_name(row.org_unit_id),
    }
    with clear_refusals(Attempt(person, period_of(span), assignment_id=row.id)):
        _put(row, Piece(span, Place(unit.id, position_id, manager_id, shift_name.strip())))
    person = settle_person(person)
    after = {"period": shown_period(span.from_on, span.to_on), "org_unit": unit.name}
    record(
        actor,
        "people.assignment.correct",
        subject=("people.person", person.id),
        payload={"before": before, "after": after, "reason": reason.strip()},
    )
    return person
