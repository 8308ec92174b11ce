"""What the tests of the audit log share."""

from __future__ import annotations

import pytest
from django.db import connections
from tests.factories import make_tenant, system_actor

from zhiheng.audit.public import record
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def tenant(db):
    return make_tenant("甲公司")


@pytest.fixture
def chain(tenant):
    """Record entries 1 to 5 of the tenant; returns their ids."""
    actor = system_actor(tenant)
    ids = []
    for number in range(1, 6):
        with tenant_context(tenant.id):
            ids.append(
                record(
                    actor, "people.person.create", subject=("people.person", number), payload={"n": number}
                )
            )
    return ids


def as_owner(sql: str, *params: object) -> list[tuple]:
    """Run a statement as the owner of the tables, whom neither row security nor missing rights stop."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
