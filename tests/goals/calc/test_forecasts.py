"""Each method on a past whose next value can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.goals.calc.forecasts import forecasts, index, level, season, trend


def past(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_the_level_counts_the_latest_most():
    assert level(past(100, 200), 0) == pytest.approx(130)
    assert level(past(100, 200, 200), 0) == pytest.approx(151)


def test_a_trend_goes_on_by_four_fifths_of_a_step():
    assert trend(past(10, 20, 30, 40), 0) == pytest.approx(48)
    assert trend(past(10, 20, 30, 40, 500), 0) == pytest.approx(58)  # one outlier does not bend it


def test_last_years_season_with_the_growth_of_late():
    two_years = past(100, 200, 50, 80, 110, 220, 55, 88)
    assert season(two_years, 4) == pytest.approx(110 * 88 / 80)
    assert season(two_years, 0) is None
    assert season(past(1, 2, 3), 4) is None
    assert season(past(0, 0, 0, 0, 5, 5, 5, 5), 4) is None


def test_an_index_of_the_season_over_the_level_without_seasons():
    assert index(past(*[100, 200, 50, 50] * 3), 4) == pytest.approx(100, rel=0.01)
    assert index(past(1, 2, 3, 4, 5), 4) is None
    assert index(past(*[1, 2, 3, 4] * 2), 1) is None


def test_nothing_around_a_season_gives_no_index():
    assert index(past(*[0] * 8), 4) is None


def test_only_what_is_above_zero_is_a_forecast():
    assert forecasts([5, 4, 3, 2, 1, 0], 0).keys() == {"level"}  # the trend is below zero
    assert forecasts([0] * 8, 4) == {}
    assert forecasts([100, 200, 50, 80] * 3, 4).keys() == {"level", "trend", "season", "index"}
