"""Where the paid minutes of a day lie: as the shift says, or for flexible hours as the first punch says."""

from __future__ import annotations

from collections.abc import Sequence

from zhiheng.attendance.calc.facts import DayInput, Step, step
from zhiheng.attendance.calc.spans import FAR, Spans, first, minus, total, union
from zhiheng.rosters.calc.shift import Shift, Span


def frame(shift: Shift) -> Span | None:
    """Return the first and last minute at which a shift can be worked; None for a day without a shift."""
    if shift.flex is not None:
        return (shift.flex.earliest, paid_from(shift, shift.flex.latest)[-1][1])
    if shift.segments:
        return (shift.segments[0][0], shift.segments[-1][1])
    return None


def paid_from(shift: Shift, start: int) -> Spans:
    """Return the paid minutes of a flexible day that starts at ``start``: as many as required, around the breaks."""
    assert shift.flex is not None
    return first(minus(((start, FAR),), union(shift.breaks)), shift.flex.required)


def placed(day: DayInput, known: Sequence[int]) -> tuple[Spans, Spans, tuple[Step, ...]]:
    """Return the paid minutes of a day, its unpaid breaks, and what to tell about them."""
    shift = day.shift
    if shift.flex is None:
        paid = shift.segments
        gaps = minus(((paid[0][0], paid[-1][1]),), paid) if paid else ()
        return paid, gaps, (step("shift", spans=paid),)
    start = _start(day, known)
    paid = paid_from(shift, start)
    told = step("flex", spans=paid, earliest=shift.flex.earliest, latest=shift.flex.latest)
    return paid, union(shift.breaks), (told,)


def _start(day: DayInput, known: Sequence[int]) -> int:
    """Return the start of a flexible day: the first sign of somebody, between the earliest and the latest start.

    A sign is a punch, or leave or an outing that begins by the latest start. A lone punch in the second half of
    the day is the end: the day then starts as late as lets it end there.
    """
    flex = day.shift.flex
    assert flex is not None
    bounds = frame(day.shift)
    assert bounds is not None
    earliest, last = bounds
    covers = [start for start, end in union(day.leave, day.outing) if end > earliest and start <= flex.latest]
    if day.is_trip:
        covers.append(earliest)
    signs = [*known[:1], *covers]
    if known and not covers and known[-1] - known[0] <= day.policy.dedupe and 2 * known[0] > earliest + last:
        signs = [_start_for_end(day.shift, known[-1])]
    return min(max(min(signs, default=flex.latest), flex.earliest), flex.latest)


def _start_for_end(shift: Shift, end: int) -> int:
    """Return the latest start whose required minutes are over at ``end``."""
    assert shift.flex is not None
    open_minutes = minus(((-FAR, end),), union(shift.breaks))
    later = total(open_minutes) - shift.flex.required
    return minus(open_minutes, first(open_minutes, later))[0][0]
