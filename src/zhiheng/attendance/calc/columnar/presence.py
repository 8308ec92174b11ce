"""Worked, late, early, absent and unresolved minutes of many blocks; the rules are those of `calc.presence`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.attendance.calc.columnar.blocks import Work
from zhiheng.attendance.calc.columnar.intervals import Intervals, Ints
from zhiheng.attendance.calc.columnar.matching import Bools, Found
from zhiheng.attendance.calc.columnar.tables import HIGH, LOW


@dataclass(frozen=True)
class Covers:
    """Leave, and leave with outings, of blocks; both merged."""

    leave: Intervals
    all: Intervals


@dataclass(frozen=True)
class Judged:
    """What became of blocks, as `calc.presence.Judged`; ``present`` from its first to its second array."""

    leave: Ints
    outing: Ints
    late: Ints
    early: Ints
    absent: Ints
    unresolved: Ints
    present: tuple[Ints, Ints]
    is_judged: Bools
    forgiven_late: Ints
    forgiven_early: Ints
    is_in_missing: Bools
    is_out_missing: Bools
    came: Ints
    left: Ints
    is_came: Bools
    is_left: Bools


@dataclass(frozen=True)
class _Open:
    """What leave and outings leave open of blocks."""

    total: Ints
    start: Ints
    end: Ints


def judge(work: Work, found: Found, covers: Covers, expected: tuple[Ints, Ints], unclear: Bools) -> Judged:
    """Judge blocks. ``expected``: approved overtime of days without a shift, the end before the start where none is."""
    size = len(work.row)
    every = np.arange(size)
    whole = (np.full(size, LOW, np.int32), np.full(size, HIGH, np.int32))
    away = covers.leave.measure(size, work.paid_before, *whole)
    covered = covers.all.measure(size, work.paid_before, *whole)
    free = _open(work, covers.all, covered)
    is_open = free.total > 0
    came, left, is_came, is_left = _roles(work, found, free, expected)
    is_pair = is_came & is_left
    pair = np.where(is_pair, came, 0), np.where(is_pair, left, 0)
    is_before = is_open & is_left & (left <= free.start)
    is_behind = is_open & is_came & ~is_before & (came >= free.end)
    is_left, is_came = is_left & ~is_before, is_came & ~is_behind
    some = is_open & (found.count > 0)
    is_start = is_came | (free.start > work.start)
    is_end = is_left | (free.end < work.end)
    late = np.where(some & is_came, _open_before(work, covers, every, came), 0)
    early = np.where(some & is_left, free.total - _open_before(work, covers, every, left), 0)
    counted_late = _graced(work, late, work.tables.late_grace)
    counted_early = _graced(work, early, work.tables.early_grace)
    is_judged = some & is_start & is_end
    none = is_open & (found.count == 0)
    unresolved = np.where(some & ~is_judged, free.total - counted_late - counted_early, 0)
    lone = ~is_open & (work.total == 0) & (found.count > 0)
    start = np.where(is_judged, np.where(is_came, came, work.start), pair[0])
    end = np.where(is_judged, np.where(is_left, left, work.end), pair[1])
    return Judged(
        leave=away,
        outing=covered - away,
        late=counted_late,
        early=counted_early,
        absent=np.where(none & ~unclear, free.total, 0),
        unresolved=unresolved + np.where(none & unclear, free.total, 0),
        present=(start, np.maximum(start, end)),
        is_judged=is_judged,
        forgiven_late=late - counted_late,
        forgiven_early=early - counted_early,
        is_in_missing=(some & ~is_start) | (none & unclear) | (lone & ~is_came),
        is_out_missing=(some & ~is_end) | (none & unclear) | (lone & ~is_left),
        came=came,
        left=left,
        is_came=is_came,
        is_left=is_left,
    )


def _open(work: Work, covers: Intervals, covered: Ints) -> _Open:
    """Return how much is open and from when to when."""
    total = work.total - covered
    start, end = work.start.copy(), work.end.copy()
    spans = covers.only(total[covers.row] > 0)
    if not len(spans.row):
        return _Open(total, start, end)
    places = np.arange(len(spans.row)) - np.searchsorted(spans.row, spans.row, "left")
    for place in range(int(places.max()) + 1):
        each = spans.only(places == place)
        hit = each.only((each.start <= start[each.row]) & (start[each.row] < each.end))
        start[hit.row] = work.paid_minute(hit.row, work.paid_before(hit.row, hit.end))
    for place in range(int(places.max()), -1, -1):
        each = spans.only(places == place)
        hit = each.only((each.start < end[each.row]) & (end[each.row] <= each.end))
        end[hit.row] = work.paid_minute(hit.row, work.paid_before(hit.row, hit.start) - 1) + 1
    return _Open(total, start, end)


def _roles(
    work: Work, found: Found, free: _Open, expected: tuple[Ints, Ints]
) -> tuple[Ints, Ints, Bools, Bools]:
    """Return when who came and left, and whether each is known; a lone punch came up to the middle."""
    tables, template = work.tables, work.template
    step_in, step_out = tables.rounding_in[template], tables.rounding_out[template]
    some = found.count > 0
    came = -(-found.first // step_in) * step_in
    left = found.last // step_out * step_out
    is_pair = some & (found.last - found.first > tables.dedupe[template])
    is_open, has_paid = free.total > 0, work.total > 0
    low = np.where(is_open, free.start, np.where(has_paid, work.start, expected[0]))
    high = np.where(is_open, free.end, np.where(has_paid, work.end, expected[1]))
    is_end = some & ~is_pair & (low < high) & (2 * found.first > low + high)
    return came, np.where(is_pair, np.maximum(came, left), left), some & ~is_end, is_pair | is_end


def _open_before(work: Work, covers: Covers, every: np.ndarray, minute: Ints) -> Ints:
    size = len(work.row)
    covered = covers.all.measure(size, work.paid_before, np.full(size, LOW, np.int32), minute)
    return work.paid_before(every, minute) - covered


def _graced(work: Work, minutes: Ints, grace: Ints) -> Ints:
    """Return the minutes that count of latenesses or early leaves."""
    allowed = grace[work.template]
    deducted = np.maximum(minutes - allowed, 0)
    return np.where(work.tables.is_deduct[work.template], deducted, np.where(minutes > allowed, minutes, 0))
