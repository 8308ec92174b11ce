"""Handing signed heads out of the database, so that a chain cut short there can be told from a short one."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from zhiheng.audit.calc.head import BadHead, Head, parse_heads
from zhiheng.audit.queries.chain import current_head
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant


def export_head(tenant_id: UUID) -> Head | None:
    """Return the signed end of a tenant's chain; ``None`` before its first entry."""
    with tenant_context(tenant_id):
        return current_head()


def load_heads(path: Path) -> list[Head]:
    """Read a file of exported heads; raises `BadHead` naming the line, `OSError` if it cannot be read."""
    try:
        return parse_heads(path.read_text(encoding="utf-8").splitlines())
    except UnicodeDecodeError as error:
        raise BadHead(f"{path.name} is no text file of signed heads") from error


def append_heads(path: Path) -> int:
    """Append the heads of all tenants that moved on since the file's last line of each; return how many."""
    heads = [
        export_head(tenant_id) for tenant_id in Tenant.objects.order_by("id").values_list("id", flat=True)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        written = _last_seq(file)
        fresh = [each for each in heads if each and each.seq != written.get(each.tenant_id)]
        file.writelines(f"{each.as_json()}\n" for each in fresh)
    return len(fresh)


def _last_seq(lines: Iterable[str]) -> dict[UUID, int]:
    """Return the last exported number of each tenant; lines that are no heads are passed over."""
    found: dict[UUID, int] = {}
    for line in lines:
        try:
            found.update({each.tenant_id: each.seq for each in parse_heads([line])})
        except BadHead:
            continue
    return found
