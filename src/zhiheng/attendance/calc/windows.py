"""From when to when punches belong to a day, also beside its neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhiheng.attendance.calc.facts import DAY
from zhiheng.attendance.calc.flex import frame
from zhiheng.attendance.calc.spans import union
from zhiheng.rosters.calc.shift import Policy, Shift, Span

DAY_BOUNDARY = 240
"""On a day without a shift, overtime may run until 04:00; a new such day begins there too."""


@dataclass(frozen=True)
class Claim:
    """What a day claims of the time line: ``window`` in which punches count, ``core`` the shift itself.

    A day without a shift yields to its neighbours; its core is the minute from which it claims punches beside them.
    """

    window: Span
    core: Span
    is_rest: bool


def claim(shift: Shift, policy: Policy, approved: Iterable[Span] = ()) -> Claim:
    """Return what a day claims by itself; approved overtime beside the shift widens it."""
    if shift.free_mode:
        return Claim(
            (shift.day_start, shift.day_start + DAY), (shift.day_start, shift.day_start + DAY), False
        )
    found = frame(shift)
    if found is None:
        low, high, begin = 0, DAY + DAY_BOUNDARY, DAY_BOUNDARY
    else:
        low, high, begin = found[0] - policy.before, found[1] + policy.after + 1, found[0]
    for start, end in union(approved):
        low, high = min(low, start - policy.before), max(high, end + policy.after + 1)
        begin = min(begin, start - policy.before)
    return Claim((low, high), found or (begin, begin), found is None)


def border(one: Claim, following: Claim) -> int:
    """Return the first minute whose punches belong to the later of two days; both claims in the same minutes.

    Between two windows it is in the middle. Where they overlap it is in the middle between the shifts, and a day
    without a shift yields.
    """
    end = one.window[1]
    start = following.core[0] if following.is_rest else following.window[0]
    if end <= start:
        return (end + start) // 2
    if following.is_rest:
        return end
    if one.is_rest:
        return start
    return (one.core[1] + following.core[0]) // 2


def moved(found: Claim, minutes: int) -> Claim:
    """Return a claim in the minutes of another day, that many earlier."""
    low, high = found.window
    begin, end = found.core
    return Claim((low + minutes, high + minutes), (begin + minutes, end + minutes), found.is_rest)
