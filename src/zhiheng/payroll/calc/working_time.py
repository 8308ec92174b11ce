"""The statutory figures of working time: how many days and hours a year, quarter or month stands for.

Two figures must never be mixed: *work days* (20.67 a month) measure hours, *pay days* (21.75) turn a monthly wage into
a daily one. Statutory holidays are paid, so they count among the second and not among the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhiheng.calckit.rounding import round_half_up

DAY_HOURS = 8
_DAYS = 365
_REST_DAYS = 104  # two a week


@dataclass(frozen=True)
class HolidayLaw:
    """From when on how many statutory holidays a year has, and by which text."""

    effective_from: date
    statutory_days: int
    source: str
    published_on: date


HOLIDAY_LAWS = (
    HolidayLaw(date(2025, 1, 1), 13, "国务院令第795号；人社部发〔2025〕2号", date(2024, 11, 10)),
    HolidayLaw(date(2008, 1, 1), 11, "国务院令第513号；劳社部发〔2008〕3号", date(2007, 12, 14)),
)
"""Latest first."""

PAY_DAYS_MONTH = Decimal("21.75")
"""(365 − 104) ÷ 12. 劳社部发〔2008〕3号, in force since 2008-01-03; unchanged by 人社部发〔2025〕2号 (2025-01-01)."""

PAY_HOURS_MONTH = PAY_DAYS_MONTH * DAY_HOURS
"""174 hours: what a monthly wage is divided by for an hour's pay."""


@dataclass(frozen=True)
class WorkingTime:
    """Work days measure time; pay days and pay hours divide wages."""

    work_days_year: int
    work_days_quarter: Decimal
    work_days_month: Decimal
    work_hours_year: int
    pay_days_month: Decimal
    pay_hours_month: Decimal


def working_time(year: int) -> WorkingTime:
    """Return the statutory figures of a year: 248 work days since 2025, 250 before.

    劳社部发〔2008〕3号 (2008-01-03), 人社部发〔2025〕2号 (2025-01-01). Raises LookupError for years before 2008.
    """
    days = _DAYS - _REST_DAYS - statutory_days(year)
    return WorkingTime(
        work_days_year=days,
        work_days_quarter=Decimal(days) / 4,
        work_days_month=round_half_up(Fraction(days, 12)),
        work_hours_year=days * DAY_HOURS,
        pay_days_month=PAY_DAYS_MONTH,
        pay_hours_month=PAY_HOURS_MONTH,
    )


def statutory_days(year: int) -> int:
    """Return how many statutory holidays a year has. 全国年节及纪念日放假办法, as amended on 2024-11-10."""
    for law in HOLIDAY_LAWS:
        if law.effective_from <= date(year, 1, 1):
            return law.statutory_days
    raise LookupError(f"no law of holidays is known for {year}")


def hourly_wage(monthly_base: Decimal) -> Fraction:
    """Return the exact wage of an hour: a month's ÷ 174. Round only what is paid, never this."""
    return Fraction(monthly_base) / Fraction(PAY_HOURS_MONTH)


def daily_wage(monthly_base: Decimal) -> Fraction:
    """Return the exact wage of a day: a month's ÷ 21.75."""
    return Fraction(monthly_base) / Fraction(PAY_DAYS_MONTH)
