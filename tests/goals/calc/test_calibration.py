"""Ranges from the past, and the probability of any number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.goals.calc.calibration import MOST_ERRORS, Calibration, calibrate


def D(*values: object) -> list[Decimal]:
    return [Decimal(str(each)) for each in values]


STEADY = D(100, 110, 90, 100, 105, 95, 100, 110, 90, 100, 105, 95)


def one(past: list[Decimal], season: int = 0, **others: list[Decimal]) -> Calibration | None:
    return calibrate({"me": past, **others}, season=season)["me"]


def test_a_steady_past_gives_a_range_around_its_level():
    found = one(STEADY)
    assert found.method == "level"
    assert found.forecast == Decimal("97.50")  # the mean of the last four
    assert (found.p10, found.p50, found.p90) == (Decimal("85.61"), Decimal("98.73"), Decimal("107.25"))
    assert (found.own_errors, found.tried, len(found.errors)) == (9, 9, 9)


def test_what_grows_goes_on_growing_but_less():
    past = [Decimal(100 + 10 * number) for number in range(14)]
    found = one(past)
    assert found.method == "trend"
    assert found.forecast == Decimal("238.00")  # 230 and 0.8 of the next step
    assert found.p10 <= found.p50 <= found.p90


def test_seasons_come_again_with_the_growth_of_a_year():
    year = [100, 200, 50, 80]
    past = [Decimal(round(value * 1.1**number)) for number in range(4) for value in year]
    found = one(past, season=4)
    assert found.method == "season"
    assert Decimal(144) <= found.forecast <= Decimal(148)  # the first quarter of the year after: 133 x 1.1
    assert found.hits >= found.tried * 0.6


def test_without_seasons_a_year_is_no_pattern():
    year = [100, 200, 50, 80] * 4
    assert one(D(*year), season=0).method != "season"


def test_the_probability_falls_as_the_target_rises():
    found = one(STEADY)
    assert found.probability(found.p50) == Decimal("0.5")
    assert found.probability(found.p90) == Decimal("0.1")
    assert found.probability(found.p10) == Decimal("0.9")
    assert found.probability(Decimal(0)) == Decimal("0.95")  # nine errors allow no more certainty
    assert found.probability(Decimal(500)) == Decimal("0.05")
    assert found.probability(found.p10, is_lower=True) == Decimal("0.1")


def test_at_the_least_error_itself():
    found = one(STEADY)
    least = found.forecast * (1 + Decimal(str(found.errors[0])))
    assert Decimal("0.85") <= found.probability(least) <= Decimal("0.95")


def test_who_is_new_borrows_the_errors_of_colleagues():
    found = one(D(40, 50, 60), other=STEADY)
    assert (found.own_errors, len(found.errors)) == (0, 9)
    assert found.forecast == Decimal("50.00")
    assert (found.hits, found.tried) == (0, 0)


@pytest.mark.parametrize("past", [[], D(1), D(1, 2), D(1, 2, 3), D(1, 2, 3, 4)])
def test_too_short_a_past_gives_no_range(past):
    assert one(past) is None


def test_nothing_gives_no_range_either():
    assert one(D(*[0] * 12)) is None
    assert one(D(*[0] * 12), other=STEADY) is None
    assert calibrate({}, season=4) == {}


def test_a_season_that_was_nothing_forecasts_nothing():
    past = D(*[0, 100, 200, 50] * 4)
    found = calibrate({"a": past, "b": past, "c": D(7, 7, 7)}, season=4)
    assert found["a"] is None


def test_a_crowd_of_errors_is_thinned():
    crowd = {f"p{number}": STEADY for number in range(60)}
    found = calibrate({"new": D(1, 2, 3), **crowd}, season=0)["new"]
    assert len(found.errors) == MOST_ERRORS
    assert list(found.errors) == sorted(found.errors)


@given(
    st.lists(st.integers(1, 10_000), min_size=12, max_size=20), st.integers(0, 20_000), st.integers(0, 20_000)
)
def test_ranges_are_in_order_and_probabilities_are_monotone(values, one_target, other_target):
    found = one(D(*values), season=4)
    if found is None:
        return
    assert 0 <= found.p10 <= found.p50 <= found.p90
    low, high = sorted([one_target, other_target])
    easy, hard = found.probability(Decimal(low)), found.probability(Decimal(high))
    assert 0 < hard <= easy < 1
    assert found.probability(Decimal(low), is_lower=True) <= found.probability(Decimal(high), is_lower=True)
    assert 0 <= found.hits <= found.tried
