"""Where clocks are put forward and back."""

from __future__ import annotations

import datetime as dt

from zhiheng.attendance.calc.day import settle_day
from zhiheng.attendance.calc.facts import DayInput
from zhiheng.attendance.calc.zones import midnight, policy_on, shift_on, shifts_of_clock
from zhiheng.rosters.calc.shift import Flex, Policy, Shift

NIGHT = Shift(((1320, 1800),), breaks=((1560, 1590),), day_start=300)
BERLIN = "Europe/Berlin"
FORWARD, BACK = dt.date(2026, 3, 28), dt.date(2026, 10, 24)


def test_a_date_begins_where_its_zone_says():
    assert midnight(dt.date(2026, 3, 2), "Asia/Shanghai") == dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC)
    assert shifts_of_clock(dt.date(2026, 3, 28), "Asia/Shanghai") == (0, 0, 0, 0, 0)
    assert shifts_of_clock(FORWARD, BERLIN) == (0, 0, 0, -60, -60)


def test_a_night_is_an_hour_shorter_or_longer():
    assert shift_on(NIGHT, FORWARD, BERLIN).segments == ((1320, 1740),)
    assert shift_on(NIGHT, BACK, BERLIN).segments == ((1320, 1860),)


def test_a_night_of_seven_hours_is_worked_in_seven_hours():
    found = settle_day(DayInput(shift_on(NIGHT, FORWARD, BERLIN), Policy(), (1315, 1741)))

    assert (found.scheduled, found.worked, found.early) == (420, 420, 0)


def test_flexible_frames_and_policies_move_with_the_clock():
    shift = Shift(flex=Flex(1500, 1620, 300, ((1620, 1700),)), breaks=((1650, 1680),))
    moved = shift_on(shift, FORWARD, BERLIN)
    policy = policy_on(Policy(ot_start=1830, ot_breaks=((1830, 1860),)), FORWARD, BERLIN)

    assert moved.flex == Flex(1500, 1560, 300, ((1560, 1640),))
    assert moved.breaks == ((1590, 1620),)
    assert (policy.ot_start, policy.ot_breaks) == (1770, ((1770, 1800),))
    assert policy_on(Policy(), FORWARD, BERLIN) == Policy()
