"""A person's days one after another: which punches and approvals are whose, and each day settled plainly.

Instants are minutes since 1970 (UTC). This is the reference of the columnar path, and the way to a single day's trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhiheng.attendance.calc.facts import DAY, DayInput
from zhiheng.attendance.calc.spans import Spans, union
from zhiheng.attendance.calc.windows import Claim, border, claim, moved
from zhiheng.rosters.calc.shift import Policy, Shift, Span

REACH: Span = (-DAY, 3 * DAY)
"""How far from its midnight a day reaches at most."""


@dataclass(frozen=True)
class Planned:
    """A day of a person: what is planned, and when the date begins."""

    begin: int
    shift: Shift
    policy: Policy
    day_types: tuple[str, str] = ("WORKDAY", "WORKDAY")
    midnight: int = DAY
    is_trip: bool = False
    approved_minutes: int = 0


def day_inputs(
    days: Sequence[Planned],
    punches: Sequence[int],
    leave: Sequence[Span] = (),
    outing: Sequence[Span] = (),
    approved: Sequence[Span] = (),
) -> tuple[DayInput, ...]:
    """Return what each of a person's consecutive ``days`` is judged by; overtime belongs to the day of its start."""
    plain = [claim(day.shift, day.policy) for day in days]
    owned: list[list[Span]] = [[] for _ in days]
    for limits, day, mine in zip(_limits(days, plain), days, owned, strict=True):
        mine += [
            (start - day.begin, min(end - day.begin, REACH[1]))
            for start, end in approved
            if limits[0] <= start - day.begin < limits[1]
        ]
    merged = [union(mine) for mine in owned]
    widened = [claim(day.shift, day.policy, mine) for day, mine in zip(days, merged, strict=True)]
    return tuple(
        DayInput(
            shift=day.shift,
            policy=day.policy,
            punches=tuple(sorted(p - day.begin for p in punches if limits[0] <= p - day.begin < limits[1])),
            leave=_reached(leave, day.begin),
            outing=_reached(outing, day.begin),
            approved=mine,
            approved_minutes=day.approved_minutes,
            is_trip=day.is_trip,
            day_types=day.day_types,
            limits=limits,
            midnight=day.midnight,
        )
        for day, mine, limits in zip(days, merged, _limits(days, widened), strict=True)
    )


def _limits(days: Sequence[Planned], claims: Sequence[Claim]) -> list[Span]:
    """Return for each day from and until when punches can be its own."""
    found = [REACH] * len(days)
    for at, (one, other) in enumerate(pairwise(days)):
        apart = other.begin - one.begin
        if apart > REACH[1] - REACH[0]:
            continue
        edge = border(claims[at], moved(claims[at + 1], apart))
        found[at] = (found[at][0], min(edge, REACH[1]))
        found[at + 1] = (max(edge - apart, REACH[0]), REACH[1])
    return found


def _reached(spans: Sequence[Span], begin: int) -> Spans:
    low, high = REACH
    return union((max(start - begin, low), min(end - begin, high)) for start, end in spans)
