"""Where the board learns of approved leave: the domain that knows it registers itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl

LeaveSource = Callable[[Collection[UUID] | None, dt.date, dt.date], pl.DataFrame]
"""People (``None``: all), first and last day -> frame with person_id, from_at, to_at (aware instants)."""

_sources: list[LeaveSource] = []


def register_leave(source: LeaveSource) -> None:
    """Ask ``source`` for approved leave whenever conflicts are looked for."""
    if source not in _sources:
        _sources.append(source)


def leave_days(
    person_ids: Collection[UUID], first: dt.date, last: dt.date, zone: str
) -> dict[str, set[dt.date]]:
    """Return the days, in a zone, on which people have approved leave, be it for part of the day."""
    found: dict[str, set[dt.date]] = {}
    for source in _sources:
        for person, begin, end in (
            source(person_ids, first, last).select("person_id", "from_at", "to_at").iter_rows()
        ):
            since = begin.astimezone(ZoneInfo(zone)).date()
            until = (end - dt.timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
            days = range(max(since, first).toordinal(), min(until, last).toordinal() + 1)
            found.setdefault(person, set()).update(map(dt.date.fromordinal, days))
    return found
