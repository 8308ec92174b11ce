"""Records: the current ones, those of a past instant, and frames of them for calculations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.integrations.choices import FieldKind
from zhiheng.integrations.models import Change, Record, Stream
from zhiheng.integrations.policies import READ_RECORD
from zhiheng.integrations.queries.streams import StreamField, StreamInfo
from zhiheng.tenancy.context import current_tenant_id, tenant_context

# Of every key the latest revision, unless that one withdraws it; the last parameter is the instant looked at.
# Of each row of the period, whether it is the latest revision known by then: cheaper than to sort the whole stream.
_FRAME_SQL = """
SELECT {columns} FROM integrations_record mine
WHERE tenant_id = %s AND stream_id = %s AND occurred_on >= %s AND occurred_on < %s AND NOT is_withdrawn
    AND (%s::timestamptz IS NULL OR received_at <= %s)
    AND NOT EXISTS (
        SELECT 1 FROM integrations_record later
        WHERE later.tenant_id = mine.tenant_id AND later.stream_id = mine.stream_id AND later.key = mine.key
            AND later.revision > 1 AND later.revision > mine.revision
            AND (%s::timestamptz IS NULL OR later.received_at <= %s)
    )
{rest}"""
_HEAD = {
    "record_id": pl.String, "key": pl.String, "person_id": pl.String, "occurred_on": pl.Date,
    "payload_hash": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class RecordRow:
    """A record as other domains see it."""

    id: UUID
    stream_id: UUID
    key: str
    revision: int
    occurred_on: dt.date
    payload: dict[str, Any]
    person_id: UUID | None


def current_records() -> QuerySet[Record]:
    """Return of every key the latest revision, without those withdrawn."""
    later = Record.objects.filter(
        Q(revision__gt=1),
        stream_id=OuterRef("stream_id"),
        key=OuterRef("key"),
        revision__gt=OuterRef("revision"),
    )
    return Record.objects.filter(~Exists(later), is_withdrawn=False)


def records_for_actor(actor: Actor) -> QuerySet[Record]:
    """Return the current records that the actor may see."""
    scope = actor.scope(READ_RECORD).q()
    return current_records().filter(scope).select_related("person", "stream", "org_unit")


def latest_occurred_on() -> dt.date | None:
    """Return the day of the tenant's latest record, whichever subsidiary it is of."""
    with tenant_context(current_tenant_id()):
        # Of each stream by its index, instead of over all records.
        newest = (
            Record.objects.filter(stream_id=OuterRef("id")).order_by("-occurred_on").values("occurred_on")[:1]
        )
        return Stream.objects.aggregate(latest=Max(Subquery(newest)))["latest"]


def record_for_actor(actor: Actor, record_id: UUID) -> Record:
    """Return one record, of any revision; 404 when it is not there or not the actor's to see."""
    scope = actor.scope(READ_RECORD).q()
    found = Record.objects.filter(scope, id=record_id)
    record = found.select_related("person", "stream__source", "org_unit", "legal_entity").first()
    if record is None:
        raise Http404
    return record


def revisions_for_actor(actor: Actor, record: Record) -> QuerySet[Record]:
    """Return the revisions of a record's key that the actor may see, latest first."""
    scope = actor.scope(READ_RECORD).q()
    same_key = Record.objects.filter(scope, stream_id=record.stream_id, key=record.key)
    return same_key.select_related("person").order_by("-revision")


def records_with_ids(actor: Actor, record_ids: Iterable[UUID]) -> QuerySet[Record]:
    """Return those of the records that the actor may see, oldest first."""
    scope = actor.scope(READ_RECORD).q()
    return Record.objects.filter(scope, id__in=list(record_ids)).order_by("occurred_on", "key")


def record_frame(
    stream: StreamInfo,
    names: Sequence[str] = (),
    *,
    as_of: dt.datetime | None = None,
    since: dt.date = dt.date.min,
    until: dt.date = dt.date.max,
) -> pl.DataFrame:
    """Return the records of a stream with some of their fields, as they stood at an instant (None: now).

    Only those that occurred on ``since`` or later and before ``until``.

    Columns: record_id, key, person_id (null without a person), occurred_on, payload_hash, then ``names``,
    typed as the stream declares them. Names that it does not declare raise KeyError.
    """
    columns = ["id::text", "key", "person_id::text", "occurred_on", "payload_hash"]
    return _frame(stream, columns, names, "", (since, until, as_of))


def earlier_values(
    stream: StreamInfo, names: Sequence[str], before: dt.date, *, as_of: dt.datetime | None = None
) -> pl.DataFrame:
    """Return what stood in some fields of the records before a day: each combination once, as of an instant.

    Columns as those of `record_frame`: ``occurred_on`` is the first such day, the other heads are null.
    """
    columns = ["NULL", "NULL", "NULL", "min(occurred_on)", "NULL"]
    places = ", ".join(str(number) for number in range(len(columns) + 1, len(columns) + len(names) + 1))
    return _frame(stream, columns, names, f"GROUP BY {places}", (dt.date.min, before, as_of))


def _frame(stream: StreamInfo, columns: Sequence[str], names: Sequence[str], rest: str, span) -> pl.DataFrame:
    fields = [_declared(stream, name) for name in names]
    since, until, as_of = span
    statement = _FRAME_SQL.format(columns=", ".join([*columns, *["payload->>%s"] * len(names)]), rest=rest)
    params = [*names, current_tenant_id(), stream.id, since, until, *[as_of] * 4]
    raw = {f"_{index}": pl.String for index in range(len(fields))}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        frame = pl.DataFrame(cursor.fetchall(), schema={**_HEAD, **raw}, orient="row")
    typed = [_typed(pl.col(f"_{index}"), field).alias(field.name) for index, field in enumerate(fields)]
    return frame.select(*_HEAD, *typed)


def _declared(stream: StreamInfo, name: str) -> StreamField:
    field = stream.field(name)
    if field is None:
        raise KeyError(name)
    return field


def _typed(column: pl.Expr, field: StreamField) -> pl.Expr:
    if field.kind == FieldKind.DECIMAL:
        return column.str.to_decimal(scale=field.places).cast(pl.Decimal(38, field.places))
    if field.kind == FieldKind.BOOLEAN:
        return column == "true"
    if field.kind == FieldKind.DATE:
        return column.str.to_date("%Y-%m-%d")
    return column.cast(pl.Int64) if field.kind == FieldKind.INTEGER else column


@dataclass(frozen=True)
class ChangeInfo:
    """Word that records of a stream changed on days from ``first_on`` to ``last_on``."""

    id: UUID
    stream_id: UUID
    first_on: dt.date
    last_on: dt.date


def pending_changes() -> list[ChangeInfo]:
    """Return the changes that nobody has taken up yet, as far as this transaction sees them."""
    columns = ("id", "stream_id", "first_on", "last_on")
    return [ChangeInfo(*row) for row in Change.objects.values_list(*columns)]


def record_rows(record_ids: Iterable[UUID]) -> list[RecordRow]:
    """Return records by their ids, oldest first; ids that are not there are left out."""
    found = Record.objects.filter(id__in=list(record_ids)).order_by("occurred_on", "key")
    return [
        RecordRow(
            each.id, each.stream_id, each.key, each.revision, each.occurred_on, each.payload, each.person_id
        )
        for each in found
    ]


def latest_of_origins(stream_id: UUID, origins: Collection[UUID]) -> list[Record]:
    """Return the current records of a stream that were made of these raw rows. Checks no scope."""
    if not origins:
        return []
    return list(current_records().filter(stream_id=stream_id, origin_id__in=list(origins)).order_by("key"))


def origins_of_keys(stream_id: UUID, keys: Collection[str]) -> dict[str, UUID | None]:
    """Return the raw row behind the current record of each key that has one; None for one that is of no raw row."""
    rows = current_records().filter(stream_id=stream_id, key__in=list(keys))
    return dict(rows.values_list("key", "origin_id"))


def records_of_origin(actor: Actor, row_id: UUID) -> list[Record]:
    """Return the current records made of a raw row that the actor may see."""
    return list(records_for_actor(actor).filter(origin_id=row_id).order_by("stream__code", "key"))
