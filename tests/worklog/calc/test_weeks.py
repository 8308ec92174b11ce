"""Weeks, and hours as people type them."""

from __future__ import annotations

import datetime as dt

import pytest

from zhiheng.worklog.calc.weeks import days_of_week, hours_text, monday_of, parse_minutes

MONDAY = dt.date(2026, 11, 2)


def test_weeks_begin_on_monday():
    assert [monday_of(MONDAY + dt.timedelta(days=each)) for each in range(8)] == [
        *[MONDAY] * 7,
        MONDAY + dt.timedelta(days=7),
    ]
    assert days_of_week(MONDAY)[-1] == dt.date(2026, 11, 8)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("", 0),
        ("2", 120),
        ("1.5", 90),
        (".5", 30),
        ("0.33", 20),
        ("1:30", 90),
        ("1：30", 90),
        ("8h", 480),
        ("1,5", 90),
        ("2小时", 120),
        ("90m", 90),
        ("90 分钟".replace(" ", ""), 90),
        ("24", 1440),
    ],
)
def test_hours_as_typed(typed, minutes):
    assert parse_minutes(typed) == minutes


@pytest.mark.parametrize("typed", ["x", "25", "-1", "1:75", "1.234", "2000m", "24:01"])
def test_what_is_no_time_of_a_day(typed):
    with pytest.raises(ValueError):
        parse_minutes(typed)


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, ""), (480, "8"), (450, "7.5"), (99, "1.65"), (80, "1:20"), (3, "0.05")]
)
def test_hours_as_written(minutes, text):
    assert hours_text(minutes) == text
    assert parse_minutes(text) == minutes
