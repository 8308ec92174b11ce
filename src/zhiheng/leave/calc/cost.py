"""What leave costs: which days and minutes of the planned time it takes."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zhiheng.rosters.calc.shift import Shift, Span

DAY = 1440
FREE_MINUTES = 480
"""What a day of somebody without fixed times counts."""
HALF = Decimal("0.5")


@dataclass(frozen=True)
class PlannedDay:
    """A day as it is planned; ``is_holiday``: a statutory one."""

    on: dt.date
    shift: Shift
    is_holiday: bool = False


@dataclass(frozen=True)
class LeaveSpan:
    """From when to when somebody is away: whole days, halves of the first and last, or minutes of them."""

    from_on: dt.date
    to_on: dt.date
    from_half: Literal["am", "pm"] = "am"
    to_half: Literal["am", "pm"] = "pm"
    from_minute: int | None = None
    to_minute: int | None = None

    @property
    def is_by_minute(self) -> bool:
        """Whether it is given by times."""
        return self.from_minute is not None


@dataclass(frozen=True)
class TakenDay:
    """What is taken of a day: the share of it (0 for times), scheduled minutes, and the span in minutes from 00:00.

    Days that count without being worked have an empty span.
    """

    on: dt.date
    share: Decimal
    minutes: int
    from_minute: int = 0
    to_minute: int = 0


def scheduled_minutes(shift: Shift) -> int:
    """Return the paid minutes of a shift."""
    if shift.flex:
        return shift.flex.required
    if shift.free_mode:
        return FREE_MINUTES
    return sum(end - start for start, end in shift.segments)


def frame_of(shift: Shift) -> Span:
    """Return from when to when somebody may be at work on a shift."""
    if shift.flex:
        breaks = sum(end - start for start, end in shift.breaks)
        return shift.flex.earliest, shift.flex.latest + shift.flex.required + breaks
    if shift.free_mode:
        return shift.day_start, shift.day_start + DAY
    return (shift.segments[0][0], shift.segments[-1][1]) if shift.segments else (0, 0)


def middle_of(shift: Shift) -> Span:
    """Return where the first half of a shift ends and the second begins.

    The break nearest to half of the paid minutes; without a break, the minute at which half is worked.
    """
    start, end = frame_of(shift)
    if len(shift.segments) < 2:
        return ((start + end) // 2,) * 2
    half, done = scheduled_minutes(shift) / 2, 0
    gaps: list[tuple[float, Span]] = []
    for (first, last), (begin, _end) in itertools.pairwise(shift.segments):
        done += last - first
        gaps.append((abs(done - half), (last, begin)))
    return min(gaps)[1]


def taken_days(days: Sequence[PlannedDay], span: LeaveSpan, counts: str = "working") -> tuple[TakenDay, ...]:
    """Return what leave takes of the planned days; those that cost nothing are left out.

    ``days`` reach from the day before the leave, whose night shift may run into it, to its last day. ``counts``:
    working days, calendar days, or calendar days without statutory holidays.
    """
    if span.is_by_minute:
        found = [_by_minute(day, span) for day in days]
    else:
        found = [_by_day(day, span, counts) for day in days if span.from_on <= day.on <= span.to_on]
    return tuple(each for each in found if each)


def _by_day(day: PlannedDay, span: LeaveSpan, counts: str) -> TakenDay | None:
    minutes = scheduled_minutes(day.shift)
    is_counted = counts == "calendar" or (counts == "calendar_less_holidays" and not day.is_holiday)
    if not minutes:
        return TakenDay(day.on, Decimal(1), 0) if is_counted else None
    if counts == "calendar_less_holidays" and day.is_holiday:
        return None
    start, end = frame_of(day.shift)
    is_late = day.on == span.from_on and span.from_half == "pm"
    is_early = day.on == span.to_on and span.to_half == "am"
    if is_late and is_early:
        return None
    if not is_late and not is_early:
        return TakenDay(day.on, Decimal(1), minutes, start, end)
    last, begin = middle_of(day.shift)
    piece = (begin, end) if is_late else (start, last)
    return TakenDay(day.on, HALF, _within(day.shift, piece), *piece)


def _by_minute(day: PlannedDay, span: LeaveSpan) -> TakenDay | None:
    assert span.from_minute is not None
    assert span.to_minute is not None
    begin = (span.from_on - day.on).days * DAY + span.from_minute
    end = (span.to_on - day.on).days * DAY + span.to_minute
    first, last = frame_of(day.shift)
    piece = max(begin, first), min(end, last)
    minutes = _within(day.shift, piece)
    return TakenDay(day.on, Decimal(0), minutes, *piece) if minutes > 0 else None


def _within(shift: Shift, piece: Span) -> int:
    """Return the paid minutes within a span of a shift."""
    if shift.segments:
        return sum(_overlap(piece, segment) for segment in shift.segments)
    length = max(0, piece[1] - piece[0]) - sum(_overlap(piece, each) for each in shift.breaks)
    return min(length, scheduled_minutes(shift))


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def amount_of(days: Sequence[TakenDay], *, is_hourly: bool, step: Decimal) -> Decimal:
    """Return what days cost: minutes rounded up to the step, or days."""
    if not is_hourly:
        return sum((day.share for day in days), Decimal(0))
    minutes = Fraction(sum(day.minutes for day in days))
    return -int(-minutes // Fraction(step)) * step


def costs_by_day(
    days: Sequence[TakenDay], *, is_hourly: bool, step: Decimal
) -> list[tuple[dt.date, Decimal]]:
    """Return what each day costs; what rounding adds falls on the last one."""
    each = [(day.on, Decimal(day.minutes) if is_hourly else day.share) for day in days]
    rest = amount_of(days, is_hourly=is_hourly, step=step) - sum(amount for _on, amount in each)
    if rest:
        each[-1] = (each[-1][0], each[-1][1] + rest)
    return [(on, amount) for on, amount in each if amount]
