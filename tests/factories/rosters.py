"""Shifts and a workshop that works them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from tests.factories.access import system_actor
from tests.factories.people import make_person
from tests.factories.tenancy import make_legal_entity, make_org_unit, make_tenant

from zhiheng.access.actor import Actor
from zhiheng.people.models import Person
from zhiheng.rosters.calc.shift import Shift
from zhiheng.rosters.services.shifts import ShiftLook, save_shift
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit, Tenant

_number = count(1)
MONDAY = dt.date(2026, 8, 3)


def make_shift(actor: Actor, name: str, *segments: tuple[int, int], **more: object) -> UUID:
    """Make a fixed shift with these segments."""
    look = ShiftLook(str(more.pop("code", f"B{next(_number)}")), name)
    return save_shift(actor=actor, look=look, kind="fixed", times=Shift(segments=segments), **more)


@dataclass(frozen=True)
class Workshop:
    """Two departments of one subsidiary; ann and bob work in the first, cleo in the second."""

    tenant: Tenant
    actor: Actor
    line: OrgUnit
    store: OrgUnit
    ann: Person
    bob: Person
    cleo: Person
    early: UUID
    late: UUID
    night: UUID


def make_workshop() -> Workshop:
    """Make the workshop with an early, a late and a night shift, assigned to nobody."""
    tenant = make_tenant()
    entity = make_legal_entity(tenant)
    line, store = make_org_unit(entity, "一线"), make_org_unit(entity, "仓库")
    actor = system_actor(tenant)
    people = [make_person(unit, name) for unit, name in ((line, "安安"), (line, "白白"), (store, "陈晨"))]
    with tenant_context(tenant.id):
        early = make_shift(actor, "早班", (480, 960), code="E")
        late = make_shift(actor, "中班", (960, 1440), code="L")
        night = make_shift(actor, "夜班", (1320, 1800), code="N")
    return Workshop(tenant, actor, line, store, *people, early, late, night)
