"""What a month's wage becomes when days of it were not worked: five methods, and the recommended choice.

No law fixes the method; each has its traps. *negative* still pays 2,300 for a February in which nobody came, *positive*
pays more than the wage in a long month, *hybrid* jumps. Only *ratio* is continuous and exact at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zhiheng.calckit.money import round_money
from zhiheng.payroll.calc.working_time import daily_wage

Method = Literal["negative_2175", "positive_2175", "ratio_paid_days", "ratio_scheduled_days", "hybrid"]
METHODS: tuple[Method, ...] = (
    "negative_2175",
    "positive_2175",
    "ratio_paid_days",
    "ratio_scheduled_days",
    "hybrid",
)


@dataclass(frozen=True)
class MonthDays:
    """The days of a month for one person.

    ``scheduled``: work days of the month; ``paid``: those and its statutory holidays; ``attended``: work days with pay;
    ``holidays``: statutory holidays while employed and with pay.
    """

    scheduled: Decimal
    paid: Decimal
    attended: Decimal
    holidays: Decimal = Decimal(0)

    @property
    def absent(self) -> Decimal:
        """The work days without pay."""
        return self.scheduled - self.attended


def _negative(monthly: Decimal, days: MonthDays) -> Fraction:
    return Fraction(monthly) - daily_wage(monthly) * Fraction(days.absent)


def _positive(monthly: Decimal, days: MonthDays) -> Fraction:
    return daily_wage(monthly) * Fraction(days.attended + days.holidays)


def _ratio_paid(monthly: Decimal, days: MonthDays) -> Fraction:
    return _share(monthly, days.attended + days.holidays, days.paid)


def _ratio_scheduled(monthly: Decimal, days: MonthDays) -> Fraction:
    return _share(monthly, days.attended, days.scheduled)


def _share(monthly: Decimal, part: Decimal, whole: Decimal) -> Fraction:
    """Return a part of the wage; nothing of a month without any day to pay."""
    return Fraction(monthly) * Fraction(part) / Fraction(whole) if whole else Fraction(0)


def _hybrid(monthly: Decimal, days: MonthDays) -> Fraction:
    return (_negative if days.absent <= days.attended else _positive)(monthly, days)


_WAGE = {
    "negative_2175": _negative,
    "positive_2175": _positive,
    "ratio_paid_days": _ratio_paid,
    "ratio_scheduled_days": _ratio_scheduled,
    "hybrid": _hybrid,
}


def wage_by_method(monthly: Decimal, days: MonthDays, method: Method) -> Decimal:
    """Return the wage of a month by one method, as it is written down: never below zero, but maybe above the wage.

    21.75 by 劳社部发〔2008〕3号 (2008-01-03); ratio as in http://www.law-hr.com/ask/1686369041242084.html.
    """
    return round_money(max(Fraction(0), _WAGE[method](monthly, days)))


def recommended_method(days: MonthDays, *, is_partial_month: bool) -> Method:
    """Return the method that does least harm: ratio in the month of hire or leaving and beyond half a month's absence,
    otherwise S ÷ 21.75 a day.
    """
    if is_partial_month or days.absent * 2 > days.scheduled:
        return "ratio_paid_days"
    return "negative_2175"


def payable_wage(
    monthly: Decimal, days: MonthDays, *, is_partial_month: bool = False, method: Method | None = None
) -> Decimal:
    """Return what is paid of a month's wage by the tenant's method or the recommended one, from 0 to the wage."""
    chosen = method or recommended_method(days, is_partial_month=is_partial_month)
    return min(monthly, wage_by_method(monthly, days, chosen))


@dataclass(frozen=True)
class HolidayPay:
    """A statutory holiday of somebody with a monthly wage: what is taken off it, and what comes on top."""

    deduction: Decimal
    extra: Decimal


def holiday_pay(monthly: Decimal, hours_worked: Decimal = Decimal(0)) -> HolidayPay:
    """Return what a statutory holiday does to a monthly wage: the day is in it; work on it adds 300 % an hour.

    劳动法 第五十一条 (holidays are paid), 第四十四条 (300 %), 1995-01-01.
    """
    whole = MonthDays(scheduled=Decimal(20), paid=Decimal(21), attended=Decimal(20), holidays=Decimal(1))
    deduction = monthly - payable_wage(monthly, whole)
    extra = round_money(Fraction(monthly) / 174 * 3 * Fraction(hours_worked))
    return HolidayPay(deduction, extra)
