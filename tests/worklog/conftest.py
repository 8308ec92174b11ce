"""A small trading company: two departments, four people, three customers, and a clock that stands still."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
import pytest
from django.utils import timezone
from tests.factories import (
    actor_for,
    make_legal_entity,
    make_member,
    make_org_unit,
    make_tenant,
    system_actor,
)
from tests.factories.performance import make_worker

from zhiheng.access.actor import Actor
from zhiheng.people.models import Person
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit, Tenant
from zhiheng.worklog.queries import presence
from zhiheng.worklog.services.customers import CustomerData, save_customer

MONDAY = dt.date(2026, 11, 2)
WEST_LAKE = (Decimal("30.250000"), Decimal("120.150000"))


@dataclass(frozen=True)
class Firm:
    """The company; Ann and Bob sell in the east, Cleo in the west; Dora heads the east. ``lake`` is Ann's customer."""

    tenant: Tenant
    actor: Actor
    east: OrgUnit
    west: OrgUnit
    ann: Person
    bob: Person
    cleo: Person
    dora: Person

    def member(self, person: Person | None, role: str = "employee", unit: OrgUnit | None = None) -> Actor:
        """Return somebody as a member with a role."""
        with tenant_context(self.tenant.id):
            return actor_for(make_member(self.tenant, role, person, within_org_unit=unit), self.tenant)

    def customer(self, code: str, owner: Person | None, place: tuple[Decimal, Decimal] | None = WEST_LAKE):
        """Add a customer at a WGS-84 place."""
        latitude, longitude = place or (None, None)
        data = CustomerData(code, f"客户{code}", latitude=latitude, longitude=longitude, datum="wgs84")
        return save_customer(
            actor=self.actor,
            data=data,
            owner_id=owner.id if owner else None,
            legal_entity_id=self.east.legal_entity_id,
        )


@pytest.fixture
def company(db) -> Firm:
    """Make the company, outside any tenant context."""
    tenant = make_tenant("外勤公司")
    entity = make_legal_entity(tenant, "总公司")
    east, west = make_org_unit(entity, "东区"), make_org_unit(entity, "西区")
    ann, bob, dora = (make_worker(east, name) for name in ("安安", "白白", "朵朵"))
    return Firm(tenant, system_actor(tenant), east, west, ann, bob, make_worker(west, "陈晨"), dora)


@pytest.fixture
def firm(company):
    """Return the company, inside its tenant context."""
    with tenant_context(company.tenant.id):
        yield company


@dataclass
class Clock:
    """The server's clock, in local time."""

    now: dt.datetime

    def set(self, on: dt.date, text: str) -> None:
        """Set the clock to a local day and time."""
        hour, minute = text.split(":")
        self.now = dt.datetime(
            on.year, on.month, on.day, int(hour), int(minute), tzinfo=timezone.get_current_timezone()
        )


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Stop the server's clock on a Monday at nine."""
    stopped = Clock(dt.datetime(2026, 11, 2, 9, 0, tzinfo=timezone.get_current_timezone()))
    monkeypatch.setattr(timezone, "now", lambda: stopped.now.astimezone(dt.UTC))
    return stopped


SETTLED = {"person_id": pl.String, "on": pl.Date, "present": pl.Int64, "state": pl.String}


@dataclass
class Settled:
    """What attendance settled: minutes present by person and day."""

    minutes: dict[tuple[str, dt.date], int]

    def __call__(self, person_ids, first: dt.date, last: dt.date) -> pl.DataFrame:
        wanted = None if person_ids is None else {str(each) for each in person_ids}
        rows = [
            (person, on, minutes, "judged")
            for (person, on), minutes in self.minutes.items()
            if first <= on <= last and (wanted is None or person in wanted)
        ]
        return pl.DataFrame(rows, SETTLED, orient="row")


@pytest.fixture
def settled(monkeypatch) -> Settled:
    """Let attendance have settled nothing but what the test says."""
    found = Settled({})
    monkeypatch.setattr(presence, "settled_days", found)
    return found
