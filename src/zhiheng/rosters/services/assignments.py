"""Assigning shifts, rotations and working-time systems to people and org units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.audit.public import record
from zhiheng.people.public import assignment_frame, org_units
from zhiheng.rosters.choices import WorkingTimeKind
from zhiheng.rosters.models import ShiftAssignment, WorkingTime
from zhiheng.rosters.policies import MANAGE_ASSIGNMENT
from zhiheng.rosters.queries.scopes import held_in_scope
from zhiheng.rosters.services.changes import tell_of_subject

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Subject:
    """A person, or everybody of an org unit and below, from a day to before another one."""

    valid_from: dt.date
    person_id: UUID | None = None
    org_unit_id: UUID | None = None
    valid_to: dt.date | None = None


def assign_shift(
    *,
    actor: Actor,
    subject: Subject,
    shift_id: UUID | None = None,
    rotation_id: UUID | None = None,
    follows_calendar: bool = True,
    anchor_on: dt.date | None = None,
) -> UUID:
    """Assign a shift or a rotation; an earlier assignment of the same subject ends where this one begins.

    Raises `Http404` for an unknown subject, `Forbidden` outside the actor's scope, ValidationError when later ones
    overlap or when a rotation has no first day.
    """
    if (shift_id is None) == (rotation_id is None):
        raise ValidationError(_("请选择一个班次或一个轮班规律。"), code="one")
    if rotation_id and anchor_on is None:
        raise ValidationError({"anchor_on": _("请填写循环第 1 天是哪一天。")})
    row = ShiftAssignment(
        shift_id=shift_id, rotation_id=rotation_id, follows_calendar=follows_calendar,
        anchor_on=anchor_on if rotation_id else None,
    )  # fmt: skip
    payload = {"shift": shift_id, "rotation": rotation_id, "anchor_on": anchor_on}
    return _begin(actor, row, subject, payload)


def end_assignment(*, actor: Actor, assignment_id: UUID, valid_to: dt.date) -> None:
    """End an assignment before a day; ended on its first day or earlier, it is taken away."""
    _end(actor, ShiftAssignment, assignment_id, valid_to)


def set_working_time(
    *, actor: Actor, subject: Subject, kind: str, period: str = "", approval_number: str = ""
) -> UUID:
    """Put people under a working-time system; the comprehensive one names its period and its approval."""
    kind = WorkingTimeKind(kind)
    if kind == WorkingTimeKind.COMPREHENSIVE and not period:
        raise ValidationError({"period": _("请选择综合计算工时的周期。")})
    if kind != WorkingTimeKind.STANDARD and not approval_number.strip():
        raise ValidationError(
            {"approval_number": _("综合计算工时制和不定时工作制须经批准，请填写批准文号。")}
        )
    row = WorkingTime(
        kind=kind, period=period if kind == WorkingTimeKind.COMPREHENSIVE else "",
        approval_number=approval_number.strip(),
    )  # fmt: skip
    payload = {"kind": kind, "period": row.period, "approval_number": row.approval_number}
    return _begin(actor, row, subject, payload)


def end_working_time(*, actor: Actor, working_time_id: UUID, valid_to: dt.date) -> None:
    """End a working-time system before a day; ended on its first day or earlier, it is taken away."""
    _end(actor, WorkingTime, working_time_id, valid_to)


def _begin(actor: Actor, row: ShiftAssignment | WorkingTime, subject: Subject, payload: dict) -> UUID:
    row.legal_entity_id = _placed(actor, subject)
    if subject.valid_to and subject.valid_to <= subject.valid_from:
        raise ValidationError({"valid_to": _("结束日期不能早于开始日期。")})
    row.person_id, row.org_unit_id = subject.person_id, subject.org_unit_id
    row.valid = DateRange(subject.valid_from, subject.valid_to)
    _make_way(type(row), subject)
    row.full_clean()
    row.save()
    name = "shift_assignment" if isinstance(row, ShiftAssignment) else "working_time"
    whose = {"person": subject.person_id, "org_unit": subject.org_unit_id}
    dates = {"from": subject.valid_from, "to": subject.valid_to}
    kind = row._meta.label_lower
    record(actor, f"rosters.{name}.create", subject=(kind, row.id), payload={**whose, **dates, **payload})
    tell_of_subject(subject.person_id, subject.org_unit_id, subject.valid_from, subject.valid_to)
    return row.id


def _placed(actor: Actor, subject: Subject) -> UUID:
    """Return the legal entity of a subject in the actor's scope."""
    scope = actor.scope(MANAGE_ASSIGNMENT)
    if (subject.person_id is None) == (subject.org_unit_id is None):
        raise ValidationError(_("请选择一名员工或一个部门。"), code="subject")
    if subject.org_unit_id:
        unit = next((each for each in org_units() if each.id == subject.org_unit_id), None)
        if unit is None:
            raise Http404
        entity, unit_id = unit.legal_entity_id, unit.id
    else:
        entity, unit_id = _place_of(subject.person_id, subject.valid_from)
    if not scope.has(person_id=subject.person_id, org_unit_id=unit_id, legal_entity_id=entity):
        raise Forbidden(MANAGE_ASSIGNMENT)
    return entity


def _place_of(person_id: UUID, on: dt.date) -> tuple[UUID, UUID]:
    """Return legal entity and org unit of a person on a day, or of the nearest one with any."""
    spells = [row for row in assignment_frame().iter_rows(named=True) if row["person_id"] == str(person_id)]
    if not spells:
        raise Http404
    begun = [row for row in spells if row["valid_from"] <= on] or spells[:1]
    place = max(begun, key=lambda row: row["valid_from"])
    return UUID(place["legal_entity_id"]), UUID(place["org_unit_id"])


def _make_way(model: type[ShiftAssignment] | type[WorkingTime], subject: Subject) -> None:
    """End what the subject had and what the new one follows."""
    before = model.objects.select_for_update().filter(
        person_id=subject.person_id, org_unit_id=subject.org_unit_id, valid__contains=subject.valid_from
    )
    for each in before:
        if each.valid.lower < subject.valid_from and each.valid.upper is None:
            each.valid = DateRange(each.valid.lower, subject.valid_from)
            each.save(update_fields=["valid"])


def _end(
    actor: Actor, model: type[ShiftAssignment] | type[WorkingTime], row_id: UUID, valid_to: dt.date
) -> None:
    row = (
        model.objects.select_for_update(of=("self",))
        .filter(held_in_scope(actor, MANAGE_ASSIGNMENT), id=row_id)
        .first()
    )
    if row is None:
        raise Http404
    begin, end = row.valid.lower, row.valid.upper
    if end and valid_to > end:
        raise ValidationError({"valid_to": _("新的结束日期不能晚于原来的结束日期。")})
    if valid_to <= begin:
        row.delete()
    else:
        row.valid = DateRange(begin, valid_to)
        row.save(update_fields=["valid"])
    name = "shift_assignment" if model is ShiftAssignment else "working_time"
    payload = {"person": row.person_id, "org_unit": row.org_unit_id, "from": begin, "to": valid_to}
    record(actor, f"rosters.{name}.close", subject=(model._meta.label_lower, row_id), payload=payload)
    tell_of_subject(row.person_id, row.org_unit_id, max(begin, valid_to), end)
