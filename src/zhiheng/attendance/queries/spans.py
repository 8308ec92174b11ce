"""Approved leave, outings, trips and overtime of people, as the settlement reads them. Checks no permission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from zhiheng.attendance.queries.presence import presence_elsewhere
from zhiheng.attendance.queries.requests import approved_intervals
from zhiheng.leave.public import approved_leave


@dataclass(frozen=True)
class Approved:
    """``spans``: person_id, on (of overtime, else null), kind (leave, outing, overtime), start and end in minutes.

    Minutes count from 1970 (UTC). ``durations``: overtime approved by its length alone: person_id, on, minutes.
    ``trips``: person_id, on.
    """

    spans: pl.DataFrame
    durations: pl.DataFrame
    trips: pl.DataFrame


def approved_of(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> Approved:
    """Return what was approved for people (``None``: everybody) on days from ``first`` to ``last``."""
    requests = approved_intervals(person_ids, first, last)
    is_timed = pl.col("from_at").is_not_null()
    spans = [
        _spans(approved_leave(person_ids, first, last), "leave"),
        _spans(requests.outings, "outing"),
        _spans(presence_elsewhere(person_ids, first, last), "outing"),
        _spans(requests.overtime.filter(is_timed), "overtime"),
    ]
    return Approved(pl.concat(spans), requests.overtime.filter(~is_timed), requests.trips)


def _spans(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    on = pl.col("on") if "on" in frame.columns else pl.lit(None, pl.Date).alias("on")
    return frame.with_columns(on).select(
        "person_id", on, kind=pl.lit(kind), start=_minute("from_at"), end=_minute("to_at")
    )


def _minute(column: str) -> pl.Expr:
    return pl.col(column).dt.epoch("s") // 60
