"""From records to one number a person, with the records that it comes from."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, cast

import polars as pl

from zhiheng.metrics.calc.definition import Definition, Filter

VALUE = pl.Decimal(38, 12)
SCHEMA: dict[str, Any] = {
    "person_id": pl.String,
    "value": VALUE,
    "outcome": pl.String,
    "record_count": pl.Int64,
    "record_ids": pl.List(pl.String),
    "digest": pl.String,
}
"""Columns of computed values; ``outcome`` is OK or the reason why there is no value."""


def aggregate(
    records: pl.DataFrame,
    definition: Definition,
    period_from: dt.date,
    period_to: dt.date,
    subjects: Sequence[str],
) -> pl.DataFrame:
    """Return the metric's value for every one of ``subjects`` over a half-open period; see `grouped`."""
    return with_zeros(grouped(records, definition, period_from, period_to), definition, subjects)


def grouped(
    records: pl.DataFrame, definition: Definition, period_from: dt.date, period_to: dt.date
) -> pl.DataFrame:
    """Return the metric's value for everybody who has records that count, over a half-open period.

    ``records`` has the columns of `integrations.public.record_frame`. ``count_first`` counts the distinct
    values of the field whose first record ever falls in the period, for whoever that record belongs to; it
    needs to know what occurred before. Records of one day are taken in the order of their keys, shorter
    ones first, so that numbers come in their natural order.
    """
    found = _counted(records, definition, period_from, period_to)
    rows = found.group_by("person_id", maintain_order=True).agg(
        _number(definition).cast(VALUE).alias("value"),
        pl.col("record_id").alias("record_ids"),
        pl.col("payload_hash").alias("_hashes"),
    )
    digests = [digest_of(definition.digest, each) for each in rows["_hashes"].to_list()]
    return rows.select(
        "person_id",
        "value",
        pl.lit("OK").alias("outcome"),
        pl.col("record_ids").list.len().cast(pl.Int64).alias("record_count"),
        "record_ids",
        pl.Series("digest", digests, pl.String),
    )


def with_zeros(values: pl.DataFrame, definition: Definition, people: Sequence[str]) -> pl.DataFrame:
    """Return the values of ``people`` in their order, zero for those of whom there is no row."""
    wanted = pl.DataFrame({"person_id": people}, schema={"person_id": pl.String})
    joined = wanted.join(values, on="person_id", how="left", maintain_order="left")
    return joined.select(
        "person_id",
        pl.col("value").fill_null(pl.lit(0).cast(VALUE)),
        pl.lit("OK").alias("outcome"),
        pl.col("record_count").fill_null(0),
        pl.col("record_ids").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        pl.col("digest").fill_null(digest_of(definition.digest, ())),
    )


def _counted(
    records: pl.DataFrame, definition: Definition, period_from: dt.date, period_to: dt.date
) -> pl.DataFrame:
    """Return the records that count for somebody in a half-open period, in their order."""
    conditions = [_condition(each) for each in definition.filters]
    if definition.aggregate != "count" and definition.field:
        conditions.append(pl.col(definition.field).is_not_null())
    inside = [
        pl.col("occurred_on") >= period_from,
        pl.col("occurred_on") < period_to,
        pl.col("person_id").is_not_null(),
    ]
    order = ["occurred_on", pl.col("key").str.len_chars(), "key"]
    if definition.aggregate != "count_first":
        return records.filter(*conditions, *inside).sort(order)
    firsts = (
        records.filter(*conditions).sort(order).unique(definition.field, keep="first", maintain_order=True)
    )
    return firsts.filter(*inside)


def digest_of(*parts: str | Sequence[str]) -> str:
    """Return the SHA-256 of texts and lists of texts."""
    lines = [part if isinstance(part, str) else "\n".join(part) for part in parts]
    return hashlib.sha256("\n\n".join(lines).encode()).hexdigest()


def _number(definition: Definition) -> pl.Expr:
    if definition.aggregate == "sum":
        return pl.col(definition.field).sum()
    if definition.aggregate == "count_distinct":
        return pl.col(definition.field).n_unique()
    return pl.len()


def _condition(wanted: Filter) -> pl.Expr:
    column = pl.col(wanted.field)
    if wanted.op == "in":
        return column.cast(pl.String).is_in([str(each) for each in cast(Sequence[object], wanted.value)])
    if wanted.op in ("eq", "ne"):
        same = column.cast(pl.String).eq_missing(pl.lit(_text(wanted.value)))
        return same if wanted.op == "eq" else ~same
    bound = pl.lit(str(wanted.value)).str.to_decimal(scale=12)
    number = column.cast(VALUE)
    return number >= bound if wanted.op == "ge" else number <= bound


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
