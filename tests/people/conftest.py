"""A company with two subsidiaries, a small tree, and people in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from tests.factories import (
    actor_for,
    make_legal_entity,
    make_member,
    make_org_unit,
    make_person,
    make_position,
    make_tenant,
    system_actor,
)

from zhiheng.access.actor import Actor
from zhiheng.people.models import Person, Position
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant


@dataclass
class Company:
    """What most tests of people start from."""

    tenant: Tenant
    entity: LegalEntity
    other_entity: LegalEntity
    root: OrgUnit
    sales: OrgUnit
    east: OrgUnit
    finance: OrgUnit
    branch: OrgUnit
    boss: Person
    seller: Person
    clerk: Person
    position: Position

    @property
    def hr(self) -> Actor:
        return self.actor("hr")

    @property
    def system(self) -> Actor:
        return system_actor(self.tenant)

    def actor(self, role: str, **confines: object) -> Actor:
        """Return a new member with a role as an actor."""
        return actor_for(make_member(self.tenant, role, **confines), self.tenant)


@pytest.fixture
def company(db: None) -> Company:
    tenant = make_tenant("示例集团")
    entity, other = make_legal_entity(tenant, "总公司"), make_legal_entity(tenant, "华东分公司")
    root = make_org_unit(entity, "总公司")
    sales = make_org_unit(entity, "销售部", root)
    east = make_org_unit(entity, "华东组", sales)
    finance = make_org_unit(entity, "财务部", root)
    branch = make_org_unit(other, "华东分公司")
    boss = make_person(root, "曾国强", employee_number="A001", hired_on=date(2018, 3, 1))
    seller = make_person(sales, "单小芳", employee_number="A002", manager_id=boss.id)
    clerk = make_person(finance, "Ken Sánchez", employee_number="A003", manager_id=boss.id)
    return Company(
        tenant, entity, other, root, sales, east, finance, branch, boss, seller, clerk, make_position(tenant)
    )


@pytest.fixture
def inside(company: Company):
    """Run the test as work of the company."""
    with tenant_context(company.tenant.id):
        yield company
