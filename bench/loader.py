"""Loading rows that a connector prints: CPU of the loading process, and the time until all are in the database."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import time
from collections.abc import Iterator
from uuid import UUID

from bench._database import scratch_database

STATE_EVERY = 10_000


def main() -> None:
    """Load the rows, load them again, print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    given = parser.parse_args()
    with scratch_database():
        print(json.dumps(measure(given.records)), flush=True)


def lines(count: int) -> Iterator[bytes]:
    """Small rows of orders as a tap prints them."""
    properties = {"no": {"type": "string"}, "amount": {"type": "number"}}
    yield _line(type="SCHEMA", stream="订单", schema={"properties": properties}, key_properties=["no"])
    day = dt.date(2026, 1, 1)
    for number in range(count):
        record = {
            "no": f"SO{number:07}", "客户": f"客户{number % 997}", "业务员": f"P{number % 61:03}",
            "date": (day + dt.timedelta(days=number % 300)).isoformat(), "amount": number * 1.25, "qty": number % 9,
        }  # fmt: skip
        yield _line(type="RECORD", stream="订单", record=record)
        if number % STATE_EVERY == STATE_EVERY - 1:
            yield _line(type="STATE", value={"bookmark": number})
    yield _line(type="STATE", value={"bookmark": count})


def _line(**message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def sync_of(tenant_id: UUID) -> UUID:
    """Make a source with a connection and a running sync; return the sync."""
    from zhiheng.connectors.models import Connection, Sync
    from zhiheng.integrations.models import Source
    from zhiheng.tenancy.context import tenant_context

    with tenant_context(tenant_id):
        source = Source.objects.filter(code="bench").first() or Source.objects.create(code="bench", name="源")
        connection = Connection.objects.get_or_create(source=source, defaults={"connector": "bench"})[0]
        return Sync.objects.create(connection=connection, kind="manual", state="running").id


def measure(count: int) -> dict[str, object]:
    """Figures of a first load and of the same rows again."""
    from zhiheng.connectors.services.loader import Loader
    from zhiheng.tenancy.models import Tenant

    tenant_id = Tenant.objects.create(name="基准公司", slug="bench").id
    rows = list(lines(count))
    taken = []
    for _time in range(2):
        loader = Loader(tenant_id=tenant_id, sync_id=sync_of(tenant_id), attempt=1)
        wall, cpu = time.perf_counter(), time.process_time()
        loader.load(rows)
        loader.finish()
        taken.append((time.perf_counter() - wall, time.process_time() - cpu, vars(loader.counts["订单"])))
    (first, cpu, counts), (again, cpu_again, counts_again) = taken
    assert (counts["created"], counts_again["unchanged"]) == (count, count), (counts, counts_again)
    return {
        "bench": "loader",
        "records": count,
        "loader_cpu_s": round(cpu, 2),
        "records_per_cpu_s": round(count / cpu),
        "total_s": round(first, 2),
        "again_cpu_s": round(cpu_again, 2),
        "again_s": round(again, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


if __name__ == "__main__":
    main()
