"""What a number is worth before it is agreed: a range from the past, and the probability of reaching any target.

A forecast of the next period is made from a subject's own past periods, by the method that would have erred least on
everybody's past. How far such forecasts were off, measured by forecasting each past period from those before it
(rolling origin, as in Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16,
2000), is the distribution that range and probability are read from; no distribution is assumed. Statistics of the past
need no exact cents: they are computed with floats and given to the places of the metric.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from statistics import fmean, median

LEAST_PERIODS = 3
"""A forecast needs so many past periods."""
LEAST_ERRORS = 8
"""A range needs so many past errors; who has fewer of one's own borrows those of colleagues."""
MOST_ERRORS = 400
LEVEL_OF = 4
"""The level is the mean of the latest so many periods."""
DAMPED = 0.8
"""How much of the trend is believed to go on (damped trend; Gardner and McKenzie, Management Science 31, 1985)."""
LOW, HIGH = 0.1, 0.9
ERROR_PLACES = 4
MORE_PLACES = 4
"""The forecast, of which errors are shares, is kept to more places than the range."""


def _level(past: Sequence[float], _season: int) -> float:
    return fmean(past[-LEVEL_OF:])


def _trend(past: Sequence[float], _season: int) -> float:
    """Go on from the middle of the past by its median slope (Theil 1950, Sen 1968), damped."""
    slopes = [(later - sooner) / (j - i) for (i, sooner), (j, later) in combinations(enumerate(past), 2)]
    slope = median(slopes)
    start = median(value - slope * place for place, value in enumerate(past))
    return max(start + slope * (len(past) - 1) + DAMPED * slope, 0.0)


def _season_again(past: Sequence[float], season: int) -> float | None:
    """Take the same season of last year, times what the latest year is to the one before where there are two."""
    if season < 2 or len(past) < season:
        return None
    growth = 1.0
    if len(past) >= 2 * season and (before := sum(past[-2 * season : -season])) > 0:
        growth = sum(past[-season:]) / before
    return past[-season] * growth


METHODS: Mapping[str, Callable[[Sequence[float], int], float | None]] = {
    "level": _level,
    "trend": _trend,
    "season": _season_again,
}


@dataclass(frozen=True)
class Calibration:
    """A range for the next period, and the past errors of the method, as shares of its forecasts, in order.

    ``p10``, ``p50``, ``p90``: the value stays below with that probability in percent. ``own_errors`` of ``errors`` are
    the subject's own. Of ``tried`` own past periods ``hits`` fell inside the range that the other errors would have
    given: four of five should.
    """

    method: str
    past: tuple[Decimal, ...]
    forecast: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal
    errors: tuple[float, ...]
    own_errors: int
    hits: int
    tried: int

    def probability(self, target: Decimal, *, is_lower: bool = False) -> Decimal:
        """Return the probability of reaching a target, from 0 to 1, to whole percents; never surer than the errors are.

        With ``is_lower`` a target is reached by staying at or below it.
        """
        below = _share_below(self.errors, round(float(target) / float(self.forecast) - 1, ERROR_PLACES))
        reached = below if is_lower else 1 - below
        return Decimal(str(round(reached, 2)))


def calibrate(
    histories: Mapping[str, Sequence[Decimal]], *, season: int, places: int = 2
) -> dict[str, Calibration | None]:
    """Return the calibration of each subject from all subjects' past periods, oldest first; None for too short a past.

    ``season``: how many periods make a year; below 2, seasons do not count.
    """
    floats = {name: [float(value) for value in past] for name, past in histories.items()}
    errors = {
        method: {name: _errors(past, season, forecast) for name, past in floats.items()}
        for method, forecast in METHODS.items()
    }
    method = _best(errors)
    if method is None:
        return dict.fromkeys(histories)
    everybody = sorted(each for mine in errors[method].values() for each in mine)
    return {
        name: _calibration(method, past, floats[name], errors[method][name], everybody, season, places)
        for name, past in histories.items()
    }


def _errors(past: Sequence[float], season: int, forecast: Callable) -> list[float]:
    """Return how far forecasts of past periods were off, each as a share of the forecast made from those before it."""
    found = []
    for place in range(LEAST_PERIODS, len(past)):
        expected = forecast(past[:place], season)
        if expected is not None and expected > 0:
            found.append(past[place] / expected - 1)
    return found


def _best(errors: Mapping[str, Mapping[str, Sequence[float]]]) -> str | None:
    """Return the method that erred least, by the median over everybody; the simplest of equals, None without errors.

    A method counts only if it could forecast at least half as often as the simplest.
    """
    sizes = {
        method: [abs(each) for mine in found.values() for each in mine] for method, found in errors.items()
    }
    enough = max(len(sizes["level"]) / 2, 1)
    able = {method: median(found) for method, found in sizes.items() if len(found) >= enough}
    return min(able, key=lambda method: round(able[method], 6)) if able else None


def _calibration(
    method: str, past: Sequence[Decimal], floats: Sequence[float], own: Sequence[float], everybody: Sequence[float],
    season: int, places: int,
) -> Calibration | None:  # fmt: skip
    if len(past) < LEAST_PERIODS:
        return None
    forecast = METHODS[method](floats, season)
    errors = sorted(own) if len(own) >= LEAST_ERRORS else list(everybody)
    if forecast is None or round(forecast, places + MORE_PLACES) <= 0 or len(errors) < LEAST_ERRORS:
        return None
    errors = _thinned(errors)
    hits = sum(_is_inside(each, errors) for each in own)
    low, middle, high = (
        _rounded(forecast * (1 + _quantile(errors, share)), places) for share in (LOW, 0.5, HIGH)
    )
    return Calibration(
        method, tuple(past), _rounded(forecast, places + MORE_PLACES), low, middle, high,
        tuple(round(each, ERROR_PLACES) for each in errors), len(own), hits, len(own),
    )  # fmt: skip


def _is_inside(error: float, errors: Sequence[float]) -> bool:
    """Tell whether an error lies in the range that the others give."""
    others = list(errors)
    place = bisect_left(others, error)
    if place < len(others) and others[place] == error:
        del others[place]
    return _quantile(others, LOW) <= error <= _quantile(others, HIGH)


def _thinned(errors: Sequence[float]) -> list[float]:
    """Return at most `MOST_ERRORS` of sorted errors, evenly chosen."""
    if len(errors) <= MOST_ERRORS:
        return list(errors)
    step = (len(errors) - 1) / (MOST_ERRORS - 1)
    return [errors[round(place * step)] for place in range(MOST_ERRORS)]


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value that a share of a sorted sample stays below, plotted at k/(n+1) (Weibull 1939)."""
    place = min(max(share * (len(ordered) + 1) - 1, 0.0), len(ordered) - 1.0)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _share_below(ordered: Sequence[float], value: float) -> float:
    """Return which share stays below a value; the inverse of `_quantile`, between 1/(n+1)/2 and its complement."""
    count = len(ordered)
    at = bisect_left(ordered, value)
    edge = 0.5 / (count + 1)
    if at == 0:
        return edge if value < ordered[0] else 1 / (count + 1)
    if at == count:
        return 1 - edge
    span = ordered[at] - ordered[at - 1]
    return (at + (value - ordered[at - 1]) / span) / (count + 1)


def _rounded(value: float, places: int) -> Decimal:
    return Decimal(repr(max(value, 0.0))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
