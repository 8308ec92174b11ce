"""The one place that writes what holds of people today into the columns of `Person`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhiheng.people.calc.pinyin import search_text
from zhiheng.people.models import Employment, Person

# Of several spells the one of the day counts, else the next to come, else the last one.
_NEAREST = (
    "ORDER BY CASE WHEN {0}.valid @> %(on)s::date THEN 0 "
    "WHEN lower({0}.valid) > %(on)s::date THEN 1 ELSE 2 END, "
    "abs(lower({0}.valid) - %(on)s::date) LIMIT 1"
)
_REFRESH = f"""
UPDATE people_person AS person SET
    legal_entity_id = now_on.legal_entity_id, employee_number = now_on.employee_number,
    hired_on = now_on.hired_on, left_on = now_on.left_on, status = now_on.status,
    org_unit_id = now_on.org_unit_id, position_id = now_on.position_id, manager_id = now_on.manager_id
FROM (
    SELECT p.id, spell.legal_entity_id, spell.employee_number,
        coalesce(spell.service_from, lower(spell.valid)) AS hired_on, upper(spell.valid) - 1 AS left_on,
        CASE
            WHEN lower(spell.valid) > %(on)s::date THEN 'upcoming'
            WHEN upper(spell.valid) <= %(on)s::date THEN 'left'
            WHEN spell.probation_until >= %(on)s::date THEN 'probation'
            ELSE 'active'
        END AS status,
        stay.org_unit_id, stay.position_id, stay.manager_id
    FROM people_person p
    CROSS JOIN LATERAL (
        SELECT e.* FROM people_employment e
        WHERE e.tenant_id = p.tenant_id AND e.person_id = p.id {_NEAREST.format("e")}
    ) AS spell
    LEFT JOIN LATERAL (
        SELECT a.* FROM people_assignment a
        WHERE a.tenant_id = p.tenant_id AND a.employment_id = spell.id AND a.is_primary {_NEAREST.format("a")}
    ) AS stay ON true
    WHERE {{which}}
) AS now_on
WHERE person.id = now_on.id AND person.tenant_id = %(tenant)s AND (
    person.legal_entity_id, person.employee_number, person.hired_on, person.left_on, person.status,
    person.org_unit_id, person.position_id, person.manager_id
) IS DISTINCT FROM (
    now_on.legal_entity_id, now_on.employee_number, now_on.hired_on, now_on.left_on, now_on.status,
    now_on.org_unit_id, now_on.position_id, now_on.manager_id
)
"""  # noqa: S608 - only literals of this module
_FOLLOW = """
UPDATE people_personidentifier AS held SET legal_entity_id = person.legal_entity_id
FROM people_person AS person
WHERE person.tenant_id = held.tenant_id AND person.id = held.person_id AND held.tenant_id = %(tenant)s
    AND person.legal_entity_id <> held.legal_entity_id
"""


def refresh_person_snapshots(
    *, tenant_id: UUID, person_ids: Collection[UUID] | None = None, on: date | None = None
) -> int:
    """Bring the columns of persons in line with what holds ``on`` that day; returns how many changed.

    ``None`` persons are all of the tenant's. Runs in the tenant's context; rows already right stay untouched.
    """
    values = {"on": on or timezone.localdate(), "tenant": tenant_id, "ids": list(person_ids or ())}
    which = "p.tenant_id = %(tenant)s" + ("" if person_ids is None else " AND p.id = ANY(%(ids)s)")
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH.format(which=which), values)
        changed = cursor.rowcount
        if changed:
            cursor.execute(_FOLLOW + ("" if person_ids is None else " AND person.id = ANY(%(ids)s)"), values)
    return changed


def refresh_search_texts(person_ids: Collection[UUID]) -> None:
    """Write what persons are found by: names with readings, e-mail, and every number they ever had."""
    numbers: dict[UUID, list[str]] = defaultdict(list)
    rows = Employment.objects.filter(person_id__in=person_ids).order_by("-valid")
    for person_id, number in rows.values_list("person_id", "employee_number"):
        numbers[person_id].append(number)
    persons = list(Person.objects.filter(id__in=person_ids).only("id", "tenant_id", "name", "email"))
    for person in persons:
        own = dict.fromkeys(numbers[person.id])
        person.search_text = search_text(person.name, " ".join(own), person.email)
    Person.objects.bulk_update(persons, ["search_text"], batch_size=1000)


def settle_person(person: Person) -> Person:
    """Finish a change of one person: snapshot, search text, mark of the change; returns them read anew."""
    refresh_person_snapshots(tenant_id=person.tenant_id, person_ids=[person.id])
    refresh_search_texts([person.id])
    Person.objects.filter(id=person.id).update(changed_at=timezone.now())
    return Person.objects.select_related("org_unit", "position", "manager", "legal_entity").get(id=person.id)
