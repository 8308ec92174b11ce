"""Adding rows by the names of their fields: what a domain knows itself, or made of the rows of a system."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from zhiheng.integrations.calc.payload import canonical_payload, record_key
from zhiheng.integrations.models import Record
from zhiheng.integrations.queries.employees import PLACE, place_employees
from zhiheng.integrations.queries.records import latest_of_origins
from zhiheng.integrations.queries.streams import StreamInfo, stream_by_code
from zhiheng.integrations.services.records import Added, NewRecord, add_records


@dataclass(frozen=True)
class Fact:
    """A row of a stream by the names of its fields; ``is_withdrawn``: it no longer holds.

    ``origin`` is the raw row that it was made of, and its revision.
    """

    values: Mapping[str, object]
    is_withdrawn: bool = False
    origin: tuple[UUID, int] | None = None


def put_records(*, stream_code: str, facts: Sequence[Fact], origins: Collection[UUID] = ()) -> Added:
    """Bring rows of a stream up to date: changed ones as new revisions, equal ones left alone.

    What else was made of the raw rows ``origins`` is withdrawn. Rows of numbers that nobody has are left out (see
    `facts_of_nobody`), and so are withdrawals of rows that never were. Checks no scope: callers do. LookupError for a
    stream that is not there.
    """
    stream = stream_by_code(stream_code)
    rows = [
        NewRecord(
            record_key(fact.values, stream.key_fields), fact.values[stream.occurred_field],
            canonical_payload(fact.values), place[1], place[0], place[2], None, fact.is_withdrawn, fact.origin,
        )
        for fact, place in zip(facts, _placed(stream, facts), strict=True)
        if place[1] is not None
    ]  # fmt: skip
    known = _known(stream.id, [row.key for row in rows if row.is_withdrawn])
    rows = [row for row in rows if not row.is_withdrawn or row.key in known]
    return add_records(stream_id=stream.id, rows=[*rows, *_left(stream, {r.key for r in rows}, origins)])


def facts_of_nobody(stream: StreamInfo, facts: Sequence[Fact]) -> list[int]:
    """Return the places of the facts whose employee number nobody has, or several people of different companies."""
    return [at for at, place in enumerate(_placed(stream, facts)) if place[1] is None]


def _placed(stream: StreamInfo, facts: Sequence[Fact]) -> list[tuple[Any, Any, Any]]:
    """Return person, legal entity and org unit of each row on its day."""
    nobody = (None, stream.legal_entity_id, None)
    if not stream.subject_field:
        return [nobody] * len(facts)
    frame = pl.DataFrame(
        {
            "number": [each.values[stream.subject_field] for each in facts],
            "day": [each.values[stream.occurred_field] for each in facts],
        },
        schema={"number": pl.String, "day": pl.Date},
        strict=False,
    )
    rows = place_employees(frame, "number", "day").select("number", *PLACE).iter_rows()
    return [
        tuple(UUID(each) if each else None for each in place) if number else nobody for number, *place in rows
    ]


def _known(stream_id: UUID, keys: Sequence[str]) -> set[str]:
    return (
        set(Record.objects.filter(stream_id=stream_id, key__in=keys).values_list("key", flat=True))
        if keys
        else set()
    )


def _left(stream: StreamInfo, keys: set[str], origins: Collection[UUID]) -> list[NewRecord]:
    """Return the withdrawals of what raw rows made before and no longer make."""
    return [
        NewRecord(
            each.key, each.occurred_on, each.payload, each.legal_entity_id, each.person_id, each.org_unit_id,
            None, True, (each.origin_id, each.origin_revision),
        )
        for each in latest_of_origins(stream.id, origins)
        if each.key not in keys
    ]  # fmt: skip
