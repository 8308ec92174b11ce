"""What is due of a year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.leave.calc.yearly import (
    Career,
    add_months,
    due_by_service,
    due_fixed,
    months_between,
    spans_of,
)

D = Decimal


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2026-01-15", "2026-02-14", 0), ("2026-01-15", "2026-02-15", 1), ("2026-01-31", "2026-02-28", 1), ("2020-03-01", "2026-03-01", 72)],
)  # fmt: skip
def test_whole_months(start, end, months):
    assert months_between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == months


def test_a_month_later_is_the_last_day_of_a_short_month():
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 11, 5), -12) == dt.date(2025, 11, 5)


def test_a_whole_year_is_whole_also_in_a_leap_year():
    assert due_by_service(Career(dt.date(2020, 1, 1)), 2024) == 5
    assert due_by_service(Career(dt.date(2020, 1, 1), months_before=240), 2026) == 15


def test_the_year_of_hire_counts_the_days_that_are_left():
    assert due_by_service(Career(dt.date(2026, 7, 1), months_before=12), 2026) == 2  # 184 ÷ 365 × 5
    assert due_by_service(Career(dt.date(2026, 7, 1), months_before=12), 2025) == 0


def test_somebody_new_to_work_has_nothing_for_twelve_months():
    career = Career(dt.date(2025, 7, 1))
    assert due_by_service(career, 2025) == 0
    assert spans_of(career, 2026) == [
        (dt.date(2026, 1, 1), dt.date(2026, 6, 30), 0),
        (dt.date(2026, 7, 1), dt.date(2026, 12, 31), 5),
    ]
    assert due_by_service(career, 2026) == 2


def test_a_leaver_has_the_days_until_the_last():
    assert due_by_service(Career(dt.date(2020, 1, 1), dt.date(2026, 9, 30)), 2026) == 3  # 273 ÷ 365 × 5


@pytest.mark.parametrize(("policy", "days"), [("next_year", 5), ("pro_rata", 7), ("whole_year", 10)])
def test_ten_years_reached_in_july(policy, days):
    career = Career(dt.date(2020, 7, 1), months_before=48)
    assert due_by_service(career, 2026, policy=policy) == days


def test_part_of_a_year_for_monthly_accrual():
    career = Career(dt.date(2020, 1, 1), months_before=120)
    assert [due_by_service(career, 2026, until=dt.date(2026, month, 28)) for month in (1, 6, 12)] == [0, 4, 9]


def test_a_fixed_amount():
    whole, hired = Career(dt.date(2020, 1, 1)), Career(dt.date(2026, 7, 1))
    assert due_fixed(whole, 2026, D(7)) == 7
    assert due_fixed(hired, 2026, D(7)) == D("3.5")  # 184 ÷ 365 × 7 = 3.53
    assert due_fixed(hired, 2026, D(7), is_prorated=False) == 7
    assert due_fixed(hired, 2025, D(7)) == 0
    assert due_fixed(whole, 2026, D(12), until=dt.date(2026, 1, 31)) == 1
