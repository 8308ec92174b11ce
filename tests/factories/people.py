"""Persons, positions and what they do over time, made by the services."""

from __future__ import annotations

from datetime import date
from itertools import count

from tests.factories.access import system_actor

from zhiheng.people import services
from zhiheng.people.models import Person, Position
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit, Tenant

_number = count(1)


def make_position(tenant: Tenant, name: str = "销售代表", code: str | None = None) -> Position:
    """Make a position."""
    with tenant_context(tenant.id):
        return Position.objects.create(name=name, code=code or f"P{next(_number)}")


def make_person(org_unit: OrgUnit, name: str = "李明", **fields: object) -> Person:
    """Hire somebody into ``org_unit`` on 2020-01-01, unless ``hired_on`` says otherwise."""
    given = {"employee_number": f"E{next(_number):05}", "hired_on": date(2020, 1, 1), **fields}
    with tenant_context(org_unit.tenant_id):
        tenant = Tenant.objects.get(id=org_unit.tenant_id)
        return services.hire_person(actor=system_actor(tenant), name=name, org_unit_id=org_unit.id, **given)
