"""Money when an employment ends: economic compensation, and annual leave that was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhiheng.calckit.money import round_money
from zhiheng.payroll.calc.working_time import daily_wage

HALF = Decimal("0.5")
MOST_YEARS = Decimal(12)


@dataclass(frozen=True)
class Compensation:
    """How many months' wages, of which wage, come to how much."""

    months: Decimal
    wage: Decimal
    amount: Decimal


def economic_compensation(
    full_years: int,
    extra_months: int,
    average_wage: Decimal,
    local_average_month: Decimal,
    minimum_wage: Decimal = Decimal(0),
) -> Compensation:
    """Return the compensation: a month's wage a year, from six months on a whole one, below half a one.

    A wage above three times the local monthly average counts as those three, and then for twelve years at most; one
    below the minimum wage counts as the minimum wage.
    劳动合同法 第四十七条 (2008-01-01), 实施条例 第二十七条 (2008-09-18).
    """
    months = Decimal(full_years) + _part_year(extra_months)
    wage = max(average_wage, minimum_wage)
    cap = local_average_month * 3
    if wage > cap:
        wage, months = cap, min(months, MOST_YEARS)
    return Compensation(months, wage, round_money(wage * months))


def _part_year(months: int) -> Decimal:
    if months >= 6:
        return Decimal(1)
    return HALF if months > 0 else Decimal(0)


@dataclass(frozen=True)
class UntakenLeavePay:
    """Pay of leave not taken; ``extra`` is what comes on top of the salary that was already paid for the days."""

    total: Decimal
    extra: Decimal


def untaken_leave_pay(
    average_wage: Decimal, days: Decimal, *, is_declined_in_writing: bool = False
) -> UntakenLeavePay:
    """Return the pay of annual leave not taken: 300 % a day, of which the salary holds 100 %.

    ``average_wage``: of the last twelve months, without overtime pay. Somebody who declined the leave in writing for
    personal reasons gets the salary only. 企业职工带薪年休假实施办法 第十、十一条 (2008-09-18).
    """
    normal = daily_wage(average_wage) * Fraction(days)
    if is_declined_in_writing:
        return UntakenLeavePay(round_money(normal), round_money(Fraction(0)))
    return UntakenLeavePay(round_money(normal * 3), round_money(normal * 2))
