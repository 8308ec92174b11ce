"""Overtime of many days; the rules are those of `calc.overtime`.

Minutes are counted in two parts, before and after the next midnight, in which their pay differs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.attendance.calc.columnar.blocks import Work, looked_up
from zhiheng.attendance.calc.columnar.intervals import Index, Intervals, Ints, joined
from zhiheng.attendance.calc.columnar.matching import Bools, Rows
from zhiheng.attendance.calc.columnar.presence import Judged
from zhiheng.attendance.calc.columnar.tables import LOW, MODES, Tables
from zhiheng.attendance.calc.spans import FAR

Parts = tuple[Ints, Ints]
ORDINARY, REST, STATUTORY = 0, 1, 2


@dataclass(frozen=True)
class Asked:
    """What allows overtime on days: approved spans (merged), minutes approved by duration, outings (merged), trips."""

    spans: Intervals
    minutes: Ints
    outing: Intervals
    is_trip: Bools


@dataclass(frozen=True)
class Overtime:
    """Overtime of days in minutes, as `calc.overtime.Overtime`; ``settled`` by multiple 150, 200, 300."""

    requested: Ints
    punched: Ints
    settled: tuple[Ints, Ints, Ints]
    unapproved: Ints
    is_unasked: Bools


@dataclass(frozen=True)
class Possible:
    """Which minutes of days can be overtime: before ``until`` and from ``since`` on, outside the breaks."""

    tables: Tables
    template: Index
    until: Ints
    since: Ints
    midnight: Ints

    def between(self, row: Index, start: Ints, end: Ints) -> Parts:
        """Return how many minutes of days between two can be overtime."""
        middle = self.midnight[row]
        first = self._count(row, np.minimum(end, middle)) - self._count(row, np.minimum(start, middle))
        second = self._count(row, np.maximum(end, middle)) - self._count(row, np.maximum(start, middle))
        return first, second

    def summed(self, spans: Intervals) -> Parts:
        """Return how many minutes of spans can be overtime, by day."""
        size = len(self.template)
        if not len(spans.row):
            return np.zeros(size, np.int32), np.zeros(size, np.int32)
        first, second = self.between(spans.row, spans.start, spans.end)
        return (
            np.bincount(spans.row, first, size).astype(np.int32),
            np.bincount(spans.row, second, size).astype(np.int32),
        )

    def _count(self, row: Index, minute: Ints) -> Ints:
        line = self.template[row]
        early = looked_up(self.tables.overtime, line, np.minimum(minute, self.until[row]))
        return early + looked_up(self.tables.overtime, line, np.maximum(minute, self.since[row]))


def settle_overtime(
    rows: Rows, work: Work, judged: Judged, asked: Asked, kinds: tuple[Ints, Ints]
) -> Overtime:
    """Settle the overtime of all days; ``kinds`` are those of the date and the next one."""
    tables, size = work.tables, len(rows.template)
    possible = _possible(rows, work)
    approved = possible.summed(asked.spans)
    present = Intervals(work.row, *judged.present)
    there, agreed = _there(possible, present, asked)
    mode = tables.ot_mode[rows.template]
    by_approval, by_punch = (mode == MODES.index(each) for each in ("approved", "punched"))
    beyond = there[0] - agreed[0], there[1] - agreed[1]
    first = np.minimum(beyond[0], asked.minutes)
    allowed = first, np.minimum(beyond[1], asked.minutes - first)
    loose = np.where(by_approval, asked.minutes - allowed[0] - allowed[1], 0)
    parts = [
        np.where(by_punch, there[at], np.where(by_approval, approved[at], agreed[at]) + allowed[at])
        for at in (0, 1)
    ]
    kept = _without_break(tables, rows.template, (parts[0] + loose, parts[1]))
    uncovered = np.where(by_punch, 0, beyond[0] + beyond[1] - asked.minutes)
    unapproved = np.where(uncovered >= np.maximum(tables.ot_min[rows.template], 1), uncovered, 0)
    has_approval = (approved[0] + approved[1] + asked.minutes) > 0
    total = np.bincount(asked.spans.row, asked.spans.end - asked.spans.start, size).astype(np.int32)
    return Overtime(
        requested=total + asked.minutes,
        punched=there[0] + there[1],
        settled=_by_multiple(tables, rows.template, kept, kinds),
        unapproved=unapproved,
        is_unasked=~has_approval & (unapproved > 0),
    )


def _possible(rows: Rows, work: Work) -> Possible:
    tables, template = work.tables, rows.template
    last_block = work.first_block + work.block_count - 1
    is_paid = work.total[work.first_block] > 0
    start, end = work.start[work.first_block], work.end[last_block]
    until = np.where(is_paid & tables.is_ot_before[template], start, LOW)
    since = np.where(is_paid, np.maximum(end, tables.ot_start[template]), LOW)
    return Possible(tables, template, until.astype(np.int32), since.astype(np.int32), rows.midnight)


def _there(possible: Possible, present: Intervals, asked: Asked) -> tuple[Parts, Parts]:
    """Return the possible minutes at which somebody was there, and those of them that are approved."""
    first, second = possible.between(present.row, present.start, present.end)
    size = len(possible.template)
    if len(present.row) != size:
        first, second = (np.bincount(present.row, part, size).astype(np.int32) for part in (first, second))
    if not len(asked.spans.row):
        nothing = np.zeros(size, np.int32)
        return (first, second), (nothing, nothing)
    chosen = np.zeros(size, np.bool_)
    chosen[asked.spans.row] = True
    there = present.only(chosen[present.row] & (present.start < present.end)).merged()
    outing = asked.spans.meet(asked.outing)
    vouched = joined(outing, asked.spans.only(asked.is_trip[asked.spans.row]))
    both = joined(there, vouched)
    alone, together = possible.summed(there), possible.summed(both)
    agreed = possible.summed(joined(there.meet(asked.spans), vouched))
    return (first + together[0] - alone[0], second + together[1] - alone[1]), agreed


def _without_break(tables: Tables, template: Index, parts: Parts) -> Parts:
    """Take the automatic break off, after the time that earns it, and drop what stays below the minimum."""
    total = parts[0] + parts[1]
    over = np.full(len(total), FAR, np.int32)
    off = np.zeros(len(total), np.int32)
    for place in range(tables.breaks.shape[1]):
        pair = tables.breaks[template, place]
        earned = total > pair[:, 0]
        over, off = np.where(earned, pair[:, 0], over), np.where(earned, pair[:, 1], off)
    off = np.minimum(off, total)
    start = np.minimum(over, total - off)
    early = np.maximum(np.minimum(parts[0], start + off) - start, 0)
    is_enough = total - off >= tables.ot_min[template]
    return np.where(is_enough, parts[0] - early, 0), np.where(is_enough, parts[1] - (off - early), 0)


def _by_multiple(
    tables: Tables, template: Index, parts: Parts, kinds: tuple[Ints, Ints]
) -> tuple[Ints, Ints, Ints]:
    """Return the parts by multiple, rounded down to the unit; see `calc.overtime.multiple`."""
    by_date = tables.is_rest_by_calendar[template] | (kinds[0] == STATUTORY)
    second = np.where((kinds[1] == STATUTORY) | by_date, kinds[1], kinds[0])
    unit = tables.ot_unit[template]
    found = []
    for kind in (ORDINARY, REST, STATUTORY):
        minutes = np.where(kinds[0] == kind, parts[0], 0) + np.where(second == kind, parts[1], 0)
        found.append(minutes // unit * unit)
    return found[0], found[1], found[2]
