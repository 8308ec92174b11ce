"""Whose punches are whose: days of many people and their punches, by binary search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiheng.attendance.calc.columnar.intervals import Index, Intervals, Ints
from zhiheng.attendance.calc.columnar.tables import HIGH, LOW, Tables

Bools = npt.NDArray[np.bool_]

SPAN = np.int64(1) << 33
"""More minutes than any date has, so that person and minute make one sortable number."""


@dataclass(frozen=True)
class Rows:
    """Days in order of person and date. ``begin``: minutes since 1970 (UTC) at which the date begins in its zone."""

    person: Index
    begin: Index
    template: Index
    midnight: Ints

    @property
    def key(self) -> Index:
        return self.person * SPAN + self.begin


@dataclass(frozen=True)
class Zones:
    """For each day: the window in which punches count, and the limits beside which others claim them."""

    low: Ints
    high: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True)
class Found:
    """Punches of each block: how many, the first and the last."""

    count: Ints
    first: Ints
    last: Ints


def zones(tables: Tables, rows: Rows, approved: Intervals) -> Zones:
    """Return windows and limits of days; ``approved`` overtime (by row, from that day's midnight) widens them."""
    low, high = (each[rows.template].copy() for each in tables.window)
    begin, end = (each[rows.template].copy() for each in tables.core)
    is_rest = tables.is_rest[rows.template]
    if len(approved.row):
        keep = approved.only(~tables.is_free[rows.template[approved.row]])
        opens = keep.start - tables.before[rows.template[keep.row]]
        np.minimum.at(low, keep.row, opens)
        np.maximum.at(high, keep.row, keep.end + tables.after[rows.template[keep.row]] + 1)
        at_rest = is_rest[keep.row]
        np.minimum.at(begin, keep.row[at_rest], opens[at_rest])
        end = np.where(is_rest, begin, end)
    first = np.full(len(low), LOW, np.int32)
    last = np.full(len(low), HIGH, np.int32)
    if len(low) > 1:
        _set_borders(rows, (low, high), (begin, end), is_rest, first, last)
    return Zones(np.maximum(low, first), np.minimum(high, last), first, last)


def _set_borders(
    rows: Rows, window: tuple[Ints, Ints], core: tuple[Ints, Ints], is_rest: Bools, first: Ints, last: Ints
) -> None:
    """Fill the limits between each two days of a person that follow each other; see `windows.border`."""
    apart = (rows.begin[1:] - rows.begin[:-1]).astype(np.int64)
    is_pair = (rows.person[1:] == rows.person[:-1]) & (apart <= -LOW + HIGH)
    end = window[1][:-1]
    start = np.where(is_rest[1:], core[0][1:], window[0][1:]) + apart
    between = (core[1][:-1] + core[0][1:] + apart) // 2
    overlapping = np.where(is_rest[1:], end, np.where(is_rest[:-1], start, between))
    border = np.where(end <= start, (end + start) // 2, overlapping)
    last[:-1] = np.where(is_pair, np.minimum(border, HIGH), HIGH)
    first[1:] = np.where(is_pair, np.maximum(border - apart, LOW), LOW)


def sorted_keys(person: Index, minute: Index) -> Index:
    """Return punches as sorted numbers of person and minute."""
    keys = person * SPAN + minute
    keys.sort()
    return keys


def count_between(keys: Index, rows: Rows, low: Ints, high: Ints) -> tuple[Index, Index]:
    """Return for each day the range of punches from ``low`` to before ``high``."""
    key = rows.key
    return np.searchsorted(keys, key + low), np.searchsorted(keys, key + np.maximum(low, high))


def ends_between(keys: Index, rows: Rows, low: Ints, high: Ints) -> Found:
    """Return how many punches lie between, the first and the last of them (0 where there are none)."""
    start, stop = count_between(keys, rows, low, high)
    count = (stop - start).astype(np.int32)
    if not len(keys):
        nothing = np.zeros(len(low), np.int32)
        return Found(count, nothing, nothing)
    key = rows.key
    some = count > 0
    first = np.where(some, keys[np.minimum(start, len(keys) - 1)] - key, 0)
    last = np.where(some, keys[np.maximum(stop - 1, 0)] - key, 0)
    return Found(count, first.astype(np.int32), last.astype(np.int32))


def days_of_spans(rows: Rows, person: Index, start: Index, end: Index) -> Intervals:
    """Return spans (minutes since 1970) at each day that they reach, in that day's minutes."""
    key = rows.key
    low = np.searchsorted(key, person * SPAN + start - HIGH, "right")
    high = np.searchsorted(key, person * SPAN + end - LOW, "left")
    times = np.maximum(high - low, 0)
    span = np.repeat(np.arange(len(person)), times)
    row = np.repeat(low, times) + np.arange(len(span)) - np.repeat(np.cumsum(times) - times, times)
    begin = np.maximum(start[span] - rows.begin[row], LOW).astype(np.int32)
    stop = np.minimum(end[span] - rows.begin[row], HIGH).astype(np.int32)
    found = begin < stop
    return Intervals(row[found], begin[found], stop[found])


def day_of_moments(rows: Rows, limits: Zones, person: Index, minute: Index) -> Index:
    """Return the day whose limits hold each moment, -1 where there is none."""
    found = np.searchsorted(rows.key + limits.first, person * SPAN + minute, "right") - 1
    at = np.maximum(found, 0)
    is_in = (found >= 0) & (rows.person[at] == person) & (minute < rows.begin[at] + limits.last[at])
    return np.where(is_in, found, -1)


def day_that_begins(rows: Rows, person: Index, begin: Index) -> Index:
    """Return the day of each person that begins at an instant, -1 where there is none."""
    key = rows.key
    wanted = person * SPAN + begin
    found = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return np.where(key[found] == wanted, found, -1)
