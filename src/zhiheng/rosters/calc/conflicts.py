"""What is wrong with planned days: too little rest, too many days in a row, too many hours, work on leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from zhiheng.rosters.calc.shift import Shift

DAY_MINUTES = 1440


@dataclass(frozen=True)
class PlannedDay:
    """A person's day: its shift (without times on rest days) and working-time system.

    ``period``: over what the comprehensive system adds hours up; ``is_workday``: a workday of the calendar.
    """

    on: dt.date
    shift: Shift
    system: str = "standard"
    period: str = ""
    is_workday: bool = True


@dataclass(frozen=True)
class Limits:
    """From when the board warns; minutes, days, minutes."""

    min_rest: int = 660
    max_run: int = 6
    week: int = 2640


@dataclass(frozen=True)
class Conflict:
    """Something wrong on a day.

    ``amount``: minutes of overlap, rest or the week, days in a row, or minutes above the standard of the period.
    """

    on: dt.date
    kind: str
    amount: int = 0


def span_of(shift: Shift) -> tuple[int, int] | None:
    """Return when a shift begins and ends at the earliest; ``None`` for a free or rest day."""
    if shift.flex:
        pause = sum(end - start for start, end in shift.breaks)
        return shift.flex.earliest, shift.flex.earliest + shift.flex.required + pause
    return (shift.segments[0][0], shift.segments[-1][1]) if shift.segments else None


def minutes_of(shift: Shift) -> int:
    """Return the paid minutes of a shift; a free day has none that are planned."""
    return shift.flex.required if shift.flex else sum(end - start for start, end in shift.segments)


def is_worked(shift: Shift) -> bool:
    """Tell whether somebody is to work that day."""
    return shift != Shift()


def conflicts_of(
    days: Sequence[PlannedDay], limits: Limits, leave: Collection[dt.date] = (), at: dt.date | None = None
) -> tuple[Conflict, ...]:
    """Return what is wrong with the days of one person, which are in order; whole weeks give true weekly hours.

    ``at``: the day whose settlement period of the comprehensive system is looked at, if the days hold all of it.
    """
    found = [
        *_rests(days, limits.min_rest),
        *_runs(days, limits.max_run),
        *(Conflict(each.on, "on_leave") for each in days if each.on in leave and is_worked(each.shift)),
        *_weeks(days, limits.week),
        *(_periods(days, at) if at else ()),
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.kind)))


def _rests(days: Sequence[PlannedDay], least: int) -> Iterable[Conflict]:
    end_before: int | None = None
    for each in days:
        span = span_of(each.shift)
        if span is None:
            continue
        start = each.on.toordinal() * DAY_MINUTES + span[0]
        if end_before is not None and start < end_before:
            yield Conflict(each.on, "overlap", end_before - start)
        elif end_before is not None and start - end_before < least:
            yield Conflict(each.on, "short_rest", start - end_before)
        end_before = each.on.toordinal() * DAY_MINUTES + span[1]


def _runs(days: Sequence[PlannedDay], most: int) -> Iterable[Conflict]:
    run, before = 0, None
    for each in days:
        is_next = before is not None and (each.on - before).days == 1
        run = (run if is_next else 0) + 1 if is_worked(each.shift) else 0
        before = each.on
        if run > most:
            yield Conflict(each.on, "long_run", run)


def _weeks(days: Sequence[PlannedDay], most: int) -> Iterable[Conflict]:
    """Weekly hours bind the standard system only; the comprehensive one adds up its own period."""
    for _week, found in groupby(days, key=lambda each: each.on.isocalendar()[:2]):
        worked = [each for each in found if each.system == "standard" and is_worked(each.shift)]
        total = sum(minutes_of(each.shift) for each in worked)
        if total > most:
            yield Conflict(worked[-1].on, "week_hours", total)


def period_of(on: dt.date, kind: str) -> tuple[dt.date, dt.date]:
    """Return first and last day of the week, month, quarter or year of a day."""
    if kind == "week":
        first = on - dt.timedelta(days=on.weekday())
        return first, first + dt.timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[kind]
    begin = (on.month - 1) // months * months
    following = begin + months
    first = dt.date(on.year, begin + 1, 1)
    return first, dt.date(on.year + following // 12, following % 12 + 1, 1) - dt.timedelta(days=1)


def _periods(days: Sequence[PlannedDay], at: dt.date) -> Iterable[Conflict]:
    """Compare each settlement period with the standard: eight hours for every workday of the calendar in it."""
    for kind in sorted({each.period for each in days if each.period}):
        first, last = period_of(at, kind)
        mine = [each for each in days if each.period == kind and first <= each.on <= last]
        worked = [each for each in mine if is_worked(each.shift)]
        above = sum(minutes_of(each.shift) for each in worked) - sum(480 for each in mine if each.is_workday)
        if above > 0:
            yield Conflict(worked[-1].on, "period_hours", above)
