"""Heads turn, and the challenge is judged by numbers alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhiheng.faces.calc.challenge import Found, find_frames
from zhiheng.faces.calc.pose import Points, is_frontal, yaw_of

D = Decimal


def face(nose_x, *, tilt=0.0):
    """A face with eyes 100 apart and the mouth 100 below, in a picture rotated by ``tilt`` to the right."""
    points = [(-50, 0), (50, 0), (nose_x, 60), (-35, 100), (35, 100)]
    return Points(*((x + tilt * y, y - tilt * x) for x, y in points))


@pytest.mark.parametrize(("nose", "yaw"), [(0, "0.000"), (18, "0.180"), (-25, "-0.250")])
def test_the_nose_tells_the_turn_positive_towards_the_own_left(nose, yaw):
    assert yaw_of(face(nose)) == D(yaw)


def test_a_tilted_head_is_not_turned():
    assert yaw_of(face(0, tilt=0.3)) == D("0.000")
    assert abs(yaw_of(face(20, tilt=0.3)) - D("0.2")) <= D("0.001")


def test_points_that_are_no_face_have_no_turn():
    assert yaw_of(Points((0, 0), (0, 0), (5, 5), (0, 9), (0, 9))) == 0
    assert yaw_of(Points((0, 0), (9, 0), (5, 5), (0, 0), (9, 0))) == 0


@pytest.mark.parametrize(
    ("yaw", "is_so"), [("0.120", True), ("-0.120", True), ("0.121", False), ("-0.121", False)]
)
def test_frontal_is_within_twelve_hundredths(yaw, is_so):
    assert is_frontal(D(yaw)) is is_so


def find(turn, *yaws):
    numbers = [None if each is None else D(each) for each in yaws]
    return find_frames(turn, len(numbers), lambda number: numbers[number])


def test_the_first_frontal_and_the_last_turned_frame_are_used():
    assert find("left", "0.30", "0.05", "0.01", "0.24", "0.31") == Found(1, 4, D("0.05"), D("0.26"))
    assert find("right", "0.05", "-0.14", "-0.05") == Found(0, 1, D("0.05"), D("0.19"))


def test_a_turn_counts_from_the_frontal_frame_not_from_zero():
    assert find("left", "0.10", "0.27").reason == "no_turn"
    assert find("left", "-0.10", "0.08").turned == 1
    assert find("left", "0.00", "0.18").turned == 1
    assert find("left", "0.00", "0.179") == Found(0, None, D("0.00"), D("0"), "no_turn")


def test_the_other_side_is_said_to_be_the_other_side():
    assert find("left", "0.00", "-0.18") == Found(0, None, D("0.00"), D("-0.18"), "wrong_turn")
    assert find("right", "0.00", "0.30", "0.02").reason == "wrong_turn"


def test_without_a_frontal_frame_or_a_face_there_is_nothing_to_compare():
    assert find("left", "0.20", "0.40", None) == Found(reason="no_frontal")
    assert find("left", None, None) == Found(reason="no_face")
    assert find("left", None, "0.00", None) == Found(1, None, D("0.00"), D("0"), "no_turn")


def test_no_frame_is_looked_at_in_vain():
    looked = []

    def yaw(number):
        looked.append(number)
        return D("0.00") if number < 5 else D("0.30")

    find_frames("left", 10, yaw)
    assert sorted(set(looked)) == [0, 9]
