"""Persons: hire, hire again, update."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.choices import EmploymentKind, Gender, PersonStatus
from zhiheng.people.models import Assignment, Employment, Person
from zhiheng.people.policies import WRITE_PERSON
from zhiheng.people.services.identifiers import write_identifier
from zhiheng.people.services.locks import lock_person, unit_for_placement
from zhiheng.people.services.managers import check_manager
from zhiheng.people.services.refusals import Attempt, clear_refusals, number_taken, refuse
from zhiheng.people.services.snapshots import settle_person
from zhiheng.tenancy.models import OrgUnit

UPDATABLE = ("name", "gender", "birth_on", "email")


@transaction.atomic
def hire_person(
    *,
    actor: Actor,
    name: str,
    employee_number: str,
    hired_on: date,
    org_unit_id: UUID,
    position_id: UUID | None = None,
    manager_id: UUID | None = None,
    gender: str = Gender.UNKNOWN,
    birth_on: date | None = None,
    email: str = "",
    kind: str = EmploymentKind.FULL_TIME,
    probation_until: date | None = None,
    shift_name: str = "",
    identifiers: Mapping[str, str] | None = None,
) -> Person:
    """Take somebody new on: person, employment by the unit's legal entity, first assignment.

    ``identifiers`` maps `IdentifierKind` to the number in plain. Raises `ValidationError` for a number that
    is taken, a unit that is not there on the day, dates in the wrong order, or a circle of managers.
    """
    actor.scope(WRITE_PERSON)
    name, number = name.strip(), employee_number.strip()
    _check_hire(name, number, hired_on, birth_on, probation_until)
    unit = unit_for_placement(actor, org_unit_id, hired_on)
    person = Person(
        tenant_id=actor.tenant_id, legal_entity_id=unit.legal_entity_id, name=name, gender=gender,
        birth_on=birth_on, email=email.strip().lower(), status=PersonStatus.UPCOMING, employee_number=number,
    )  # fmt: skip
    person.save(force_insert=True)
    _employ(person, unit, number, hired_on, kind, probation_until, position_id, manager_id, shift_name)
    for each, value in (identifiers or {}).items():
        if value:
            write_identifier(person, each, value)
    person = settle_person(person)
    record(
        actor,
        "people.person.create",
        subject=("people.person", person.id),
        payload={"name": name, "employee_number": number, "hired_on": str(hired_on), "org_unit": unit.name},
    )
    return person


@transaction.atomic
def rehire_person(
    *,
    actor: Actor,
    person_id: UUID,
    employee_number: str,
    hired_on: date,
    org_unit_id: UUID,
    position_id: UUID | None = None,
    manager_id: UUID | None = None,
    kind: str = EmploymentKind.FULL_TIME,
    probation_until: date | None = None,
    shift_name: str = "",
) -> Person:
    """Take somebody on again who has left; the old number may be kept. Refuses overlapping employments."""
    person = lock_person(actor, person_id)
    number = employee_number.strip()
    _check_hire(person.name, number, hired_on, person.birth_on, probation_until)
    unit = unit_for_placement(actor, org_unit_id, hired_on)
    _employ(person, unit, number, hired_on, kind, probation_until, position_id, manager_id, shift_name)
    person = settle_person(person)
    record(
        actor,
        "people.person.rehire",
        subject=("people.person", person.id),
        payload={"employee_number": number, "hired_on": str(hired_on), "org_unit": unit.name},
    )
    return person


def _check_hire(
    name: str, number: str, hired_on: date, birth_on: date | None, probation_until: date | None
) -> None:
    if not name:
        raise refuse("name", _("请填写姓名。"))
    if not number:
        raise refuse("employee_number", _("请填写工号。"))
    if birth_on and birth_on >= hired_on:
        raise refuse("birth_on", _("出生日期必须早于入职日期。"))
    if probation_until and probation_until < hired_on:
        raise refuse("probation_until", _("试用期截止日不能早于入职日期。"))


def _employ(
    person: Person,
    unit: OrgUnit,
    number: str,
    hired_on: date,
    kind: str,
    probation_until: date | None,
    position_id: UUID | None,
    manager_id: UUID | None,
    shift_name: str,
) -> None:
    """Write an open employment with one assignment that lasts as long."""
    period = DateRange(hired_on, None)
    check_manager(person, manager_id, hired_on)
    held_by_others = Employment.objects.filter(
        legal_entity_id=unit.legal_entity_id, employee_number__iexact=number
    ).exclude(person_id=person.id)
    if held_by_others.exists():
        raise number_taken(number, unit.legal_entity_id)
    with clear_refusals(Attempt(person, period, number, unit.legal_entity_id)):
        spell = Employment.objects.create(
            legal_entity_id=unit.legal_entity_id, person=person, employee_number=number, kind=kind,
            valid=period, probation_until=probation_until,
        )  # fmt: skip
        Assignment.objects.create(
            legal_entity_id=unit.legal_entity_id, employment=spell, person=person, org_unit=unit,
            position_id=position_id, manager_id=manager_id, shift_name=shift_name, valid=period,
        )  # fmt: skip


@transaction.atomic
def update_person(*, actor: Actor, person_id: UUID, **changes: object) -> Person:
    """Change name, gender, birth date or e-mail; what stays equal is neither written nor recorded."""
    person = lock_person(actor, person_id)
    unknown = set(changes) - set(UPDATABLE)
    if unknown:
        raise TypeError(f"not updatable: {sorted(unknown)}")
    changed = {key: value for key, value in changes.items() if getattr(person, key) != value}
    if not changed:
        return person
    if "name" in changed and not str(changed["name"]).strip():
        raise refuse("name", _("请填写姓名。"))
    born = changed.get("birth_on")
    if isinstance(born, date) and person.hired_on and born >= person.hired_on:
        raise refuse("birth_on", _("出生日期必须早于入职日期。"))
    before = {key: str(getattr(person, key) or "") for key in changed}
    for key, value in changed.items():
        setattr(person, key, value.strip() if isinstance(value, str) else value)
    person.save(update_fields=list(changed))
    person = settle_person(person)
    record(
        actor,
        "people.person.update",
        subject=("people.person", person.id),
        payload={key: {"from": before[key], "to": str(value or "")} for key, value in changed.items()},
    )
    return person
