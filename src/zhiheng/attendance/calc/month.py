"""What is counted by the month: free latenesses, corrections, the overtime cap, time off in lieu, locked months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MINUTES_A_HOUR = 60
MONTHLY_CAP_HOURS = 36


@dataclass(frozen=True)
class CountedLate:
    """Latenesses that count after the free ones, in order of date."""

    counted: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.counted)

    @property
    def minutes(self) -> int:
        return sum(self.counted)


def count_late(
    late_minutes: Sequence[int], free_count: int, free_max_minutes: int | None = None
) -> CountedLate:
    """Leave the first ``free_count`` latenesses of a month out; one longer than the limit counts and uses none up."""
    counted, free = [], free_count
    for minutes in late_minutes:
        if minutes <= 0:
            continue
        if free > 0 and (free_max_minutes is None or minutes <= free_max_minutes):
            free -= 1
        else:
            counted.append(minutes)
    return CountedLate(tuple(counted))


@dataclass(frozen=True)
class Correction:
    """A wish to correct the punches of ``on``, made on ``asked_on``; exempt ones (a device failed) use no quota."""

    on: dt.date
    asked_on: dt.date | None = None
    is_exempt: bool = False


def corrections_within(
    wished: Sequence[Correction], quota_per_month: int | None, submit_within_days: int | None
) -> tuple[tuple[Correction, ...], tuple[Correction, ...]]:
    """Return which corrections the rules allow and which not; the quota counts by the month that is corrected.

    Give only those that count: one that was rejected or withdrawn gives its quota back.
    """
    allowed: list[Correction] = []
    refused: list[Correction] = []
    used: dict[tuple[int, int], int] = {}
    for each in wished:
        month = (each.on.year, each.on.month)
        is_late = (
            submit_within_days is not None
            and each.asked_on is not None
            and (each.asked_on - each.on).days > submit_within_days
        )
        is_over = quota_per_month is not None and not each.is_exempt and used.get(month, 0) >= quota_per_month
        if is_late or is_over:
            refused.append(each)
            continue
        allowed.append(each)
        used[month] = used.get(month, 0) + (not each.is_exempt)
    return tuple(allowed), tuple(refused)


@dataclass(frozen=True)
class Cap:
    """Overtime of a month against the cap; what is over it is warned of and stays payable."""

    total_minutes: int
    over_minutes: int


def overtime_cap(
    ot_150: int,
    ot_200: int,
    ot_300: int = 0,
    *,
    cap_hours: int = MONTHLY_CAP_HOURS,
    is_300_counted: bool = False,
) -> Cap:
    """Return the minutes that count towards the cap, and those over it. Statutory days count where the rule says so."""
    minutes = ot_150 + ot_200 + (ot_300 if is_300_counted else 0)
    return Cap(minutes, max(0, minutes - cap_hours * MINUTES_A_HOUR))


@dataclass(frozen=True)
class CompTime:
    """Time off in lieu: what is left of each credit, what expired unused and has to be paid, what is missing."""

    remaining: int
    from_bucket: dict[dt.date, int]
    expired: dict[dt.date, int]
    uncovered: int


def comp_time(
    earned: Sequence[tuple[dt.date, int]],
    used: Sequence[tuple[dt.date, int]],
    expire_months: int | None,
    as_of: dt.date | None = None,
) -> CompTime:
    """Take time off from the oldest credits that are valid on its day.

    A credit is valid up to the same day so many months later. ``as_of`` (the last use when not given) decides which
    ones have expired by now.
    """
    left: dict[dt.date, int] = {}
    for on, minutes in sorted(earned):
        left[on] = left.get(on, 0) + minutes
    uncovered = 0
    for on, minutes in sorted(used):
        for credit in left:
            if credit <= on and _is_valid(credit, on, expire_months):
                taken = min(minutes, left[credit])
                left[credit] -= taken
                minutes -= taken
        uncovered += minutes
    now = as_of or max((on for on, _ in used), default=None)
    expired = {
        on: minutes
        for on, minutes in left.items()
        if minutes and now is not None and not _is_valid(on, now, expire_months)
    }
    return CompTime(sum(left.values()) - sum(expired.values()), left, expired, uncovered)


def _is_valid(credit: dt.date, on: dt.date, expire_months: int | None) -> bool:
    return expire_months is None or on <= add_months(credit, expire_months)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


class ChangeAction(StrEnum):
    """What happens when something a judged day rests on changes."""

    NONE = "nothing to do"
    SETTLE = "settle the day again"
    ADJUST = "create adjustment in the open month, keep the locked result"


def action_on_change(*, is_changed: bool, is_locked: bool) -> ChangeAction:
    """Locked months never change: the difference goes into the open month."""
    if not is_changed:
        return ChangeAction.NONE
    return ChangeAction.ADJUST if is_locked else ChangeAction.SETTLE
