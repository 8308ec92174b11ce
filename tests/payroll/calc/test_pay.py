"""Overtime, absence, sick pay, minimum wage and severance."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.payroll.calc.absence import (
    METHODS,
    HolidayPay,
    MonthDays,
    holiday_pay,
    payable_wage,
    recommended_method,
    wage_by_method,
)
from zhiheng.payroll.calc.minimum_wage import deduction_limit
from zhiheng.payroll.calc.overtime import (
    CapCheck,
    OvertimeHours,
    check_day_cap,
    comprehensive_overtime,
    irregular_rule,
    overtime_pay,
    set_off_time_off,
)
from zhiheng.payroll.calc.severance import economic_compensation, untaken_leave_pay
from zhiheng.payroll.calc.sick import SickPay, sick_coefficient, sick_pay
from zhiheng.payroll.calc.working_time import working_time

D = Decimal


def test_years_before_the_law_are_not_guessed():
    with pytest.raises(LookupError):
        working_time(2007)


def test_a_tenant_may_allow_time_off_for_working_days():
    worked = OvertimeHours(at_150=D(3), at_200=D(4))
    left = set_off_time_off(worked, D(6), is_weekday_allowed=True)
    assert (left.payable, left.refused) == (OvertimeHours(D(1), D(0), D(0)), 0)


def test_hours_over_the_limit_of_a_day_are_reported_and_payable():
    assert check_day_cap(D("3.5")) == CapCheck(True, D("0.5"), D("3.5"))
    assert check_day_cap(D(3)) == CapCheck(False, D(0), D(3))


def test_a_place_with_its_own_rule_for_irregular_hours_has_it_from_its_day_on():
    assert irregular_rule("shenzhen", dt.date(2026, 1, 1)).is_holiday_paid
    assert not irregular_rule("shenzhen", dt.date(2003, 1, 1)).is_holiday_paid
    assert not irregular_rule("beijing", dt.date(2026, 1, 1)).is_holiday_paid


def test_hours_on_a_holiday_count_once():
    hours = comprehensive_overtime(D(472), D(500), D(8))
    assert hours == OvertimeHours(at_150=D(20), at_300=D(8))
    assert overtime_pay(D(8700), hours).amount == D("2700.00")


def test_the_method_follows_the_kind_of_absence():
    short = MonthDays(D(22), D(22), D(20))
    long = MonthDays(D(22), D(22), D(10))
    assert recommended_method(short, is_partial_month=False) == "negative_2175"
    assert recommended_method(short, is_partial_month=True) == "ratio_paid_days"
    assert recommended_method(long, is_partial_month=False) == "ratio_paid_days"


def test_a_month_without_any_day_to_pay_pays_nothing():
    none = MonthDays(D(0), D(0), D(0))
    assert wage_by_method(D(8700), none, "ratio_paid_days") == 0


halves = st.integers(0, 46).map(lambda count: D(count) / 2)


@given(
    monthly=st.decimals(1, 100_000, places=2),
    scheduled=st.integers(15, 23),
    holidays=st.integers(0, 5),
    attended=halves,
)
def test_what_is_paid_lies_between_nothing_and_the_wage(monthly, scheduled, holidays, attended):
    days = MonthDays(D(scheduled), D(scheduled + holidays), min(attended, D(scheduled)), D(holidays))
    for method in METHODS:
        assert 0 <= payable_wage(monthly, days, method=method) <= monthly


@given(monthly=st.decimals(1, 100_000, places=2), scheduled=st.integers(15, 23), holidays=st.integers(0, 5))
def test_the_ratio_is_exact_at_both_ends(monthly, scheduled, holidays):
    paid = D(scheduled + holidays)
    assert (
        wage_by_method(monthly, MonthDays(D(scheduled), paid, D(scheduled), D(holidays)), "ratio_paid_days")
        == monthly
    )
    assert wage_by_method(monthly, MonthDays(D(scheduled), paid, D(0), D(0)), "ratio_paid_days") == 0


def test_a_holiday_is_in_the_wage_and_work_on_it_comes_on_top():
    assert holiday_pay(D(8700)) == HolidayPay(D(0), D("0.00"))
    assert holiday_pay(D(8700), D(8)).extra == D("1200.00")


@pytest.mark.parametrize(
    ("years", "months", "coefficient"),
    [("1.99", "6", "0.6"), ("2", "1", "0.7"), ("8", "1", "1"), ("2", "6.1", "0.5"), ("30", "7", "0.6")],
)
def test_sick_pay_in_shanghai_goes_by_service_and_length(years, months, coefficient):
    assert sick_coefficient("shanghai", D(years), D(months)) == D(coefficient)


def test_a_city_without_rules_of_sick_pay_is_not_guessed():
    with pytest.raises(LookupError):
        sick_coefficient("chengdu", D(1), D(1))
    assert sick_coefficient("beijing", D(9), D(1)) == 0  # the floor only, the rest is agreed


def test_a_floor_above_the_wage_takes_nothing_off():
    assert sick_pay(D(2000), D(5), D("0.6"), D(2740)) == SickPay(D("503.91"), D("0.00"))


def test_nothing_may_be_taken_off_a_wage_at_the_minimum():
    assert deduction_limit(D(2000), D(2540)) == 0


def test_less_than_half_a_year_is_half_a_month():
    assert economic_compensation(0, 3, D(10000), D(12116)).amount == D("5000.00")
    assert economic_compensation(0, 0, D(10000), D(12116)).months == 0


def test_a_wage_below_the_minimum_counts_as_the_minimum():
    assert economic_compensation(2, 0, D(2000), D(12116), D(2540)).amount == D("5080.00")


def test_who_declined_the_leave_in_writing_gets_the_salary_only():
    pay = untaken_leave_pay(D(2175), D(3), is_declined_in_writing=True)
    assert (pay.total, pay.extra) == (D("300.00"), D("0.00"))
