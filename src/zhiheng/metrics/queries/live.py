"""Values that are kept as the records now stand, read instead of computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

import polars as pl
from django.db import connection

from zhiheng.integrations.public import ChangeInfo, all_streams, pending_changes
from zhiheng.metrics.calc.aggregate import VALUE
from zhiheng.metrics.calc.definition import Definition
from zhiheng.metrics.models import LiveSpan
from zhiheng.tenancy.context import current_tenant_id

_VALUES = """
SELECT person_id::text, value::text, record_count,
    CASE WHEN %(listed)s::uuid[] IS NULL OR person_id = ANY(%(listed)s) THEN record_ids::text[] END,
    inputs_hash FROM metrics_livevalue
WHERE tenant_id = %(tenant)s AND span_id = %(span)s
    AND (%(wanted)s::uuid[] IS NULL OR person_id = ANY(%(wanted)s))
"""
_COLUMNS = {
    "person_id": pl.String, "value": pl.String, "record_count": pl.Int64, "record_ids": pl.List(pl.String),
    "digest": pl.String,
}  # fmt: skip


def is_touched(definition: Definition, since: dt.date, until: dt.date, changes: Iterable[ChangeInfo]) -> bool:
    """Tell whether changes of a definition's stream may have changed its values over a half-open period.

    Where first occurrences count, an earlier record counts too.
    """
    reaches_back = definition.aggregate == "count_first"
    return any(each.first_on < until and (reaches_back or each.last_on >= since) for each in changes)


def live_frames(
    definitions: Mapping[str, Definition],
    since: dt.date,
    until: dt.date,
    people: Sequence[str] | None,
    *,
    records_of: Collection[str] | None,
) -> dict[str, pl.DataFrame]:
    """Return frames of `metrics.calc.aggregate.SCHEMA`, without those who have zero, by code.

    Only of the aggregates whose values are kept and up to date; ``people`` None are all, and so
    are ``records_of``, whose records are listed.
    """
    hashes = {each.digest: code for code, each in definitions.items()}
    spans = LiveSpan.objects.filter(definition_hash__in=list(hashes), period_from=since, period_to=until)
    kept = dict(spans.values_list("definition_hash", "id"))
    if not kept:
        return {}
    touched = changes_by_stream(pending_changes())
    return {
        code: _values(kept[each.digest], people, records_of)
        for code, each in definitions.items()
        if each.digest in kept and not is_touched(each, since, until, touched.get(each.stream, ()))
    }


def changes_by_stream(changes: Sequence[ChangeInfo]) -> dict[str, list[ChangeInfo]]:
    """Return changes by the code of their stream."""
    if not changes:
        return {}
    codes = {each.id: each.code for each in all_streams()}
    touched: dict[str, list[ChangeInfo]] = {}
    for change in changes:
        touched.setdefault(codes.get(change.stream_id, ""), []).append(change)
    return touched


def _values(span_id: UUID, people: Sequence[str] | None, records_of: Collection[str] | None) -> pl.DataFrame:
    wanted, listed = (None if each is None else list(each) for each in (people, records_of))
    params = {"listed": listed, "wanted": wanted, "tenant": current_tenant_id(), "span": span_id}
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, params)
        frame = pl.DataFrame(cursor.fetchall(), schema=_COLUMNS, orient="row")
    return frame.select(
        "person_id",
        pl.col("value").str.to_decimal(scale=12).cast(VALUE),
        pl.lit("OK").alias("outcome"),
        "record_count",
        pl.col("record_ids").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        "digest",
    )
