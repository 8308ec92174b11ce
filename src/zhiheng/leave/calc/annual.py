"""Annual leave by law: how many days, how many of them in a year that is not whole, and when there are none.

职工带薪年休假条例 (State Council Decree 514, 2008-01-01); 企业职工带薪年休假实施办法 (Ministry Order 1, 2008-09-18).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhiheng.calckit.rounding import round_half_up

_YEAR = 365  # also in leap years: 办法 第五条 says so
_STEPS = ((20, 15), (10, 10), (1, 5))
_SICK_MONTHS = ((20, 4), (10, 3), (1, 2))
_PERSONAL_DAYS = 20


def entitled_days(cumulative_years: Decimal) -> int:
    """Return the days a year by service with all employers together: 5 from 1 year, 10 from 10, 15 from 20.

    条例 第三条 (2008-01-01); 办法 第四条: service elsewhere counts.
    """
    return next((days for years, days in _STEPS if cumulative_years >= years), 0)


def service_years(worked_months: int) -> Decimal:
    """Return whole years of service; parts of a year do not count towards a step."""
    return Decimal(worked_months // 12)


@dataclass(frozen=True)
class PartYear:
    """Leave of a year that somebody was not employed for whole. ``exact`` has four decimals and may be negative."""

    calendar_days: int
    exact: Decimal
    days: int


def part_year_days(
    entitlement: Decimal, *, hired_on: date | None, last_on: date | None, taken: Decimal = Decimal(0)
) -> PartYear:
    """Return the days due in the year of hire or leaving: calendar days employed ÷ 365 × days − taken.

    The part below one day is dropped; what was taken beyond is not claimed back. Divides by 365 in
    leap years too. 办法 第五条 (hire), 第十二条 (leaving), 2008-09-18.
    """
    end = last_on or hired_on
    if end is None:
        return _part(_YEAR, entitlement, taken)
    first, last = date(end.year, 1, 1), last_on or date(end.year, 12, 31)
    start = max(first, hired_on) if hired_on else first
    return _part(max(0, (last - start).days + 1), entitlement, taken)


def _part(calendar_days: int, entitlement: Decimal, taken: Decimal) -> PartYear:
    exact = Fraction(calendar_days) / _YEAR * Fraction(entitlement) - Fraction(taken)
    return PartYear(calendar_days, round_half_up(exact, 4), max(0, int(exact // 1)))


@dataclass(frozen=True)
class Absences:
    """What of a year's absences may cost the annual leave: sick months together, and personal leave with pay."""

    sick_months: Decimal = Decimal(0)
    paid_personal_days: Decimal = Decimal(0)
    had_long_school_holidays: bool = False


@dataclass(frozen=True)
class Forfeit:
    """Whether the leave of this year is lost, and that of the next because this year's was already taken."""

    this_year: bool = False
    next_year: bool = False


def forfeit(cumulative_years: Decimal, absences: Absences, *, is_taken: bool) -> Forfeit:
    """Return what long absence does to the leave.

    Sick for 2, 3 or 4 months (by 1, 10 and 20 years of service), 20 days of personal leave with pay, or school holidays
    longer than the leave: no annual leave this year (条例 第四条); if it was taken already, none next year
    (办法 第八条).
    """
    limit = next((months for years, months in _SICK_MONTHS if cumulative_years >= years), None)
    is_lost = (
        (limit is not None and absences.sick_months >= limit)
        or absences.paid_personal_days >= _PERSONAL_DAYS
        or absences.had_long_school_holidays
    )
    return Forfeit(this_year=is_lost and not is_taken, next_year=is_lost and is_taken)
