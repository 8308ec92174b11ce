"""What attendance, rosters and leave know of people's days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

import polars as pl
from django.utils import timezone

from zhiheng.attendance.public import presence_intervals, settled_days
from zhiheng.worklog.calc.effective import union_minutes
from zhiheng.worklog.choices import PresenceBasis

WAITING = "waiting"
"""State of a day whose window has not closed or whose devices have not synced yet."""
Present = dict[tuple[UUID, dt.date], tuple[int, str]]
"""Person and local day -> minutes present, and from what they are known."""


def present_minutes(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> Present:
    """Return how long people were present on the days of which that is known.

    From the settled days of attendance; on days not settled yet, from punches in pairs.
    """
    spans_by_day = _spans_by_day(presence_intervals(person_ids, first, last))
    found: Present = {
        key: (union_minutes(spans), PresenceBasis.PUNCHED.value) for key, spans in spans_by_day.items()
    }
    days = settled_days(person_ids, first, last).filter(pl.col("state") != WAITING)
    for person, on, minutes in days.select("person_id", "on", "present").iter_rows():
        found[UUID(str(person)), on] = (int(minutes), PresenceBasis.SETTLED.value)
    return found


def _spans_by_day(frame: pl.DataFrame) -> dict[tuple[UUID, dt.date], list[tuple[int, int]]]:
    found: dict[tuple[UUID, dt.date], list[tuple[int, int]]] = {}
    for person, start, end in frame.select("person_id", "from_at", "to_at").iter_rows():
        if end is not None:
            day = timezone.localdate(start)
            found.setdefault((UUID(str(person)), day), []).append((minute_of(start), minute_of(end)))
    return found


def minute_of(at: dt.datetime) -> int:
    """Return an instant as whole minutes since 1970."""
    return int(at.timestamp() // 60)
