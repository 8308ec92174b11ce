from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.factories import make_legal_entity, make_org_unit, make_tenant
from tests.factories.access import system_actor
from tests.factories.performance import make_worker
from tests.factories.terminals import GATEWAY, Device, make_terminal

from zhiheng.access.actor import Actor
from zhiheng.people.models import Person
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant
from zhiheng.terminals.models import Terminal


@dataclass
class Plant:
    """A company with a terminal at its door and three people: 1001 安安, 1002 白白, E00003 陈晨."""

    tenant: Tenant
    entity: LegalEntity
    unit: OrgUnit
    actor: Actor
    ann: Person
    bob: Person
    cleo: Person
    terminal: Terminal
    device: Device

    def context(self):
        return tenant_context(self.tenant.id)


@pytest.fixture
def gateway(settings):
    """Let the test client talk to the gateway instead of the pages."""
    for name, value in GATEWAY.items():
        setattr(settings, name, value)


@pytest.fixture
def plant(db, gateway):
    tenant = make_tenant()
    entity = make_legal_entity(tenant)
    unit = make_org_unit(entity)
    people = [
        make_worker(unit, name, number)
        for name, number in (("安安", "1001"), ("白白", "1002"), ("陈晨", "E00003"))
    ]
    terminal = make_terminal(tenant, entity)
    return Plant(tenant, entity, unit, system_actor(tenant), *people, terminal, Device())
