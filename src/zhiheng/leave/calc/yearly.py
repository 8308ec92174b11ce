"""What is due of a yearly grant: by service and by the part of the year employed."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zhiheng.leave.calc.annual import entitled_days, service_years

_STEP_MONTHS = (12, 120, 240)


@dataclass(frozen=True)
class Career:
    """When somebody was hired and leaves, and the months they had worked before."""

    hired_on: dt.date
    last_on: dt.date | None = None
    months_before: int = 0

    def months_on(self, day: dt.date) -> int:
        """Return the whole months worked anywhere by a day."""
        return self.months_before + max(0, months_between(self.hired_on, day))


def months_between(start: dt.date, end: dt.date) -> int:
    """Return the whole months from one date to another; the last day of a short month completes one."""
    months = (end.year - start.year) * 12 + end.month - start.month
    last = calendar.monthrange(end.year, end.month)[1]
    return months - (end.day < min(start.day, last))


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


Policy = Literal["next_year", "pro_rata", "whole_year"]


def spans_of(career: Career, year: int, policy: Policy = "next_year") -> list[tuple[dt.date, dt.date, int]]:
    """Return the parts of a year that somebody is employed, with the days a year that hold in each.

    The first twelve months of work always cut the year: nothing is due before. What a later step does is the
    company's choice, for no law says. 条例 第三条, 办法 第三条 (2008-09-18).
    """
    start = max(career.hired_on, dt.date(year, 1, 1))
    end = min(career.last_on or dt.date.max, dt.date(year, 12, 31))
    if start > end:
        return []
    cuts = [add_months(career.hired_on, months - career.months_before) for months in _STEP_MONTHS]
    inside = [cut for cut in cuts if start < cut <= end]
    edges = [start, *inside, end + dt.timedelta(days=1)]
    parts = [
        (begin, until - dt.timedelta(days=1), entitled_days(service_years(career.months_on(begin))))
        for begin, until in itertools.pairwise(edges)
    ]
    return _levelled(parts, policy)


def _levelled(
    parts: Sequence[tuple[dt.date, dt.date, int]], policy: Policy
) -> list[tuple[dt.date, dt.date, int]]:
    """Let the first or the last step hold for all parts that have any."""
    held = [days for _begin, _end, days in parts if days]
    if policy == "pro_rata" or not held:
        return list(parts)
    chosen = held[0] if policy == "next_year" else held[-1]
    return [(begin, end, chosen if days else 0) for begin, end, days in parts]


def due_by_service(
    career: Career, year: int, *, until: dt.date | None = None, policy: Policy = "next_year"
) -> Decimal:
    """Return the days of annual leave due for a year, or for its part up to a day; parts of a day are dropped.

    Each part counts calendar days ÷ 365 × its days a year. 办法 第五条、第十二条 (2008-09-18).
    """
    return _prorated(spans_of(career, year, policy), until, Decimal(1))


def due_fixed(
    career: Career,
    year: int,
    amount: Decimal,
    *,
    until: dt.date | None = None,
    is_prorated: bool = True,
    step: Decimal = Decimal("0.5"),
) -> Decimal:
    """Return what is due of a fixed yearly amount, rounded down to the step where it is not whole."""
    start = max(career.hired_on, dt.date(year, 1, 1))
    end = min(career.last_on or dt.date.max, dt.date(year, 12, 31))
    if start > end:
        return Decimal(0)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not is_prorated:
        start, end = first, last
    if (start, end, until) == (first, last, None):
        return amount
    stop = min(end, until or end)
    whole = Fraction(amount) * max(0, (stop - start).days + 1) / ((last - first).days + 1)
    return int(whole // Fraction(step)) * step


def _prorated(parts: Sequence[tuple[dt.date, dt.date, int]], until: dt.date | None, step: Decimal) -> Decimal:
    whole = Fraction(0)
    for begin, end, days in parts:
        stop = min(end, until or end)
        whole += Fraction(max(0, (stop - begin).days + 1), 365) * days
    return int(whole // Fraction(step)) * step
