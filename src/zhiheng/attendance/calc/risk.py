"""What is odd about a punch from a phone: rules that flag, each with its name as in `PunchRisk`.

A flag is for a person to look at. What a site does about it (count, review, refuse) is not decided here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from zhiheng.attendance.calc.geo import Point, distance

MOST_ACCURACY = 200
"""Metres; a fix less accurate does not tell a site."""
MOST_FIX_AGE = 60
"""Seconds; an older fix may be of another place."""
MOST_SPEED = 150
"""Kilometres an hour between two punches; faster than a car."""
LEAST_JOURNEY = 1000
"""Metres; below it the speed is a matter of the accuracy."""
SAME_PLACE_DAYS = 3
SAME_ACCURACY_FIXES = 5
MOST_CLOCK_DRIFT = dt.timedelta(minutes=2)
CLOCK_RESET_BEFORE = dt.datetime(2010, 1, 1, tzinfo=dt.UTC)
OLDEST_UPLOAD = dt.timedelta(days=31)

WAYS_WITHOUT_PLACE = frozenset({"qr", "wifi"})
"""Ways to punch that prove the place themselves."""


@dataclass(frozen=True)
class Fix:
    """Where the device says it was: ``accuracy`` in metres, ``age`` in seconds, ``None`` when it does not tell.

    ``point`` is WGS-84; ``as_given`` what the device sent, with all its decimals, to compare with other days.
    """

    point: Point
    as_given: str
    accuracy: int | None = None
    age: int | None = None

    @property
    def is_nowhere(self) -> bool:
        """Tell whether it is 0,0 in the Atlantic, what broken receivers report."""
        return abs(self.point[0]) < 0.01 and abs(self.point[1]) < 0.01


@dataclass(frozen=True)
class Earlier:
    """Another punch of the same person with a place."""

    at: dt.datetime
    point: Point
    as_given: str
    accuracy: int | None = None


@dataclass(frozen=True)
class Attempt:
    """A punch about to be taken. ``is_inside``: of a site, ``None`` when there is none to judge by."""

    at: dt.datetime
    way: str
    fix: Fix | None
    is_inside: bool | None
    is_late_upload: bool = False
    is_clock_off: bool = False
    is_face_doubtful: bool = False
    is_photo_replayed: bool = False


@dataclass(frozen=True)
class History:
    """What is known beforehand: the person's places of the last weeks, and who used the device."""

    places: Sequence[Earlier] = ()
    knows_device: bool = True
    other_users: int = 0


@dataclass(frozen=True)
class Clock:
    """When a punch happened: ``at`` is the instant that counts, ``is_off`` that the device's clock was wrong."""

    at: dt.datetime
    is_off: bool


def judge_clock(
    device_at: dt.datetime | None, device_now: dt.datetime | None, received_at: dt.datetime
) -> Clock:
    """Return when a punch kept on the device happened.

    ``device_at`` is its time, ``device_now`` what the same clock showed when it was sent: the difference of the
    two is how long ago it was, also on a clock that is wrong. A time that makes no sense gives the time received.
    """
    if device_at is None:
        return Clock(received_at, True)
    drift = (device_now or received_at) - received_at
    is_off = abs(drift) > MOST_CLOCK_DRIFT
    at = device_at - drift if is_off else device_at
    is_sensible = received_at - OLDEST_UPLOAD <= at <= received_at + MOST_CLOCK_DRIFT
    if not is_sensible or device_at < CLOCK_RESET_BEFORE:
        return Clock(received_at, True)
    return Clock(min(at, received_at), is_off)


def risks_of(attempt: Attempt, history: History) -> tuple[str, ...]:
    """Return the flags of a punch, in the order of `PunchRisk`."""
    found = [
        *_risks_of_place(attempt),
        *_risks_of_places(attempt, history.places),
        "shared_device" if history.other_users else "",
        "" if history.knows_device else "new_device",
        "face_review" if attempt.is_face_doubtful else "",
        "replayed_photo" if attempt.is_photo_replayed else "",
        "late_upload" if attempt.is_late_upload else "",
        "clock_off" if attempt.is_clock_off else "",
    ]
    return tuple(each for each in found if each)


def _risks_of_place(attempt: Attempt) -> list[str]:
    fix = attempt.fix
    if fix is None or fix.is_nowhere:
        return [] if attempt.way in WAYS_WITHOUT_PLACE else ["no_location"]
    found = ["outside"] if attempt.is_inside is not True else []
    if fix.accuracy is None or fix.accuracy > MOST_ACCURACY:
        found.append("low_accuracy")
    if fix.age is not None and fix.age > MOST_FIX_AGE:
        found.append("stale_fix")
    return found


def _risks_of_places(attempt: Attempt, places: Sequence[Earlier]) -> list[str]:
    fix = attempt.fix
    if fix is None or fix.is_nowhere:
        return []
    found = []
    near = _next_to(attempt.at, places)
    if any(speed_between(attempt.at, fix.point, each.at, each.point) > MOST_SPEED for each in near):
        found.append("impossible_speed")
    days = {each.at.date() for each in places if each.as_given == fix.as_given} - {attempt.at.date()}
    if len(days) >= SAME_PLACE_DAYS - 1:
        found.append("repeated_place")
    if _is_accuracy_made_up(fix, places):
        found.append("fixed_accuracy")
    return found


def _next_to(at: dt.datetime, places: Sequence[Earlier]) -> list[Earlier]:
    """Return the punches just before and just after."""
    before = [each for each in places if each.at <= at]
    after = [each for each in places if each.at > at]
    return [
        *([max(before, key=lambda each: each.at)] if before else []),
        *([min(after, key=lambda each: each.at)] if after else []),
    ]


def speed_between(at: dt.datetime, point: Point, other_at: dt.datetime, other: Point) -> float:
    """Return kilometres an hour between two punches; 0 below a kilometre."""
    metres = distance(point, other)
    if metres < LEAST_JOURNEY:
        return 0.0
    hours = max(abs((at - other_at).total_seconds()), 1) / 3600
    return metres / 1000 / hours


def _is_accuracy_made_up(fix: Fix, places: Sequence[Earlier]) -> bool:
    """Tell whether the accuracy is 0, or the same to the metre as in the last fixes of several days."""
    if fix.accuracy == 0:
        return True
    last = sorted(places, key=lambda each: each.at)[1 - SAME_ACCURACY_FIXES :]
    is_same = len(last) == SAME_ACCURACY_FIXES - 1 and {each.accuracy for each in last} == {fix.accuracy}
    return is_same and len({each.at.date() for each in last}) >= SAME_PLACE_DAYS
