"""Spans of many rows at once: arrays of (row, start, end)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Index = npt.NDArray[np.int64]
Count = Callable[[Index, Ints], Ints]
"""How many minutes that matter lie before a minute: called with rows and minutes."""


@dataclass(frozen=True)
class Intervals:
    """Half-open spans; several of a row may overlap until `merged`."""

    row: Index
    start: Ints
    end: Ints

    def merged(self) -> Intervals:
        """Return the same minutes as disjoint spans, sorted."""
        order = np.lexsort((self.start, self.row))
        row, start, end = self.row[order], self.start[order], self.end[order]
        reach = _running_max(row, end)
        is_new = np.ones(len(row), np.bool_)
        is_new[1:] = (row[1:] != row[:-1]) | (start[1:] > reach[:-1])
        last = np.flatnonzero(np.append(is_new[1:], True))[: len(row)]
        return Intervals(row[is_new], start[is_new], reach[last])

    def measure(self, rows: int, count: Count, low: Ints, high: Ints) -> Ints:
        """Return for each row the minutes between ``low`` and ``high`` that are in its (disjoint) spans."""
        if not len(self.row):
            return np.zeros(rows, np.int32)
        start = np.maximum(self.start, low[self.row])
        end = np.maximum(np.minimum(self.end, high[self.row]), start)
        minutes = count(self.row, end) - count(self.row, start)
        return np.bincount(self.row, minutes, rows).astype(np.int32)

    def spread(self, first: Index, counts: Index) -> Intervals:
        """Return each span once for each of the ``counts`` blocks of its row, the first of which is ``first``."""
        times = counts[self.row]
        owner = np.repeat(np.arange(len(self.row)), times)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(times) - times, times)
        return Intervals(first[self.row][owner] + place, self.start[owner], self.end[owner])

    def meet(self, other: Intervals) -> Intervals:
        """Return the minutes in both; both are merged."""
        low = np.searchsorted(other.row, self.row, "left")
        times = np.searchsorted(other.row, self.row, "right") - low
        mine = np.repeat(np.arange(len(self.row)), times)
        place = np.arange(len(mine)) - np.repeat(np.cumsum(times) - times, times)
        theirs = np.repeat(low, times) + place
        start = np.maximum(self.start[mine], other.start[theirs])
        end = np.minimum(self.end[mine], other.end[theirs])
        found = start < end
        return Intervals(self.row[mine][found], start[found], end[found])

    def only(self, chosen: npt.NDArray[np.bool_]) -> Intervals:
        """Return the chosen spans."""
        return Intervals(self.row[chosen], self.start[chosen], self.end[chosen])


def joined(*groups: Intervals) -> Intervals:
    """Return all spans of several groups, merged."""
    return Intervals(
        np.concatenate([each.row for each in groups]),
        np.concatenate([each.start for each in groups]),
        np.concatenate([each.end for each in groups]),
    ).merged()


def _running_max(row: Index, end: Ints) -> Ints:
    """Return for each span the furthest end so far within its row."""
    big = np.int64(1) << 32
    raised = np.maximum.accumulate(row * big + end + (big >> 1))
    return (raised - row * big - (big >> 1)).astype(np.int32)
