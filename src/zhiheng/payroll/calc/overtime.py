"""Overtime in money: what is payable at which multiple, under which system of working time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from zhiheng.calckit.money import round_money
from zhiheng.calckit.rounding import round_half_up
from zhiheng.payroll.calc.working_time import hourly_wage

ZERO = Decimal(0)


@dataclass(frozen=True)
class OvertimeHours:
    """Hours at 150 % (working days), 200 % (rest days) and 300 % (statutory holidays)."""

    at_150: Decimal = ZERO
    at_200: Decimal = ZERO
    at_300: Decimal = ZERO

    @property
    def weighted(self) -> Fraction:
        """The hours times their multiples."""
        return Fraction(self.at_150) * 3 / 2 + Fraction(self.at_200) * 2 + Fraction(self.at_300) * 3


@dataclass(frozen=True)
class OvertimePay:
    """An amount, rounded once, and the hourly wage as it is shown (six decimals; never calculated with)."""

    amount: Decimal
    hourly: Decimal


def overtime_pay(monthly_base: Decimal, hours: OvertimeHours) -> OvertimePay:
    """Return what overtime costs: month ÷ 174 × hours × multiple.

    劳动法 第四十四条 (1995-01-01); 工资支付暂行规定 第十三条 (1995-01-01); 21.75 days by 劳社部发〔2008〕3号.
    """
    hourly = hourly_wage(monthly_base)
    return OvertimePay(round_money(hourly * hours.weighted), round_half_up(hourly, 6))


@dataclass(frozen=True)
class SettledOvertime:
    """What stays payable after time off; ``refused`` is the time off that the law does not let set off."""

    payable: OvertimeHours
    refused: Decimal


def set_off_time_off(
    worked: OvertimeHours, time_off: Decimal, *, is_weekday_allowed: bool = False
) -> SettledOvertime:
    """Set time off in lieu off against overtime.

    Only rest-day overtime may be compensated by time off; working-day overtime is paid all the same unless the tenant
    overrides that (``is_weekday_allowed``), and a statutory holiday's is always paid. 劳动法 第四十四条 (1995-01-01).
    """
    against_200 = min(worked.at_200, time_off)
    against_150 = min(worked.at_150, time_off - against_200) if is_weekday_allowed else ZERO
    payable = OvertimeHours(worked.at_150 - against_150, worked.at_200 - against_200, worked.at_300)
    return SettledOvertime(payable, time_off - against_200 - against_150)


@dataclass(frozen=True)
class CapCheck:
    """Whether overtime went over the legal limit. What was worked is payable even then."""

    is_over: bool
    excess_hours: Decimal
    payable_hours: Decimal


def check_month_cap(hours: Decimal, cap: Decimal = Decimal(36)) -> CapCheck:
    """Compare a month's overtime with the limit. 劳动法 第四十一条 (1995-01-01): 36 hours a month.

    Which hours count is the caller's: by default those at 150 % and 200 %.
    """
    excess = max(ZERO, hours - cap)
    return CapCheck(excess > 0, excess, hours)


def check_day_cap(hours: Decimal, cap: Decimal = Decimal(3)) -> CapCheck:
    """Compare a day's overtime with the limit. 劳动法 第四十一条 (1995-01-01): 3 hours a day."""
    return check_month_cap(hours, cap)


@dataclass(frozen=True)
class IrregularRule:
    """Whether a place demands 300 % of statutory holidays from people without fixed hours (不定时工时制)."""

    jurisdiction: str
    is_holiday_paid: bool
    effective_from: date
    source: str
    grade: str  # A: official text · K: general knowledge, to be checked


NATIONAL = "CN"
IRREGULAR_RULES = (
    IrregularRule(NATIONAL, False, date(1995, 1, 1), "工资支付暂行规定（劳部发〔1994〕489号）第十三条", "A"),
    IrregularRule(
        "shanghai", True, date(2016, 8, 1), "上海市企业工资支付办法（沪人社综发〔2016〕29号）", "K"
    ),
    IrregularRule("shenzhen", True, date(2004, 12, 1), "深圳市员工工资支付条例", "K"),
)


def irregular_rule(city: str, on: date) -> IrregularRule:
    """Return the rule of a city on a day, the national one where it has none."""
    mine = [rule for rule in IRREGULAR_RULES if rule.jurisdiction == city and rule.effective_from <= on]
    return mine[0] if mine else IRREGULAR_RULES[0]


def irregular_overtime(worked: OvertimeHours, rule: IrregularRule) -> OvertimeHours:
    """Return the payable overtime of somebody without fixed hours: none, or holidays only where the place demands it.

    工资支付暂行规定 第十三条 (1995-01-01): 实行不定时工时制度的劳动者，不执行上述规定.
    """
    return OvertimeHours(at_300=worked.at_300 if rule.is_holiday_paid else ZERO)


def comprehensive_overtime(standard: Decimal, actual: Decimal, holiday: Decimal) -> OvertimeHours:
    """Return the overtime of a period of comprehensively counted hours (综合计算工时制).

    What is beyond the standard hours of the period is paid at 150 %, also on rest days; of it, or even below the
    standard, hours on statutory holidays (part of ``actual``) are paid at 300 % and not at 150 % as well.
    工资支付暂行规定 第十三条 (1995-01-01); 劳部发〔1997〕271号 第七条 (1997-09-10).
    """
    return OvertimeHours(at_150=max(ZERO, actual - holiday - standard), at_300=holiday)
