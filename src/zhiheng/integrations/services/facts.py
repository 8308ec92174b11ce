"""Adding rows that a domain of the product knows itself, such as working time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from zhiheng.integrations.calc.payload import canonical_payload, record_key
from zhiheng.integrations.models import Record
from zhiheng.integrations.queries.employees import PLACE, place_employees
from zhiheng.integrations.queries.streams import StreamInfo, stream_by_code
from zhiheng.integrations.services.records import Added, NewRecord, add_records


@dataclass(frozen=True)
class Fact:
    """A row of a stream by the names of its fields; ``is_withdrawn``: it no longer holds."""

    values: Mapping[str, object]
    is_withdrawn: bool = False


def put_records(*, stream_code: str, facts: Sequence[Fact]) -> Added:
    """Bring rows of a stream with a subject up to date: changed ones as new revisions, equal ones left alone.

    Rows of numbers that nobody has are left out, and so are withdrawals of rows that never were. Checks no scope:
    callers do. LookupError for a stream that is not there.
    """
    stream = stream_by_code(stream_code)
    placed = _placed(stream, facts)
    rows = [
        NewRecord(
            record_key(fact.values, stream.key_fields), fact.values[stream.occurred_field],
            canonical_payload(fact.values), place[1], place[0], place[2], None, fact.is_withdrawn,
        )
        for fact, place in zip(facts, placed, strict=True)
        if place[0] is not None
    ]  # fmt: skip
    known = _known(stream.id, [row.key for row in rows if row.is_withdrawn])
    return add_records(stream_id=stream.id, rows=[r for r in rows if not r.is_withdrawn or r.key in known])


def _placed(stream: StreamInfo, facts: Sequence[Fact]) -> list[tuple[Any, Any, Any]]:
    """Return person, legal entity and org unit of each row on its day."""
    frame = pl.DataFrame(
        {
            "number": [str(each.values[stream.subject_field]) for each in facts],
            "day": [each.values[stream.occurred_field] for each in facts],
        },
        schema={"number": pl.String, "day": pl.Date},
    )
    rows = place_employees(frame, "number", "day").select(*PLACE).iter_rows()
    return [tuple(UUID(each) if each else None for each in row) for row in rows]


def _known(stream_id: UUID, keys: Sequence[str]) -> set[str]:
    return (
        set(Record.objects.filter(stream_id=stream_id, key__in=keys).values_list("key", flat=True))
        if keys
        else set()
    )
