from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from zhiheng.terminals.calc.clock import instant, is_clock_off, is_late, parse_time, zone_option

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 7, 1, 4, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01 08:05:09", dt.datetime(2026, 7, 1, 8, 5, 9)),
        (" 2026-7-1 8:5:9 ", dt.datetime(2026, 7, 1, 8, 5, 9)),
        ("2026-02-30 08:00:00", None),
        ("0", None),
    ],
)
def test_parse_time(text, expected):
    assert parse_time(text) == expected


def test_the_ends_of_the_calendar_have_no_instant():
    assert instant(dt.datetime(2026, 7, 1, 12), SHANGHAI) == NOON
    assert instant(dt.datetime(1, 1, 1), SHANGHAI) is None


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (dt.datetime(2000, 1, 1, 0, 3), True),
        (dt.datetime(2026, 7, 1, 12, 4), False),
        (dt.datetime(2026, 7, 1, 12, 6), True),
        (dt.datetime(2026, 6, 1, 12), False),
    ],
)
def test_is_clock_off(wall, expected):
    at = instant(wall, SHANGHAI)
    assert at is not None
    assert is_clock_off(wall, at, NOON) is expected


def test_is_late():
    assert is_late(NOON - dt.timedelta(minutes=61), NOON)
    assert not is_late(NOON - dt.timedelta(minutes=59), NOON)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Shanghai", 8), ("Asia/Kolkata", 330), ("Asia/Kathmandu", 345), ("UTC", 0), ("America/New_York", -4),
        ("America/St_Johns", -150),
    ],
)  # fmt: skip
def test_zone_option(zone, expected):
    assert zone_option(ZoneInfo(zone), NOON) == expected
