"""A company with two people whose faces are known from photos, and one who has none."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pytest
from tests.factories import (
    actor_for,
    make_legal_entity,
    make_member,
    make_org_unit,
    make_person,
    make_tenant,
    system_actor,
)
from tests.factories.faces import COLLINS, enrolment_photos

from zhiheng.access.actor import Actor
from zhiheng.faces.queries.consents import TEXT_VERSION
from zhiheng.faces.services import enrolment
from zhiheng.faces.services.consents import give_consent
from zhiheng.faces.services.enrolment import enrol_face
from zhiheng.people.models import Person
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant


@dataclass
class Plant:
    """What most tests of faces start from."""

    tenant: Tenant
    worker: Person
    colleague: Person
    worker_actor: Actor
    colleague_actor: Actor
    hr: Actor

    def member(self, role: str, **confines: object) -> Actor:
        """Return a new member with a role as an actor."""
        return actor_for(make_member(self.tenant, role, **confines), self.tenant)

    @property
    def system(self) -> Actor:
        return system_actor(self.tenant)


# The model says the same of the same photo; asked once, the tests take half the time.
_once = functools.cache(enrolment._good_photo)


@pytest.fixture(autouse=True)
def _look_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolment, "_good_photo", _once)


@pytest.fixture
def plant(db: None) -> Plant:
    tenant = make_tenant("示例制造")
    root = make_org_unit(make_legal_entity(tenant, "示例制造有限公司"), "一车间")
    worker = make_person(root, "柯琳", employee_number="A001")
    colleague = make_person(root, "何珀", employee_number="A002")
    actors = [actor_for(make_member(tenant, "employee", person=each), tenant) for each in (worker, colleague)]
    return Plant(tenant, worker, colleague, *actors, actor_for(make_member(tenant, "hr"), tenant))


@pytest.fixture
def inside(plant: Plant):
    """Run the test as work of the company."""
    with tenant_context(plant.tenant.id):
        yield plant


@pytest.fixture
def agreed(inside: Plant) -> Plant:
    """The worker agreed to the use of their face."""
    give_consent(actor=inside.worker_actor, text_version=TEXT_VERSION)
    return inside


@pytest.fixture
def enrolled(agreed: Plant) -> Plant:
    """The worker enrolled."""
    enrol_face(actor=agreed.worker_actor, photos=enrolment_photos(COLLINS))
    return agreed
