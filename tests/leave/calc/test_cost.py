"""What leave takes of planned days."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.leave.calc.cost import (
    LeaveSpan,
    PlannedDay,
    TakenDay,
    amount_of,
    costs_by_day,
    frame_of,
    middle_of,
    scheduled_minutes,
    taken_days,
)
from zhiheng.rosters.calc.shift import Flex, Shift

OFFICE = Shift(segments=((540, 720), (780, 1080)))  # 9–12, 13–18
NIGHT = Shift(segments=((1320, 1800),))  # 22–6
THREE = Shift(segments=((480, 600), (660, 840), (900, 1080)))  # 8–10, 11–14, 15–18
FLEX = Shift(flex=Flex(480, 600, 480), breaks=((720, 780),))  # 8–10 to start, 8 h, lunch
FREE = Shift(free_mode="standard", day_start=240)
REST = Shift()
MONDAY = dt.date(2026, 3, 2)
D = Decimal


def week(*shifts: Shift, holidays: tuple[int, ...] = ()) -> list[PlannedDay]:
    """Days from the Sunday before on, the first shift on Monday."""
    days = [PlannedDay(MONDAY - dt.timedelta(days=1), REST)]
    days += [
        PlannedDay(MONDAY + dt.timedelta(days=number), shift, number in holidays)
        for number, shift in enumerate(shifts)
    ]
    return days


def span(first: int, last: int, **more) -> LeaveSpan:
    return LeaveSpan(MONDAY + dt.timedelta(days=first), MONDAY + dt.timedelta(days=last), **more)


def test_whole_days_count_the_scheduled_ones():
    taken = taken_days(week(OFFICE, REST, OFFICE), span(0, 2))
    assert taken == (
        TakenDay(MONDAY, D(1), 480, 540, 1080),
        TakenDay(MONDAY + dt.timedelta(days=2), D(1), 480, 540, 1080),
    )


def test_calendar_days_count_rest_days_too():
    taken = taken_days(week(OFFICE, REST, OFFICE), span(0, 2), "calendar")
    assert [(day.share, day.minutes) for day in taken] == [(1, 480), (1, 0), (1, 480)]


def test_statutory_holidays_make_some_leave_longer():
    days = week(OFFICE, OFFICE, REST, holidays=(1,))
    taken = taken_days(days, span(0, 2), "calendar_less_holidays")
    assert [day.on.day for day in taken] == [2, 4]


@pytest.mark.parametrize(
    ("halves", "expected"),
    [
        ({"from_half": "pm"}, [(D("0.5"), 300, 780, 1080), (D(1), 480, 540, 1080)]),
        ({"to_half": "am"}, [(D(1), 480, 540, 1080), (D("0.5"), 180, 540, 720)]),
        ({"from_half": "pm", "to_half": "am"}, [(D("0.5"), 300, 780, 1080), (D("0.5"), 180, 540, 720)]),
    ],
)
def test_halves_are_cut_at_lunch(halves, expected):
    taken = taken_days(week(OFFICE, OFFICE), span(0, 1, **halves))
    assert [(day.share, day.minutes, day.from_minute, day.to_minute) for day in taken] == expected


def test_a_day_cannot_begin_after_its_end():
    assert taken_days(week(OFFICE), span(0, 0, from_half="pm", to_half="am")) == ()


def test_hours_take_only_what_is_scheduled():
    (day,) = taken_days(week(OFFICE), span(0, 0, from_minute=660, to_minute=840))  # 11:00 to 14:00
    assert day == TakenDay(MONDAY, D(0), 120, 660, 840)
    assert taken_days(week(OFFICE), span(0, 0, from_minute=720, to_minute=780)) == ()  # lunch


def test_hours_after_midnight_belong_to_the_shift_of_the_evening_before():
    days = week(NIGHT, REST)
    (day,) = taken_days(days, span(1, 1, from_minute=0, to_minute=180))
    assert day == TakenDay(MONDAY, D(0), 180, 1440, 1620)


def test_hours_over_several_days():
    taken = taken_days(week(OFFICE, OFFICE), span(0, 1, from_minute=960, to_minute=600))
    assert [(day.minutes, day.from_minute, day.to_minute) for day in taken] == [
        (120, 960, 1080),
        (60, 540, 600),
    ]


def test_flexible_days():
    assert (scheduled_minutes(FLEX), frame_of(FLEX), middle_of(FLEX)) == (480, (480, 1140), (810, 810))
    (day,) = taken_days(week(FLEX), span(0, 0, from_minute=660, to_minute=840))
    assert day.minutes == 120
    (whole,) = taken_days(week(FLEX), span(0, 0, from_minute=0, to_minute=1440))
    assert whole.minutes == 480


def test_free_days_count_eight_hours():
    assert (scheduled_minutes(FREE), frame_of(FREE)) == (480, (240, 1680))


def test_the_middle_is_the_break_nearest_to_half_of_the_work():
    assert middle_of(THREE) == (840, 900)
    assert middle_of(NIGHT) == (1560, 1560)
    assert frame_of(REST) == (0, 0)


def test_hours_are_rounded_up_to_the_step_and_the_last_day_bears_it():
    taken = taken_days(week(OFFICE, OFFICE), span(0, 1, from_minute=1000, to_minute=565))
    assert [day.minutes for day in taken] == [80, 25]
    assert amount_of(taken, is_hourly=True, step=D(30)) == 120
    assert costs_by_day(taken, is_hourly=True, step=D(30)) == [(taken[0].on, 80), (taken[1].on, 40)]
    assert costs_by_day((), is_hourly=True, step=D(30)) == []


def test_days_cost_their_shares():
    taken = taken_days(week(OFFICE, OFFICE), span(0, 1, to_half="am"))
    assert amount_of(taken, is_hourly=False, step=D("0.5")) == D("1.5")
    assert costs_by_day(taken, is_hourly=False, step=D("0.5")) == [(taken[0].on, 1), (taken[1].on, D("0.5"))]


shifts = st.sampled_from([OFFICE, NIGHT, THREE, FLEX, FREE, REST])


@given(shifts=st.lists(shifts, min_size=1, max_size=7), cut=st.integers(0, 6))
def test_leave_costs_the_same_in_one_piece_or_two(shifts, cut):
    days, last = week(*shifts), len(shifts) - 1
    cut = min(cut, last)
    whole = taken_days(days, span(0, last))
    pieces = taken_days(days, span(0, cut))
    if cut < last:
        pieces += taken_days(days, span(cut + 1, last))
    assert whole == pieces


@given(shift=shifts)
def test_two_halves_are_a_day(shift):
    days = week(shift)
    halves = taken_days(days, span(0, 0, to_half="am")) + taken_days(days, span(0, 0, from_half="pm"))
    assert sum(day.share for day in halves) == (1 if shift != REST else 0)
    if shift.segments:
        assert sum(day.minutes for day in halves) == scheduled_minutes(shift)
