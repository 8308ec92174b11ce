"""Sick pay by city: coefficients as dated rows with their sources, floor, and the deduction they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhiheng.calckit.money import round_money
from zhiheng.payroll.calc.working_time import daily_wage

FLOOR_SHARE = Decimal("0.8")
"""Of the local minimum wage. 劳部发〔1995〕309号 第59条 (1995-08-04); Shanghai and Beijing repeat it."""


@dataclass(frozen=True)
class SickBand:
    """The share of the base that is paid to somebody with at least so many years here, for a spell of a length.

    ``is_long``: the spell lasts more than six months without a break (疾病救济费).
    """

    jurisdiction: str
    is_long: bool
    years_from: Decimal
    coefficient: Decimal
    effective_from: date
    source: str
    grade: str


_SHANGHAI = "上海市劳动保障局关于病假工资计算的公告（2004年11月） https://wechat.estsglobal.com/wechat/law_contents/41"
_BEIJING = "北京市工资支付规定 第二十一条 https://m.64365.com/ask/12953349.aspx"


def _shanghai(is_long: bool, years: str, coefficient: str) -> SickBand:
    return SickBand(
        "shanghai", is_long, Decimal(years), Decimal(coefficient), date(2004, 11, 1), _SHANGHAI, "A"
    )


SICK_BANDS = (
    _shanghai(False, "0", "0.6"),
    _shanghai(False, "2", "0.7"),
    _shanghai(False, "4", "0.8"),
    _shanghai(False, "6", "0.9"),
    _shanghai(False, "8", "1.0"),
    _shanghai(True, "0", "0.4"),
    _shanghai(True, "1", "0.5"),
    _shanghai(True, "3", "0.6"),
    # By agreement only, above the floor: 北京市工资支付规定 第二十一条.
    SickBand(
        "beijing", False, Decimal(0), Decimal(0), date(2004, 1, 22), "北京市工资支付规定 第二十一条", "A"
    ),
    SickBand(
        "beijing", True, Decimal(0), Decimal(0), date(2004, 1, 22), "北京市工资支付规定 第二十一条", "A"
    ),
)


def sick_coefficient(city: str, years: Decimal, months: Decimal) -> Decimal:
    """Return the least share of the base that is paid: by years with this employer and months of the spell.

    Zero where only the floor is laid down and the rest is agreed. Raises LookupError for a city without rows: the
    calculation must not guess.
    """
    bands = [
        band
        for band in SICK_BANDS
        if band.jurisdiction == city and band.is_long == (months > 6) and band.years_from <= years
    ]
    if not bands:
        raise LookupError(f"no rule of sick pay is known for {city}")
    return max(bands, key=lambda band: band.years_from).coefficient


@dataclass(frozen=True)
class SickPay:
    """What is paid for the sick days, and what is taken off the salary for them."""

    amount: Decimal
    deduction: Decimal


def sick_pay(base: Decimal, workdays: Decimal, coefficient: Decimal, minimum_wage: Decimal) -> SickPay:
    """Return the pay of sick work days: base × coefficient, at least 80 % of the minimum wage, ÷ 21.75 × days.

    Rest days and holidays within the spell are not sick days. 上海市 notice of 2004-11; 北京市工资支付规定 第二十一条
    (2004-01-22); 劳部发〔1995〕309号 第59条 (1995-08-04).
    """
    monthly = max(base * coefficient, minimum_wage * FLOOR_SHARE)
    paid = daily_wage(monthly) * Fraction(workdays)
    normal = daily_wage(base) * Fraction(workdays)
    return SickPay(round_money(paid), round_money(max(Fraction(0), normal - paid)))
