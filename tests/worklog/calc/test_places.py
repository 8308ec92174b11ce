"""Places as decimals of a degree."""

from decimal import Decimal

import pytest

from zhiheng.worklog.calc.places import metres_between, to_wgs84

HANGZHOU = Decimal("30.250000"), Decimal("120.150000")


def test_what_is_wgs_84_stays():
    assert to_wgs84(*HANGZHOU, "wgs84") == HANGZHOU


def test_what_a_map_shows_lies_hundreds_of_metres_off():
    there = to_wgs84(*HANGZHOU, "gcj02")
    off = metres_between(tuple(map(float, HANGZHOU)), tuple(map(float, there)))
    assert 400 < off < 700
    assert all(-each.as_tuple().exponent == 6 for each in there)


def test_a_hundredth_of_a_degree_north_is_1112_metres():
    assert metres_between((30.0, 120.0), (30.01, 120.0)) == pytest.approx(1112, abs=1)
