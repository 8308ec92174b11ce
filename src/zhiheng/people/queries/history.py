"""What has held of a person over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.people.models import Assignment, Employment, PersonIdentifier
from zhiheng.people.policies import READ_IDENTIFIER, READ_PERSON, WRITE_PERSON
from zhiheng.people.queries.persons import person_for_actor
from zhiheng.tenancy.models import LegalEntity, OrgUnit


@dataclass(frozen=True)
class Stay:
    """An assignment as history shows it; ``last_on`` is its last day, ``None`` while open."""

    id: UUID
    from_on: date
    last_on: date | None
    unit: str
    position: str
    manager: str
    shift_name: str
    is_primary: bool
    is_current: bool


@dataclass(frozen=True)
class Spell:
    """An employment as history shows it, its assignments newest first."""

    id: UUID
    from_on: date
    last_on: date | None
    legal_entity: str
    employee_number: str
    kind: str
    probation_until: date | None
    leave_reason: str
    is_current: bool
    stays: Sequence[Stay]


def last_day(upper: date | None) -> date | None:
    """Return the last day of a half-open period."""
    return upper and upper - timedelta(days=1)


def history_of_person(actor: Actor, person_id: UUID, on: date) -> list[Spell]:
    """Return employments, newest first, each with its assignments; ``on`` decides which are current."""
    person_for_actor(actor, person_id, permission=READ_PERSON)
    spells = list(Employment.objects.filter(person_id=person_id).order_by("-valid"))
    stays = list(
        Assignment.objects.filter(person_id=person_id)
        .select_related("position", "manager")
        .order_by("-valid", "-is_primary")
    )
    units = dict(
        OrgUnit.objects.filter(id__in={each.org_unit_id for each in stays}).values_list("id", "name")
    )
    entities = dict(LegalEntity.objects.values_list("id", "name"))
    return [
        Spell(
            id=spell.id,
            from_on=spell.valid.lower,
            last_on=last_day(spell.valid.upper),
            legal_entity=entities.get(spell.legal_entity_id, ""),
            employee_number=spell.employee_number,
            kind=spell.get_kind_display(),
            probation_until=spell.probation_until,
            leave_reason=spell.leave_reason,
            is_current=on in spell.valid,
            stays=[_stay(each, units, on) for each in stays if each.employment_id == spell.id],
        )
        for spell in spells
    ]


def _stay(each: Assignment, units: dict[UUID, str], on: date) -> Stay:
    return Stay(
        id=each.id,
        from_on=each.valid.lower,
        last_on=last_day(each.valid.upper),
        unit=units.get(each.org_unit_id, ""),
        position=each.position.name if each.position else "",
        manager=each.manager.name if each.manager else "",
        shift_name=each.shift_name,
        is_primary=each.is_primary,
        is_current=on in each.valid,
    )


def identifiers_of_person(actor: Actor, person_id: UUID) -> list[PersonIdentifier]:
    """Return the masked identifiers of a person; none if the actor may not see those."""
    if not actor.can(READ_IDENTIFIER):
        return []
    scope = actor.scope(READ_IDENTIFIER).q(
        person="person_id", org_unit="person__org_unit_id", legal_entity="legal_entity_id"
    )
    return list(PersonIdentifier.objects.filter(scope, person_id=person_id).order_by("kind"))


def assignment_of_person(actor: Actor, person_id: UUID, assignment_id: UUID) -> dict[str, object]:
    """Return a main assignment as the form of its correction starts; `Http404` if it is not the person's."""
    person_for_actor(actor, person_id, permission=WRITE_PERSON)
    rows = Assignment.objects.filter(person_id=person_id, id=assignment_id, is_primary=True)
    row = rows.select_related("manager").first()
    if row is None:
        raise Http404
    return {
        "from_on": row.valid.lower,
        "last_on": last_day(row.valid.upper),
        "org_unit": str(row.org_unit_id),
        "position": str(row.position_id or ""),
        "manager": row.manager.employee_number if row.manager else "",
        "shift_name": row.shift_name,
    }
