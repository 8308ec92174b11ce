"""A small company with a site in Shanghai, somebody who works there and somebody who decides about punches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

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
from zhiheng.access.models import User
from zhiheng.attendance.services.sites import SiteDraft, assign_site, save_site
from zhiheng.people.models import Person
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit, Tenant

NOON = dt.datetime(2026, 7, 8, 4, 0, tzinfo=dt.UTC)
BUND = (Decimal("31.230416"), Decimal("121.473701"))
FIRST_DAY = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class Yard:
    """The company; the site is a circle of 200 m around the Bund in Shanghai, offered to the whole unit."""

    tenant: Tenant
    unit: OrgUnit
    ann: Person
    ann_user: User
    hr_user: User
    site_id: UUID
    system: Actor

    @property
    def ann_actor(self) -> Actor:
        return actor_for(self.ann_user, self.tenant)

    @property
    def hr(self) -> Actor:
        return actor_for(self.hr_user, self.tenant)


def site_draft(legal_entity_id: UUID, **changes: object) -> SiteDraft:
    given = {
        "code": "BUND", "name": "外滩办公室", "methods": ["gps", "wifi", "qr"], "datum": "wgs84",
        "latitude": BUND[0], "longitude": BUND[1], "wifi": ["203.0.113.0/24", "AA-BB-CC-00-11-22"], **changes,
    }  # fmt: skip
    return SiteDraft(legal_entity_id=legal_entity_id, **given)


def make_yard(name: str = "院子公司", **site: object) -> Yard:
    tenant = make_tenant(name)
    unit = make_org_unit(make_legal_entity(tenant), "车间")
    ann = make_person(unit, "安安", employee_number="A1")
    ann_user, hr_user = make_member(tenant, "employee", person=ann), make_member(tenant, "hr")
    system = system_actor(tenant)
    with tenant_context(tenant.id):
        site_id = save_site(actor=system, draft=site_draft(unit.legal_entity_id, **site))
        assign_site(actor=system, site_id=site_id, from_on=FIRST_DAY, org_unit_id=unit.id)
    return Yard(tenant, unit, ann, ann_user, hr_user, site_id, system)
