"""Mistakes that other programs make with working time and pay, each as a case that they get wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from zhiheng.leave.calc.annual import entitled_days, part_year_days
from zhiheng.payroll.calc.absence import MonthDays, payable_wage, wage_by_method
from zhiheng.payroll.calc.minimum_wage import WageParts, guard_minimum_wage
from zhiheng.payroll.calc.overtime import OvertimeHours, overtime_pay, set_off_time_off
from zhiheng.payroll.calc.severance import economic_compensation, untaken_leave_pay
from zhiheng.payroll.calc.working_time import daily_wage, hourly_wage, working_time
from zhiheng.rosters.calc.calendar import NotPublished, day_type, overtime_multiple


def test_the_new_holidays_shorten_the_hours_and_leave_the_hourly_wage():
    before, since = working_time(2024), working_time(2025)
    assert (before.work_days_month, since.work_days_month) == (Decimal("20.83"), Decimal("20.67"))
    assert before.pay_hours_month == since.pay_hours_month == 174
    assert daily_wage(Decimal(2175)) == 100  # and not 2175 ÷ 20.67


def test_an_hour_is_never_rounded_before_it_is_multiplied():
    assert hourly_wage(Decimal(15000)) == Fraction(15000, 174)
    assert overtime_pay(Decimal(15000), OvertimeHours(at_150=Decimal(2))).amount == Decimal("258.62")


@pytest.mark.parametrize(
    ("on", "multiple"),
    [
        ("2026-02-17", "3"),  # first day of the year
        ("2026-02-20", "2"),  # the same break, no statutory day
        ("2026-02-28", "1.5"),  # a worked Saturday
    ],
)
def test_a_break_is_not_one_multiple(on, multiple):
    assert overtime_multiple(day_type(on)) == Decimal(multiple)


def test_the_calendar_of_next_year_is_not_guessed():
    with pytest.raises(NotPublished):
        day_type("2027-02-06")


def test_time_off_sets_off_rest_days_only():
    worked = OvertimeHours(Decimal(2), Decimal(8), Decimal(8))
    left = set_off_time_off(worked, Decimal(12))
    assert left.payable == OvertimeHours(Decimal(2), Decimal(0), Decimal(8))
    assert left.refused == 4


def test_a_leap_year_divides_by_365():
    assert part_year_days(Decimal(15), hired_on=dt.date(2024, 2, 1), last_on=None).days == 13  # 335 ÷ 365
    whole = part_year_days(Decimal(5), hired_on=None, last_on=dt.date(2024, 12, 31))
    assert (whole.calendar_days, whole.days) == (366, 5)


def test_annual_leave_goes_by_all_of_the_working_life():
    here, before = Decimal(1), Decimal(9)
    assert (entitled_days(here), entitled_days(here + before)) == (5, 10)


def test_untaken_leave_adds_two_wages_to_the_one_that_was_paid():
    pay = untaken_leave_pay(Decimal(2175), Decimal(1))
    assert (pay.total, pay.extra) == (Decimal("300.00"), Decimal("200.00"))


def test_nobody_is_paid_for_a_month_without_work():
    february = MonthDays(scheduled=Decimal(16), paid=Decimal(20), attended=Decimal(0))
    assert wage_by_method(Decimal(8700), february, "negative_2175") == Decimal("2300.00")
    assert payable_wage(Decimal(8700), february) == 0


def test_a_day_worked_is_paid_in_a_long_month():
    july = MonthDays(scheduled=Decimal(23), paid=Decimal(23), attended=Decimal(1))
    assert wage_by_method(Decimal(8700), july, "negative_2175") == 0
    assert payable_wage(Decimal(8700), july) == Decimal("378.26")  # 8700 ÷ 23


def test_a_day_missing_never_pays_more_than_the_wage():
    july = MonthDays(scheduled=Decimal(23), paid=Decimal(23), attended=Decimal(22))
    assert wage_by_method(Decimal(2175), july, "positive_2175") == Decimal("2200.00")
    assert payable_wage(Decimal(2175), july, method="positive_2175") == Decimal("2175")


def test_overtime_does_not_fill_up_a_minimum_wage():
    parts = WageParts(gross=Decimal(3000), overtime=Decimal(600), personal_contributions=Decimal(450))
    assert guard_minimum_wage(parts, Decimal(2540), are_contributions_excluded=False).top_up == 140
    assert guard_minimum_wage(parts, Decimal(2540), are_contributions_excluded=True).top_up == 590


def test_the_cap_of_the_compensation_is_three_months_not_three_years():
    found = economic_compensation(20, 0, Decimal(50000), Decimal(12116))
    assert (found.months, found.wage, found.amount) == (12, 36348, Decimal("436176.00"))
