"""Minutes of a date in its zone, by time that passed: where clocks change, wall time and elapsed time differ."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from zhiheng.rosters.calc.shift import Flex, Policy, Shift, Span


def in_zone(moment: dt.datetime, zone: str) -> dt.datetime:
    """Return an instant in a zone; a moment without a zone is taken as wall time there."""
    return (
        moment.replace(tzinfo=ZoneInfo(zone)) if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone))
    )


def elapsed_minutes(start: dt.datetime, end: dt.datetime, zone: str) -> int:
    """Return the minutes that passed between two moments."""
    one, other = (in_zone(moment, zone).astimezone(dt.UTC) for moment in (start, end))
    return int((other - one).total_seconds() // 60)


def wall_minutes(start: dt.datetime, end: dt.datetime, zone: str) -> int:
    """Return the minutes between what the clocks on the wall show at two moments."""
    one, other = (in_zone(moment, zone).replace(tzinfo=None) for moment in (start, end))
    return int((other - one).total_seconds() // 60)


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """Return the instant at which a date begins in a zone."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


def shifts_of_clock(day: dt.date, zone: str) -> tuple[int, ...]:
    """Return by how many minutes the clock of a zone is off, against the day's midnight, at the midnights around it.

    All zeros for a day without a change of the clock nearby; entries are for the day before up to three days after.
    """
    begin = midnight(day, zone)
    return tuple(
        int((midnight(day + dt.timedelta(days=n), zone) - begin).total_seconds() // 60) - n * 1440
        for n in range(-1, 4)
    )


def minute_of(day: dt.date, zone: str, wall: int) -> int:
    """Return how many minutes after the day's midnight the clock shows ``wall`` (minutes, above 1440 on later days)."""
    days, minutes = divmod(wall, 1440)
    shown = dt.datetime.combine(day + dt.timedelta(days=days), dt.time(minutes // 60, minutes % 60))
    return elapsed_minutes(midnight(day, zone), shown, zone)


def shift_on(shift: Shift, day: dt.date, zone: str) -> Shift:
    """Return a shift with its wall times as minutes that passed, on a day on which the clock changes."""

    def span(found: Span) -> Span:
        return minute_of(day, zone, found[0]), minute_of(day, zone, found[1])

    flex = shift.flex
    if flex is not None:
        start, last = span((flex.earliest, flex.latest))
        flex = Flex(start, last, flex.required, tuple(map(span, flex.core)))
    return replace(
        shift,
        segments=tuple(map(span, shift.segments)),
        flex=flex,
        breaks=tuple(map(span, shift.breaks)),
        day_start=minute_of(day, zone, shift.day_start),
    )


def policy_on(policy: Policy, day: dt.date, zone: str) -> Policy:
    """Return a policy with its wall times as minutes that passed, on a day on which the clock changes."""
    return replace(
        policy,
        ot_start=None if policy.ot_start is None else minute_of(day, zone, policy.ot_start),
        ot_breaks=tuple((minute_of(day, zone, a), minute_of(day, zone, b)) for a, b in policy.ot_breaks),
    )
