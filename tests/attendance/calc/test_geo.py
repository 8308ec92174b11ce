from __future__ import annotations

import random

import eviltransform
import prcoords
import pytest

from zhiheng.attendance.calc.geo import (
    Fence,
    Placed,
    distance,
    distance_to_polygon,
    from_wgs84,
    is_in_polygon,
    place,
    to_wgs84,
)

TIANANMEN, BUND = (39.908722, 116.397499), (31.230416, 121.473701)
# About 111 m a thousandth of a degree of latitude; a square of some 222 m by 190 m, and a notch in a yard.
SQUARE = ((31.229, 121.472), (31.231, 121.472), (31.231, 121.474), (31.229, 121.474))
YARD = ((0.0, 100.0), (0.0, 100.004), (0.004, 100.004), (0.004, 100.002), (0.002, 100.002), (0.002, 100.0))


def to_six(point):
    return round(point[0], 6), round(point[1], 6)


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [(TIANANMEN, (39.910126, 116.403743)), (BUND, (31.228474, 121.478224))],
)
def test_published_values(wgs, gcj):
    assert to_six(from_wgs84(wgs, "gcj02")) == gcj
    assert distance(to_wgs84(gcj, "gcj02"), wgs) < 0.2


def test_baidu():
    assert to_six(from_wgs84(TIANANMEN, "bd09")) == (39.916465, 116.410116)
    assert distance(to_wgs84((39.916465, 116.410116), "bd09"), TIANANMEN) < 1


def test_wgs84_stays_as_it_is():
    assert to_wgs84(BUND, "wgs84") == from_wgs84(BUND, "wgs84") == BUND


def test_abroad_nothing_is_shifted():
    paris = (48.8584, 2.2945)
    assert from_wgs84(paris, "gcj02") == paris
    assert to_wgs84(paris, "gcj02") == paris


def test_against_two_libraries():
    dice = random.Random(3)
    for _ in range(300):
        wgs = (dice.uniform(20, 45), dice.uniform(80, 125))
        gcj = from_wgs84(wgs, "gcj02")
        assert distance(gcj, eviltransform.wgs2gcj(*wgs)) < 0.1
        theirs = prcoords.wgs_gcj(wgs, True)
        assert to_six(gcj) == to_six((theirs.lat, theirs.lon))
        baidu = from_wgs84(wgs, "bd09")
        assert distance(baidu, eviltransform.wgs2bd(*wgs)) < 0.1
        assert distance(to_wgs84(gcj, "gcj02"), wgs) < 0.01
        assert distance(to_wgs84(baidu, "bd09"), wgs) < 1.5  # Baidu's own inverse is no better


def test_distance():
    assert distance(TIANANMEN, TIANANMEN) == 0
    assert round(distance(TIANANMEN, BUND) / 1000) == 1068
    assert round(distance((0, 0), (0, 180)) / 1000) == 20015


@pytest.mark.parametrize(
    ("north", "accuracy", "expected"),
    [
        (0.0, None, Placed(0, True)),
        (0.0017, 0, Placed(189, True)),
        (0.0019, None, Placed(211, False)),
        (0.0019, 20, Placed(211, True)),
        (0.0024, 500, Placed(267, False)),
    ],
)
def test_a_circle_widened_by_the_accuracy_up_to_fifty_metres(north, accuracy, expected):
    assert place((BUND[0] + north, BUND[1]), Fence(BUND, 200), accuracy) == expected


@pytest.mark.parametrize(
    ("point", "accuracy", "expected"),
    [
        (BUND, None, Placed(0, True)),
        ((31.2313, 121.473), None, Placed(33, False)),
        ((31.2313, 121.473), 40, Placed(33, True)),
        ((31.230, 121.480), 40, Placed(570, False)),
    ],
)
def test_a_polygon(point, accuracy, expected):
    assert place(point, Fence(None, 0, SQUARE), accuracy) == expected


def test_a_polygon_with_a_notch():
    assert is_in_polygon((0.001, 100.001), YARD)
    assert is_in_polygon((0.003, 100.003), YARD)
    assert not is_in_polygon((0.003, 100.001), YARD)
    assert round(distance_to_polygon((0.003, 100.0015), YARD)) == 56


def test_a_border_without_length_and_its_far_end():
    line = ((0.0, 100.0), (0.0, 100.0), (0.0, 100.001))
    assert round(distance_to_polygon((0.001, 99.999), line)) == 157


def test_a_site_without_a_fence_judges_nothing():
    assert place(BUND, Fence(None)) is None
