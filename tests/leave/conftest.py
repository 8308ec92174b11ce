"""A company with types of leave and three people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone
from tests.factories import (
    actor_for,
    make_legal_entity,
    make_member,
    make_org_unit,
    make_person,
    make_tenant,
    system_actor,
)

from zhiheng.access.actor import Actor
from zhiheng.leave.models import LeaveType
from zhiheng.leave.queries.balances import Balance, balances_of
from zhiheng.leave.services.catalogue import load_leave_types
from zhiheng.leave.services.grants import run_leave_day
from zhiheng.people.models import Person
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant

TODAY = dt.date(2026, 3, 2)  # a Monday


@dataclass
class Company:
    tenant: Tenant
    entity: LegalEntity
    unit: OrgUnit
    person: Person
    system: Actor
    hr: Actor
    employee: Actor

    def kind(self, code: str) -> LeaveType:
        return LeaveType.objects.get(code=code)

    def balance(self, code: str = "annual", on: dt.date = TODAY, person_id: UUID | None = None) -> Balance:
        rows = balances_of(person_id or self.person.id, on)
        return next(row for row in rows if row.type_code == code)

    def left(self, code: str = "annual", on: dt.date = TODAY) -> Decimal:
        return self.balance(code, on).left

    def run(self, today: dt.date = TODAY):
        return run_leave_day(actor=self.system, today=today)


@pytest.fixture
def company(db) -> Company:
    tenant = make_tenant()
    entity = make_legal_entity(tenant, code="S")
    unit = make_org_unit(entity)
    person = make_person(unit, "李明", hired_on=dt.date(2020, 1, 1))
    hr = actor_for(make_member(tenant, "hr"), tenant)
    employee = actor_for(make_member(tenant, "employee", person), tenant)
    return Company(tenant, entity, unit, person, system_actor(tenant), hr, employee)


@pytest.fixture
def on_monday(monkeypatch):
    """Let it be `TODAY`."""
    usual = timezone.localdate
    monkeypatch.setattr(
        timezone, "localdate", lambda value=None, zone=None: usual(value, zone) if value else TODAY
    )


@pytest.fixture
def inside(company, on_monday):
    """The company with its types, in force."""
    with tenant_context(company.tenant.id):
        load_leave_types(actor=company.system)
        company.run()
        yield company
