"""Keeping values of metrics up to date in a tenant with many orders: after a thousand new ones of the last week,
after a thousand spread over two years, and from nothing."""

from __future__ import annotations

import argparse
import datetime as dt
import time

from bench._database import scratch_database
from bench._measure import report

BATCH, NEW, LIMIT_S = 100_000, 1_000, 2.0


def orders(company, stream_id, numbers: range, days: range = range(690)) -> None:
    """Add orders of some days after 2025 began, of the people of `bench.pages`."""
    from zhiheng.integrations.services.records import NewRecord, add_records

    rows = []
    for number in numbers:
        person_id, entity_id, unit_id = company.places[company.chance.randrange(len(company.places))]
        day = dt.date(2025, 1, 1) + dt.timedelta(days=company.chance.choice(days))
        payload = {
            "order_id": str(number), "order_date": day.isoformat(), "customer": f"C{company.chance.randrange(30_000)}",
            "seller": "", "amount": f"{company.chance.randrange(100, 9999)}.5",
        }  # fmt: skip
        rows.append(NewRecord(str(number), day, payload, entity_id, person_id, unit_id))
    add_records(stream_id=stream_id, rows=rows)


def refreshed() -> tuple[float, int]:
    """Refresh in a transaction of its own; return seconds and how many spans were computed."""
    from zhiheng.metrics.services.live import refresh_live_values

    started = time.perf_counter()
    done = refresh_live_values()
    return time.perf_counter() - started, done.spans


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    given = parser.parse_args()
    with scratch_database():
        from bench.pages import Company
        from zhiheng.integrations.public import record_frame, stream_by_code
        from zhiheng.people.models import Person

        company = Company()
        with company.context():
            company.places = list(Person.objects.values_list("id", "legal_entity_id", "org_unit_id"))
            stream = stream_by_code("orders")
        for start in range(1_000_000, 1_000_000 + given.orders, BATCH):
            with company.context():
                orders(company, stream.id, range(start, min(start + BATCH, 1_000_000 + given.orders)))
        with company.context():
            built_s, built = refreshed()
        taken = []
        for start, days in ((10_000_000, range(683, 690)), (20_000_000, range(690))):  # a week's; two years'
            with company.context():
                orders(company, stream.id, range(start, start + NEW), days)
            with company.context():
                taken.append(refreshed())
        (refresh_s, spans), (spread_s, spread_spans) = taken
        with company.context():
            rows = len(record_frame(stream))
    report(
        "metrics", orders=rows, new=NEW, refresh_s=round(refresh_s, 2), spans=spans, spread_s=round(spread_s, 2),
        spread_spans=spread_spans, built_s=round(built_s, 2), built_spans=built, ok=refresh_s < LIMIT_S,
    )  # fmt: skip


if __name__ == "__main__":
    main()
