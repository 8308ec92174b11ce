"""Persons: who may see whom, today and as of any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, CharField, F, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.people.calc.pinyin import search_words
from zhiheng.people.choices import PersonStatus
from zhiheng.people.models import Person
from zhiheng.people.policies import READ_PERSON

MAX_WORDS = 6


@dataclass(frozen=True)
class PersonFilter:
    """What narrows a list of persons; ``org_unit_id`` stands for the unit and all below it."""

    text: str = ""
    status: str = ""
    org_unit_id: UUID | None = None
    position_id: UUID | None = None
    legal_entity_id: UUID | None = None
    manager_id: UUID | None = None


def search_persons(rows: QuerySet, text: str) -> QuerySet:
    """Return the persons found by name, pinyin, initials, number or e-mail; every word must occur."""
    for word in search_words(text)[:MAX_WORDS]:
        rows = rows.filter(search_text__contains=word)
    return rows


def persons_for_actor(
    actor: Actor, filters: PersonFilter | None = None, *, permission: Permission = READ_PERSON
) -> QuerySet[Person]:
    """Return the persons in the actor's scope as they stand today.

    Rows carry ``number``, ``unit_name``, ``position_name``, ``manager_name``, ``entity_name``, ``state`` and
    ``since``, like those of `persons_as_of`.
    """
    scope = actor.scope(permission).q(person="id")
    rows = Person.objects.filter(scope).annotate(
        number=F("employee_number"),
        unit_id=F("org_unit_id"),
        unit_name=F("org_unit__name"),
        position_name=F("position__name"),
        manager_name=F("manager__name"),
        entity_name=F("legal_entity__name"),
        state=F("status"),
        since=F("hired_on"),
    )
    return _narrowed(rows, filters, unit="org_unit", position="position_id", entity="legal_entity_id",
                     manager="manager_id")  # fmt: skip


def persons_as_of(
    actor: Actor, on: date, filters: PersonFilter | None = None, *, permission: Permission = READ_PERSON
) -> QuerySet[Person]:
    """Return who was employed on a day, with where and as what they worked that day.

    Read from employments and assignments; the actor's scope is applied to where people were on that day.
    Somebody employed by two subsidiaries at once occurs twice.
    """
    scope = actor.scope(permission).q(
        person="id", org_unit="spot__org_unit_id", legal_entity="spell__legal_entity_id"
    )
    rows = (
        Person.objects.alias(
            spell=FilteredRelation("employments", condition=Q(employments__valid__contains=on)),
            spot=FilteredRelation(
                "assignments", condition=Q(assignments__valid__contains=on, assignments__is_primary=True)
            ),
        )
        .filter(spell__isnull=False)
        .filter(Q(spot__isnull=True) | Q(spot__employment_id=F("spell__id")))
        .filter(scope)
        .annotate(
            number=F("spell__employee_number"),
            unit_id=F("spot__org_unit_id"),
            unit_name=F("spot__org_unit__name"),
            position_name=F("spot__position__name"),
            manager_name=F("spot__manager__name"),
            entity_name=F("spell__legal_entity__name"),
            state=_state_on(on),
            since=Coalesce(F("spell__service_from"), F("spell__valid__startswith")),
        )
    )
    return _narrowed(rows, filters, unit="spot__org_unit", position="spot__position_id",
                     entity="spell__legal_entity_id", manager="spot__manager_id")  # fmt: skip


def _state_on(on: date) -> Case:
    return Case(
        When(spell__probation_until__gte=on, then=Value(PersonStatus.PROBATION.value)),
        default=Value(PersonStatus.ACTIVE.value),
        output_field=CharField(),
    )


def _narrowed(
    rows: QuerySet, filters: PersonFilter | None, *, unit: str, position: str, entity: str, manager: str
) -> QuerySet:
    """Apply ``filters`` to rows whose columns have these names."""
    if filters is None:
        return rows
    wanted = {
        f"{unit}__path__contains": [filters.org_unit_id] if filters.org_unit_id else None,
        position: filters.position_id,
        entity: filters.legal_entity_id,
        manager: filters.manager_id,
        "state": filters.status or None,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    return search_persons(rows, filters.text)


def person_for_actor(actor: Actor, person_id: UUID, *, permission: Permission = READ_PERSON) -> Person:
    """Return one person; not in the actor's scope and not there are the same `Http404`."""
    scope = actor.scope(permission).q(person="id")
    rows = Person.objects.select_related("org_unit", "position", "manager", "legal_entity")
    found = rows.filter(scope, id=person_id).first()
    if found is None:
        raise Http404
    return found


def person_by_number_or_name(actor: Actor, text: str) -> UUID | None:
    """Return who has this number, or this name alone; among whom the actor may see. For typing a manager in."""
    rows = persons_for_actor(actor).exclude(status=PersonStatus.LEFT)
    for wanted in (Q(employee_number__iexact=text), Q(name=text)):
        found = list(rows.filter(wanted).values_list("id", flat=True)[:2])
        if len(found) == 1:
            return found[0]
    return None


def visible_person_ids(actor: Actor, person_ids: set[UUID]) -> set[UUID]:
    """Return those of the persons that the actor may see."""
    if not person_ids or not actor.can(READ_PERSON):
        return set()
    scope = actor.scope(READ_PERSON).q(person="id")
    return set(Person.objects.filter(scope, id__in=person_ids).values_list("id", flat=True))
