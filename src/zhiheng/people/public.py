"""What other domains may ask of people: ids and frozen dataclasses, never models."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper

from zhiheng.access.actor import Actor, DataScope
from zhiheng.people.choices import PersonStatus
from zhiheng.people.models import Assignment, Employment, Person
from zhiheng.people.policies import READ_PERSON
from zhiheng.people.queries.persons import PersonFilter, persons_for_actor, visible_person_ids
from zhiheng.people.queries.spells import assignment_frame
from zhiheng.people.services.employments import end_employment, transfer_person
from zhiheng.people.services.persons import hire_person
from zhiheng.people.services.snapshots import refresh_person_snapshots
from zhiheng.tenancy.models import OrgUnit

__all__ = [
    "EmploymentRef",
    "NamedPerson",
    "PersonRef",
    "UnitRef",
    "assignment_frame",
    "employments_by_person",
    "end_employment",
    "headcount",
    "hire_person",
    "named_persons",
    "org_units",
    "person_ids_by_digits",
    "person_ids_by_number",
    "person_ids_in_scope",
    "persons_by_id",
    "persons_of_units",
    "refresh_person_snapshots",
    "search",
    "transfer_person",
    "visible_person_ids",
]


@dataclass(frozen=True)
class PersonRef:
    """A person as other domains know them; ``unit`` is the name of the org unit, "" without one."""

    id: UUID
    name: str
    number: str
    unit: str
    org_unit_id: UUID | None
    legal_entity_id: UUID
    manager_id: UUID | None
    position: str = ""
    status: str = ""


@dataclass(frozen=True)
class UnitRef:
    """An org unit; ``path`` runs from the root to itself, ``to_on`` is the first day it is no longer there."""

    id: UUID
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    legal_entity_id: UUID
    path: tuple[UUID, ...]
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True)
class EmploymentRef:
    """What holds of somebody's work today; ``hired_on`` goes on from an employment that went before, ``left_on`` is the
    last day of one that ends.
    """

    person_id: UUID
    legal_entity_id: UUID
    hired_on: date
    left_on: date | None
    gender: str
    status: str


@dataclass(frozen=True)
class NamedPerson:
    """A person with all that somebody may be called by; ``words`` has name, pinyin, initials, number and e-mail."""

    id: UUID
    name: str
    number: str
    email: str
    words: str
    is_present: bool


_REF = (
    "id", "name", "employee_number", "org_unit__name", "org_unit_id", "legal_entity_id", "manager_id",
    "position__name", "status",
)  # fmt: skip


def _refs(rows) -> list[PersonRef]:
    return [
        PersonRef(row[0], row[1], row[2], row[3] or "", *row[4:7], row[7] or "", row[8])
        for row in rows.values_list(*_REF)
    ]


def persons_by_id(person_ids: Collection[UUID]) -> dict[UUID, PersonRef]:
    """Return persons of the tenant in force by id; those not there are left out. Checks no permission."""
    if not person_ids:
        return {}
    return {ref.id: ref for ref in _refs(Person.objects.filter(id__in=person_ids))}


def named_persons() -> list[NamedPerson]:
    """Return everybody of the tenant in force by employee number, present or former. Checks no permission."""
    columns = ("id", "name", "employee_number", "email", "search_text", "status")
    rows = Person.objects.order_by("employee_number").values_list(*columns)
    return [NamedPerson(*row[:5], row[5] != PersonStatus.LEFT) for row in rows]


def employments_by_person(person_ids: Collection[UUID] | None = None) -> dict[UUID, EmploymentRef]:
    """Return the present employment, the next or the last of persons, of all with ``None``. Checks no permission."""
    rows = Person.objects.filter(hired_on__isnull=False)
    if person_ids is not None:
        rows = rows.filter(id__in=person_ids)
    columns = ("id", "legal_entity_id", "hired_on", "left_on", "gender", "status")
    return {row[0]: EmploymentRef(*row) for row in rows.values_list(*columns)}


def person_ids_by_number(numbers: Iterable[str], legal_entity_id: UUID | None = None) -> dict[str, UUID]:
    """Return the persons with these employee numbers, present or former, keyed as given; case is ignored.

    A number nobody has, or that two people of different legal entities have, is left out.
    """
    wanted = {number: number.strip().upper() for number in numbers if number and number.strip()}
    rows = Employment.objects.annotate(key=Upper("employee_number")).filter(key__in=set(wanted.values()))
    if legal_entity_id:
        rows = rows.filter(legal_entity_id=legal_entity_id)
    holders: dict[str, set[UUID]] = {}
    for key, person_id in rows.values_list("key", "person_id"):
        holders.setdefault(key, set()).add(person_id)
    return {
        number: next(iter(holders[key])) for number, key in wanted.items() if len(holders.get(key, ())) == 1
    }


def person_ids_by_digits(digits: Iterable[str], legal_entity_id: UUID | None = None) -> dict[str, UUID]:
    """Return the persons whose employee numbers, present or former, have these digits, leading zeros aside.

    Digits that nobody has, or that several people have, are left out.
    """
    wanted = {each: each.lstrip("0") for each in digits if each.isascii() and each.isdigit()}
    only_digits = Func(F("employee_number"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
    rows = Employment.objects.annotate(key=Func(only_digits, Value("0"), function="ltrim"))
    rows = rows.filter(key__in=set(wanted.values()) - {""})
    if legal_entity_id:
        rows = rows.filter(legal_entity_id=legal_entity_id)
    holders: dict[str, set[UUID]] = {}
    for key, person_id in rows.values_list("key", "person_id"):
        holders.setdefault(key, set()).add(person_id)
    return {each: next(iter(holders[key])) for each, key in wanted.items() if len(holders.get(key, ())) == 1}


def person_ids_in_scope(scope: DataScope) -> set[UUID] | None:
    """Return the persons that a data scope holds over by where they are today; ``None`` for everybody."""
    if scope.is_tenant:
        return None
    return set(Person.objects.filter(scope.q(person="id")).values_list("id", flat=True))


def persons_of_units(unit_ids: Collection[UUID], on: date) -> list[PersonRef]:
    """Return who works in these units or below on a day, by number. Checks no permission."""
    inside = Assignment.objects.filter(
        Q(is_primary=True, valid__contains=on, org_unit__path__overlap=list(unit_ids))
    )
    return _refs(Person.objects.filter(id__in=inside.values("person_id")).order_by("employee_number"))


def org_units(on: date | None = None) -> list[UnitRef]:
    """Return the org units of the tenant in force, of one day or of all times, by code."""
    rows = OrgUnit.objects.order_by("code")
    return [
        UnitRef(row.id, row.code, row.name, row.kind, row.parent_id, row.legal_entity_id, tuple(row.path),
                row.valid.lower, row.valid.upper)
        for row in (rows.filter(valid__contains=on) if on else rows)
    ]  # fmt: skip


def headcount(actor: Actor) -> int:
    """Count the present people that the actor may see."""
    if not actor.can(READ_PERSON):
        return 0
    return (
        persons_for_actor(actor, PersonFilter())
        .exclude(status__in=[PersonStatus.LEFT, PersonStatus.UPCOMING])
        .count()
    )


def search(actor: Actor, text: str, limit: int = 6) -> list[PersonRef]:
    """Return persons the actor may see by name, pinyin, initials, number or e-mail; present ones first."""
    if not text.strip() or not actor.can(READ_PERSON):
        return []
    rows = persons_for_actor(actor, PersonFilter(text=text))
    here = list(_refs(rows.exclude(status=PersonStatus.LEFT).order_by("employee_number")[:limit]))
    if len(here) < limit:
        here += _refs(rows.filter(status=PersonStatus.LEFT).order_by("employee_number")[: limit - len(here)])
    return here
