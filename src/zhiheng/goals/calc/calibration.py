"""What a number is worth before it is agreed: a range from the past, and the probability of reaching any target.

The past is walked through period by period, as it happened. Each period is forecast from the ones before it (rolling
origin; Tashman, International Journal of Forecasting 16, 2000), by the method that had erred least until then. How far
such forecasts were off is the distribution that ranges and probabilities are read from; none is assumed. Where ranges
held too few of the values that came, they are widened, and narrowed where too many (adaptive conformal inference; Gibbs
and Candès, NeurIPS 34, 2021). What the walk finds at its end is the calibration of the next period, and whether its
ranges had held is the honest back-test: no range ever saw the value it was to hold.

Statistics of the past need no exact cents: they are computed with floats and given to the places of the metric.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from zhiheng.goals.calc.forecasts import METHODS, forecasts

LEAST_PERIODS = 3
"""A forecast needs so many past periods."""
LEAST_ERRORS = 8
"""A range needs so many past errors; who has fewer of one's own borrows those of colleagues."""
MOST_OWN_ERRORS = 60
MOST_ERRORS = 400
LEAST_ORIGINS = 4
"""Before so many periods were forecast, none but the simplest method is trusted."""
CLEARLY_BETTER = 0.95
LOW, HIGH = 0.1, 0.9
GAIN = 0.15
"""How quickly ranges are widened after misses and narrowed after hits."""
WIDEST, NARROWEST = 4.0, 0.4
ERROR_PLACES = 4
MORE_PLACES = 4
"""The forecast, of which errors are shares, is kept to more places than the range."""

History = Sequence[tuple[Any, Decimal]]
"""A subject's past, oldest first: (sortable name of the period, value)."""


@dataclass(frozen=True)
class Calibration:
    """A range for the next period, and the errors to expect of the forecast, as shares of it, in order.

    ``p10``, ``p50``, ``p90``: the value stays below with that probability in percent. ``own_errors`` of ``errors`` are
    the subject's own. Of ``tried`` own past periods ``hits`` fell inside the range that stood before them: four of five
    should.
    """

    method: str
    forecast: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal
    errors: tuple[float, ...]
    own_errors: int
    hits: int = 0
    tried: int = 0

    def probability(self, target: Decimal, *, is_lower: bool = False) -> Decimal:
        """Return the probability of reaching a target, from 0 to 1, to whole percents; never surer than the errors are.

        With ``is_lower`` a target is reached by staying at or below it.
        """
        below = share_below(self.errors, round(float(target) / float(self.forecast) - 1, ERROR_PLACES))
        return Decimal(str(round(below if is_lower else 1 - below, 2)))


@dataclass(frozen=True)
class Foreseen:
    """A past period with the range that stood before it."""

    subject: Hashable
    period: Any
    value: Decimal
    range: Calibration


@dataclass
class _Walk:
    """What is known at a point of time: the errors of each method so far, and how wide ranges have to be."""

    season: int
    places: int
    own: dict[str, dict[Hashable, list[float]]] = field(
        default_factory=lambda: {name: {} for name in METHODS}
    )
    pooled: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in METHODS})
    origins: int = 0
    width: float = 1.0

    def method(self) -> str:
        """Return the simplest method, or one that erred clearly less, by the median over everybody."""
        sizes = {name: median(map(abs, found)) for name, found in self.pooled.items() if found}
        if self.origins < LEAST_ORIGINS or not sizes:
            return "level"
        able = [name for name in sizes if len(self.pooled[name]) * 2 >= len(self.pooled["level"])]
        best = min(able, key=lambda name: round(sizes[name], 6))
        return best if sizes[best] < CLEARLY_BETTER * sizes["level"] else "level"

    def range_of(self, subject: Hashable, made: Mapping[str, float], method: str) -> Calibration | None:
        """Return the range that a forecast deserves; None where nothing can be said."""
        forecast = made.get(method)
        own = self.own[method].get(subject, [])[-MOST_OWN_ERRORS:]
        errors = own if len(own) >= LEAST_ERRORS else self.pooled[method][-5 * MOST_ERRORS :]
        if forecast is None or round(forecast, self.places + MORE_PLACES) <= 0 or len(errors) < LEAST_ERRORS:
            return None
        # Colleagues' errors of few periods share the fortune of those periods: fewer than they look.
        borrowed = 1.0 if len(own) >= LEAST_ERRORS else math.sqrt(1 + 1 / self.origins)
        expected = _spread(_thinned(sorted(errors)), self.width * borrowed)
        low, middle, high = (
            _rounded(forecast * (1 + quantile(expected, share)), self.places) for share in (LOW, 0.5, HIGH)
        )
        kept = _rounded(forecast, self.places + MORE_PLACES)
        return Calibration(method, kept, low, middle, high, tuple(expected), len(own))

    def learn(
        self, came: Sequence[tuple[Hashable, Mapping[str, float], float]], misses: Sequence[bool]
    ) -> None:
        """Take in what came of a period: (subject, forecasts made before, value), and which ranges did not hold."""
        for subject, made, value in came:
            for name, forecast in made.items():
                error = value / forecast - 1
                self.own[name].setdefault(subject, []).append(error)
                self.pooled[name].append(error)
        self.origins += any(made for _subject, made, _value in came)
        if misses:
            share = sum(misses) / len(misses)
            width = self.width * math.exp(GAIN * (share - (1 - HIGH + LOW)))
            self.width = min(max(width, NARROWEST), WIDEST)


def calibrate(
    histories: Mapping[Any, History], *, season: int, places: int = 2
) -> dict[Hashable, Calibration | None]:
    """Return the calibration of each subject's next period from all subjects' pasts; None for too short a past.

    ``season``: how many periods make a year (or a week, of days); below 2, seasons do not count.
    """
    walk, seen = _walked(histories, season, places)
    tried: dict[Hashable, list[bool]] = {}
    for each in seen:
        tried.setdefault(each.subject, []).append(_holds(each.range, each.value))
    method = walk.method()
    found: dict[Hashable, Calibration | None] = {}
    for subject, past in histories.items():
        made = (
            forecasts([float(value) for _period, value in past], season) if len(past) >= LEAST_PERIODS else {}
        )
        calibration = walk.range_of(subject, made, method)
        mine = tried.get(subject, [])
        found[subject] = (
            Calibration(**{**vars(calibration), "hits": sum(mine), "tried": len(mine)})
            if calibration
            else None
        )
    return found


def foreseen(histories: Mapping[Any, History], *, season: int, places: int = 2) -> list[Foreseen]:
    """Return every past period that could be foreseen, with the range that stood before it, in order of time."""
    return _walked(histories, season, places)[1]


def _walked(histories: Mapping[Any, History], season: int, places: int) -> tuple[_Walk, list[Foreseen]]:
    """Walk through the past; return what is known at its end, and the ranges that stood on the way."""
    walk, seen = _Walk(season, places), []
    pasts: dict[Hashable, list[float]] = {subject: [] for subject in histories}
    for period, came in _by_period(histories):
        made = {
            subject: forecasts(pasts[subject], season) if len(pasts[subject]) >= LEAST_PERIODS else {}
            for subject, _value in came
        }
        method, misses = walk.method(), []
        for subject, value in came:
            found = walk.range_of(subject, made[subject], method)
            if found is not None:
                seen.append(Foreseen(subject, period, value, found))
                misses.append(not _holds(found, value))
        walk.learn([(subject, made[subject], float(value)) for subject, value in came], misses)
        for subject, value in came:
            pasts[subject].append(float(value))
    return walk, seen


def _by_period(histories: Mapping[Any, History]) -> list[tuple[Any, list[tuple[Hashable, Decimal]]]]:
    periods: dict[Any, list[tuple[Hashable, Decimal]]] = {}
    for subject, past in histories.items():
        for period, value in past:
            periods.setdefault(period, []).append((subject, value))
    return sorted(periods.items(), key=lambda each: each[0])


def _holds(found: Calibration, value: Decimal) -> bool:
    return found.p10 <= value <= found.p90


def _spread(errors: Sequence[float], width: float) -> list[float]:
    """Return sorted errors spread around their median; none below -1, as values do not fall below zero."""
    middle = quantile(errors, 0.5)
    return [round(max(middle + width * (each - middle), -1.0), ERROR_PLACES) for each in errors]


def _thinned(errors: Sequence[float]) -> Sequence[float]:
    """Return at most `MOST_ERRORS` of sorted errors, evenly chosen."""
    if len(errors) <= MOST_ERRORS:
        return errors
    step = (len(errors) - 1) / (MOST_ERRORS - 1)
    return [errors[round(place * step)] for place in range(MOST_ERRORS)]


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value that a share of a sorted sample stays below, plotted at k/(n+1) (Weibull 1939)."""
    place = min(max(share * (len(ordered) + 1) - 1, 0.0), len(ordered) - 1.0)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def share_below(ordered: Sequence[float], value: float) -> float:
    """Return which share stays below a value; the inverse of `quantile`, between 1/(n+1)/2 and its complement."""
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
