"""A tenant, an HR actor and a registered target."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from tests.dataimport.targets import PersonTarget
from tests.factories import actor_for, make_member, make_tenant

from zhiheng.access.actor import WHOLE_TENANT, Actor
from zhiheng.dataimport.queries import targets
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant


@pytest.fixture
def target() -> Iterator[PersonTarget]:
    made = PersonTarget()
    targets.register_target(made)
    yield made
    del targets._targets[made.code]


@pytest.fixture
def tenant(db) -> Tenant:
    return make_tenant("三合贸易")


def importer(tenant: Tenant, role: str = "hr") -> Actor:
    """A member of the tenant who also holds the right of the test target."""
    actor = actor_for(make_member(tenant, role=role), tenant)
    return dataclasses.replace(actor, grants={**actor.grants, PersonTarget.permission.code: WHOLE_TENANT})


@pytest.fixture
def actor(tenant: Tenant) -> Iterator[Actor]:
    """An HR member, inside the tenant's context."""
    made = importer(tenant)
    with tenant_context(tenant.id):
        yield made
