"""A process that loads 200,000 rows from where the connection's state says; run by `test_killed` and killed there.

Arguments: tenant, connection, number of rows.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from uuid import UUID

os.environ["DJANGO_SETTINGS_MODULE"] = "zhiheng.config.settings"

import django

django.setup()

from tests.factories.connectors import record, schema, state  # noqa: E402

from zhiheng.connectors.models import Connection, Sync  # noqa: E402
from zhiheng.connectors.services.loader import Loader  # noqa: E402
from zhiheng.tenancy.context import tenant_context  # noqa: E402

STATE_EVERY, OVERLAP = 3_000, 700


def lines(start: int, count: int) -> Iterator[bytes]:
    """Rows from ``start`` on, and some before it once more, as sources with a coarse clock send them."""
    yield schema("订单", "id", id="integer", 金额="number")
    for number in range(max(0, start - OVERLAP), count):
        yield record("订单", id=number, 客户=f"客户{number % 97}", 金额=number * 0.25)
        if number % STATE_EVERY == STATE_EVERY - 1:
            yield state({"next": number + 1})
    yield state({"next": count})


def main(tenant_id: UUID, connection_id: UUID, count: int) -> None:
    """Load all rows."""
    with tenant_context(tenant_id):
        connection = Connection.objects.get(id=connection_id)
        sync = Sync.objects.create(connection=connection, kind="manual", state="running")
    loader = Loader(tenant_id=tenant_id, sync_id=sync.id, attempt=1)
    loader.load(lines(connection.state.get("next", 0), count))
    loader.finish()


if __name__ == "__main__":
    main(UUID(sys.argv[1]), UUID(sys.argv[2]), int(sys.argv[3]))
