"""What a day is settled from, and what comes out.

Times are minutes that passed since the midnight with which the shift's date began in the zone of the person: a punch
after the next midnight is above 1440. Where clocks are put forward or back, see `zhiheng.attendance.calc.zones`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhiheng.rosters.calc.shift import Policy, Shift, Span

REST_TYPES = frozenset({"REST_DAY", "SWAP_OFF", "SUBSTITUTE_OFF"})
STATUTORY = "STATUTORY_HOLIDAY"
DAY = 1440


@dataclass(frozen=True)
class Step:
    """A step of the judgement: what was found, as a code with its figures; texts are made of it by who shows it."""

    code: str
    params: tuple[tuple[str, Any], ...] = ()


def step(code: str, **params: Any) -> Step:
    """Return a step with its figures by name."""
    return Step(code, tuple(params.items()))


@dataclass(frozen=True)
class DayInput:
    """All that one person's day is judged by.

    ``punches``: in any order, corrections among them. ``leave``, ``outing``, ``approved`` (overtime): approved spans,
    they may overlap. ``approved_minutes``: overtime approved by duration only. ``is_trip``: a day of a business trip.
    ``day_types``: of the shift's date and of the next one. ``limits``: where the days before and after begin to claim
    punches. ``midnight``: when the next date begins (not 1440 where clocks were put forward or back).
    """

    shift: Shift
    policy: Policy
    punches: tuple[int, ...] = ()
    leave: tuple[Span, ...] = ()
    outing: tuple[Span, ...] = ()
    approved: tuple[Span, ...] = ()
    approved_minutes: int = 0
    is_trip: bool = False
    day_types: tuple[str, str] = ("WORKDAY", "WORKDAY")
    limits: Span | None = None
    midnight: int = DAY


@dataclass(frozen=True)
class DayResult:
    """A judged day, in minutes; scheduled = worked + late + early + absent + leave + unresolved.

    ``present``: between the punches and on outings, without unpaid breaks. ``outing``: the part of ``worked`` that an
    outing or a trip vouches for. Overtime as three figures: ``ot_requested`` (approved), ``ot_punched``, and settled
    by multiple in ``ot_150``, ``ot_200``, ``ot_300``; the last also holds what was worked as scheduled on a statutory
    day. ``unapproved``: punched overtime that no approval covers, unless it is below the minimum. ``first_in`` and
    ``last_out``: the punches used.
    """

    scheduled: int = 0
    present: int = 0
    worked: int = 0
    late: int = 0
    early: int = 0
    absent: int = 0
    leave: int = 0
    outing: int = 0
    unresolved: int = 0
    ot_requested: int = 0
    ot_punched: int = 0
    ot_150: int = 0
    ot_200: int = 0
    ot_300: int = 0
    unapproved: int = 0
    flags: tuple[str, ...] = ()
    first_in: int | None = None
    last_out: int | None = None
    trace: tuple[Step, ...] = field(default=(), compare=False)


FLAGS = (
    "orphan_punch",
    "missing_in",
    "missing_out",
    "late_over_threshold_half_day",
    "core_hours_missed",
    "punched_but_not_approved",
)
"""All flags, in the order in which a day lists them."""
