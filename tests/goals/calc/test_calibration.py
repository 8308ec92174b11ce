"""Ranges from the past, and the probability of any number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.goals.calc.calibration import MOST_ERRORS, Calibration, calibrate, foreseen


def past(*values: object, since: int = 0) -> list[tuple[int, Decimal]]:
    return [(since + place, Decimal(str(each))) for place, each in enumerate(values)]


STEADY = past(100, 110, 90, 100, 105, 95, 100, 110, 90, 100, 105, 95)


def one(mine: list[tuple[int, Decimal]], season: int = 0, **others: list) -> Calibration | None:
    return calibrate({"me": mine, **others}, season=season)["me"]


def test_a_steady_past_gives_a_range_around_its_level():
    found = one(STEADY)
    assert found.method == "level"
    assert found.forecast == Decimal("99.152040")  # 0.3 of each new month
    assert (found.p10, found.p50, found.p90) == (Decimal("87.34"), Decimal("100.05"), Decimal("109.36"))
    assert (found.own_errors, found.tried, len(found.errors)) == (9, 1, 9)


def test_what_grows_goes_on_growing_but_less():
    found = one(past(*range(100, 300, 10)))
    assert (found.method, found.forecast) == ("trend", 298)  # 290 and 0.8 of the next step
    assert Decimal(299) < found.p10 < 301 < found.p90 < 304  # each time the step was whole


def test_seasons_come_again():
    year = [100, 200, 50, 80]
    found = one(past(*[round(value * 1.1**number) for number in range(6) for value in year]), season=4)
    assert found.method in ("season", "index")
    assert (
        Decimal(165) < found.p10 <= found.p90 < Decimal(190)
    )  # a tenth more than the 161 of the year before


def test_without_seasons_a_year_is_no_pattern():
    assert one(past(*[100, 200, 50, 80] * 5), season=0).method in ("level", "trend")


def test_the_probability_falls_as_the_target_rises():
    found = one(STEADY)
    assert found.probability(found.p50) == Decimal("0.5")
    assert found.probability(found.p90) == Decimal("0.1")
    assert found.probability(found.p10) == Decimal("0.9")
    assert found.probability(Decimal(0)) == Decimal("0.95")  # nine errors allow no more certainty
    assert found.probability(Decimal(500)) == Decimal("0.05")
    assert found.probability(found.p10, is_lower=True) == Decimal("0.1")


def test_who_is_new_borrows_the_errors_of_colleagues_and_is_given_more_room():
    new = one(past(100, 110, 90, since=9), other=STEADY)
    assert (new.own_errors, len(new.errors), new.tried) == (0, 9, 0)
    old = calibrate({"other": STEADY}, season=0)["other"]
    assert new.p90 / new.forecast > old.p90 / old.forecast


@pytest.mark.parametrize("count", range(5))
def test_too_short_a_past_gives_no_range(count):
    assert one(past(*range(1, count + 1))) is None


def test_nothing_gives_no_range_either():
    assert one(past(*[0] * 12)) is None
    assert one(past(*[0] * 12), other=STEADY) is None
    assert calibrate({}, season=4) == {}


def test_no_range_ever_saw_the_value_it_was_to_hold():
    changed = [*STEADY[:-1], (11, Decimal(10_000))]
    before, after = foreseen({"a": STEADY}, season=0), foreseen({"a": changed}, season=0)
    assert [each.range for each in before] == [each.range for each in after]
    assert [each.period for each in before] == [11]
    assert after[-1].value == 10_000


def test_ranges_are_widened_after_misses():
    calm = past(*[100, 101, 99] * 6)
    wild = past(*[100, 101, 99] * 4, 60, 150, 70, 160, 60, 150)
    widths = [
        (found.p90 - found.p10) / found.forecast
        for found in (calibrate({"a": each}, season=0)["a"] for each in (calm, wild))
    ]
    assert widths[1] > 10 * widths[0]
    assert calibrate({"a": wild}, season=0)["a"].hits < calibrate({"a": wild}, season=0)["a"].tried


def test_a_crowd_of_errors_is_thinned():
    crowd = {f"p{number}": STEADY for number in range(60)}
    found = calibrate({"new": past(1, 2, 3, since=9), **crowd}, season=0)["new"]
    assert len(found.errors) == MOST_ERRORS
    assert list(found.errors) == sorted(found.errors)


@given(
    st.lists(st.integers(1, 10_000), min_size=12, max_size=20), st.integers(0, 20_000), st.integers(0, 20_000)
)
def test_ranges_are_in_order_and_probabilities_are_monotone(values, one_target, other_target):
    found = one(past(*values), season=4)
    if found is None:
        return
    assert 0 <= found.p10 <= found.p50 <= found.p90
    low, high = sorted([one_target, other_target])
    easy, hard = found.probability(Decimal(low)), found.probability(Decimal(high))
    assert 0 < hard <= easy < 1
    assert found.probability(Decimal(low), is_lower=True) <= found.probability(Decimal(high), is_lower=True)
    assert 0 <= found.hits <= found.tried
