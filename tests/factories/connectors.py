"""Sources that are read by a connector."""

from __future__ import annotations

import json
from uuid import UUID

from zhiheng.connectors.models import Connection, Sync
from zhiheng.integrations.models import Source
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant


def make_connection(tenant: Tenant, code: str = "erp", connector: str = "test", **more: object) -> Connection:
    """Make a source that a connector reads."""
    with tenant_context(tenant.id):
        source = Source.objects.create(code=code, name=f"{code} 系统", kind="erp")
        return Connection.objects.create(source=source, connector=connector, **more)


def make_sync(connection: Connection, **more: object) -> Sync:
    """Make a running sync."""
    with tenant_context(connection.tenant_id):
        return Sync.objects.create(connection=connection, **{"kind": "manual", "state": "running", **more})


def schema(stream: str, *keys: str, is_complete: bool = False, **types: str) -> bytes:
    """Return the line that declares a stream."""
    properties = {name: {"type": kind} for name, kind in types.items()}
    return line(
        type="SCHEMA", stream=stream, schema={"properties": properties}, key_properties=list(keys),
        is_complete=is_complete,
    )  # fmt: skip


def record(stream: str, **row: object) -> bytes:
    """Return the line of a row."""
    return line(type="RECORD", stream=stream, record=row)


def state(value: object) -> bytes:
    """Return the line that says how far a connector has read."""
    return line(type="STATE", value=value)


def line(**message: object) -> bytes:
    """Return a message as a connector prints it."""
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def running(connection: Connection) -> dict[str, UUID | int]:
    """Return what a loader needs for a new sync of a connection."""
    return {"tenant_id": connection.tenant_id, "sync_id": make_sync(connection).id, "attempt": 1}
