"""A person, for the tests of access."""

from __future__ import annotations

from itertools import count

from zhiheng.people.models import Person
from zhiheng.tenancy.context import tenant_context

_number = count(1)


def make_person(legal_entity, unit=None, number: str | None = None) -> Person:
    """Make a person of a subsidiary, without any employment."""
    with tenant_context(legal_entity.tenant_id):
        return Person.objects.create(
            name="李四",
            search_text="李四",
            status="active",
            employee_number=number or f"N{next(_number)}",
            legal_entity=legal_entity,
            org_unit=unit,
        )
