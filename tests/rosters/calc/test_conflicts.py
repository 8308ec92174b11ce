from __future__ import annotations

import datetime as dt

import pytest

from zhiheng.rosters.calc.conflicts import (
    Conflict,
    Limits,
    PlannedDay,
    conflicts_of,
    is_worked,
    minutes_of,
    period_of,
    span_of,
)
from zhiheng.rosters.calc.shift import Flex, Shift

MONDAY = dt.date(2026, 8, 3)
EARLY, NIGHT, REST = Shift(segments=((480, 960),)), Shift(segments=((1320, 1860),)), Shift()
FLEX = Shift(flex=Flex(480, 600, 450), breaks=((720, 750),))
FREE = Shift(free_mode="standard")


def on(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def week(*shifts: Shift, system: str = "standard") -> list[PlannedDay]:
    return [PlannedDay(on(number), shift, system) for number, shift in enumerate(shifts)]


def test_nothing_is_wrong_with_a_usual_week():
    assert conflicts_of(week(*[EARLY] * 5, REST, REST), Limits()) == ()


def test_a_night_before_an_early_shift():
    late_night = Shift(segments=((1320, 1980),))  # until 9:00, an hour into the next early shift
    assert conflicts_of(week(late_night, EARLY), Limits()) == (Conflict(on(1), "overlap", 60),)
    assert conflicts_of(week(NIGHT, EARLY), Limits()) == (Conflict(on(1), "short_rest", 60),)
    assert conflicts_of(week(NIGHT, EARLY), Limits(min_rest=60)) == ()
    assert conflicts_of(week(NIGHT, FREE, REST, EARLY), Limits()) == ()


def test_too_many_days_in_a_row():
    short = Shift(segments=((480, 540),))
    assert conflicts_of(week(*[short] * 8), Limits()) == (
        Conflict(on(6), "long_run", 7),
        Conflict(on(7), "long_run", 8),
    )
    assert conflicts_of(week(*[short] * 3, REST, *[short] * 6), Limits()) == ()
    gap = [PlannedDay(on(number), short) for number in (0, 1, 2, 3, 5, 6, 7)]
    assert conflicts_of(gap, Limits()) == ()


def test_work_on_leave():
    assert conflicts_of(week(EARLY, REST), Limits(), {on(0), on(1)}) == (Conflict(on(0), "on_leave"),)


def test_weekly_hours_bind_the_standard_system():
    days = week(*[EARLY] * 6)
    assert conflicts_of(days, Limits()) == (Conflict(on(5), "week_hours", 2880),)
    assert conflicts_of(week(*[EARLY] * 6, system="comprehensive"), Limits()) == ()


def test_the_hours_of_a_period_against_its_workdays():
    days = [
        PlannedDay(on(number), EARLY if number < 6 else REST, "comprehensive", "week", is_workday=number < 5)
        for number in range(9)
    ]
    assert conflicts_of(days, Limits(), at=on(2)) == (Conflict(on(5), "period_hours", 480),)
    assert conflicts_of(days, Limits()) == ()
    assert conflicts_of(days, Limits(), at=on(8)) == ()  # the week after has hardly begun


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("week", "2026-11-30", "2026-12-06"), ("month", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-10-01", "2026-12-31"), ("year", "2026-01-01", "2026-12-31"),
    ],
)  # fmt: skip
def test_periods(kind, first, last):
    assert period_of(dt.date(2026, 12, 3), kind) == (
        dt.date.fromisoformat(first),
        dt.date.fromisoformat(last),
    )


def test_what_a_shift_takes():
    assert [span_of(each) for each in (EARLY, FLEX, FREE, REST)] == [(480, 960), (480, 960), None, None]
    assert [minutes_of(each) for each in (EARLY, FLEX, FREE, REST)] == [480, 450, 0, 0]
    assert [is_worked(each) for each in (EARLY, FLEX, FREE, REST)] == [True, True, True, False]
