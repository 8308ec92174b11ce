from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from zhiheng.attendance.calc.risk import (
    Attempt,
    Clock,
    Earlier,
    Fix,
    History,
    judge_clock,
    risks_of,
    speed_between,
)

NOON = dt.datetime(2026, 7, 8, 4, 0, tzinfo=dt.UTC)
BUND, HANGZHOU = (31.230416, 121.473701), (30.274084, 120.155070)  # 165 km apart
HERE = Fix(BUND, "31.230416,121.473701", 20, 5)
PUNCH = Attempt(NOON, "gps", HERE, True)


def days_ago(days: int, fix: Fix = HERE, accuracy: int | None = 7, hours: int = 0) -> Earlier:
    return Earlier(NOON - dt.timedelta(days=days, hours=hours), fix.point, fix.as_given, accuracy)


def test_an_ordinary_punch():
    assert risks_of(PUNCH, History([days_ago(1)])) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_inside": False}, ("outside",)),
        ({"is_inside": None}, ("outside",)),
        ({"fix": None}, ("no_location",)),
        ({"fix": Fix((0.0, 0.0), "0,0", 5, 1)}, ("no_location",)),
        ({"fix": replace(HERE, accuracy=None)}, ("low_accuracy",)),
        ({"fix": replace(HERE, accuracy=201)}, ("low_accuracy",)),
        ({"fix": replace(HERE, accuracy=200)}, ()),
        ({"fix": replace(HERE, accuracy=0)}, ("fixed_accuracy",)),
        ({"fix": replace(HERE, age=61)}, ("stale_fix",)),
        ({"fix": replace(HERE, age=60)}, ()),
        ({"fix": replace(HERE, age=None)}, ()),
        ({"is_face_doubtful": True}, ("face_review",)),
        ({"is_photo_replayed": True}, ("replayed_photo",)),
        ({"is_late_upload": True, "is_clock_off": True}, ("late_upload", "clock_off")),
        ({"way": "qr", "fix": None}, ()),
        ({"way": "wifi", "fix": Fix((0.0, 0.0), "0,0")}, ()),
        ({"way": "qr", "is_inside": False}, ("outside",)),
        ({"way": "face", "fix": None}, ("no_location",)),
    ],
)
def test_one_thing_odd(changes, expected):
    assert risks_of(replace(PUNCH, **changes), History()) == expected


def test_devices():
    assert risks_of(PUNCH, History(knows_device=False)) == ("new_device",)
    assert risks_of(PUNCH, History(other_users=2)) == ("shared_device",)


@pytest.mark.parametrize(
    ("hours", "expected"), [(1, ("impossible_speed",)), (2, ()), (-1, ("impossible_speed",)), (-2, ())]
)
def test_faster_than_a_car_before_or_after(hours, expected):
    other = days_ago(0, Fix(HANGZHOU, "x"), hours=hours)
    assert risks_of(PUNCH, History([other])) == expected


def test_speed():
    assert round(speed_between(NOON, BUND, NOON - dt.timedelta(hours=1), HANGZHOU)) == 165
    assert speed_between(NOON, BUND, NOON, (BUND[0] + 0.008, BUND[1])) == 0  # 890 m: perhaps the accuracy
    assert (
        round(speed_between(NOON, BUND, NOON, (BUND[0] + 0.01, BUND[1]))) == 4003
    )  # at once counts as a second


def test_only_the_nearest_punches_are_compared():
    far, near = days_ago(0, Fix(HANGZHOU, "x"), hours=5), days_ago(0, hours=1)
    assert risks_of(PUNCH, History([far, near])) == ()


def test_the_same_coordinates_on_three_days():
    assert risks_of(PUNCH, History([days_ago(1), days_ago(2)])) == ("repeated_place",)
    assert risks_of(PUNCH, History([days_ago(1), days_ago(1, hours=1), days_ago(0, hours=2)])) == ()


def test_the_same_accuracy_for_days():
    def fixes(*accuracies: int | None, every: int = 1) -> History:
        made = [
            days_ago(1 + number * every // 2, Fix((31.2304, 121.4737 + number / 1e5), f"{number}"), each)
            for number, each in enumerate(accuracies)
        ]
        return History(made)

    assert risks_of(PUNCH, fixes(20, 20, 20, 20, every=2)) == ("fixed_accuracy",)
    assert risks_of(PUNCH, fixes(20, 20, 21, 20, every=2)) == ()
    assert risks_of(PUNCH, fixes(20, 20, 20, every=2)) == ()
    assert risks_of(PUNCH, fixes(20, 20, 20, 20, every=1)) == ()


@pytest.mark.parametrize(
    ("device_at", "device_now", "expected"),
    [
        (-60, 0, Clock(NOON - dt.timedelta(minutes=60), False)),
        (-60, None, Clock(NOON - dt.timedelta(minutes=60), False)),
        (-60 + 90, 90, Clock(NOON - dt.timedelta(minutes=60), True)),  # runs 90 minutes ahead
        (1, 0, Clock(NOON, False)),
        (600, 0, Clock(NOON, True)),  # in the future
        (-60 * 24 * 40, 0, Clock(NOON, True)),
        (None, None, Clock(NOON, True)),
    ],
)
def test_when_a_punch_kept_on_the_device_happened(device_at, device_now, expected):
    at, now = (
        None if each is None else NOON + dt.timedelta(minutes=each) for each in (device_at, device_now)
    )
    assert judge_clock(at, now, NOON) == expected


def test_a_clock_that_started_again_in_2000():
    start = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    assert judge_clock(start, start + dt.timedelta(minutes=3), NOON) == Clock(NOON, True)
