"""Annual leave by law."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.leave.calc.annual import (
    Absences,
    Forfeit,
    PartYear,
    entitled_days,
    forfeit,
    part_year_days,
    service_years,
)

D = Decimal


@pytest.mark.parametrize(
    ("months", "days"), [(11, 0), (12, 5), (119, 5), (120, 10), (239, 10), (240, 15), (600, 15)]
)
def test_days_go_by_months_worked_anywhere(months, days):
    assert entitled_days(service_years(months)) == days


def test_what_was_taken_beyond_is_not_claimed_back():
    found = part_year_days(D(5), hired_on=None, last_on=dt.date(2026, 3, 31), taken=D(3))
    assert found == PartYear(90, D("-1.7671"), 0)


def test_half_a_day_taken_counts():
    found = part_year_days(D(10), hired_on=None, last_on=dt.date(2026, 6, 30), taken=D("1.5"))
    assert found == PartYear(181, D("3.4589"), 3)


def test_a_year_employed_whole():
    assert part_year_days(D(10), hired_on=None, last_on=None) == PartYear(365, D("10.0000"), 10)
    long_here = part_year_days(D(10), hired_on=dt.date(2019, 4, 1), last_on=dt.date(2026, 12, 31))
    assert long_here == PartYear(365, D("10.0000"), 10)


def test_a_last_day_before_the_first_is_no_day():
    assert part_year_days(D(5), hired_on=dt.date(2026, 5, 2), last_on=dt.date(2026, 5, 1)).days == 0


@pytest.mark.parametrize(("years", "months"), [(1, 2), (9, 2), (10, 3), (19, 3), (20, 4), (40, 4)])
def test_long_sickness_costs_the_leave(years, months):
    sick = Absences(sick_months=D(months))
    assert forfeit(D(years), sick, is_taken=False) == Forfeit(this_year=True)
    assert forfeit(D(years), sick, is_taken=True) == Forfeit(next_year=True)
    assert forfeit(D(years), Absences(sick_months=D(months) - 1), is_taken=False) == Forfeit()


def test_paid_personal_leave_and_school_holidays_cost_the_leave():
    assert forfeit(D(3), Absences(paid_personal_days=D(20)), is_taken=False).this_year
    assert not forfeit(D(3), Absences(paid_personal_days=D("19.5")), is_taken=False).this_year
    assert forfeit(D(3), Absences(had_long_school_holidays=True), is_taken=False).this_year
    assert forfeit(D(0), Absences(sick_months=D(12)), is_taken=False) == Forfeit()
