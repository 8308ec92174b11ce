"""Forecasts of the next period from the periods before it: few methods, each explained in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

LONGEST = 48
"""No method looks further back than so many periods."""
RECENT = 16
SMOOTHED = 0.3
"""How much of the level is the latest period (exponential smoothing; Brown 1959)."""
DAMPED = 0.8
"""How much of the trend is believed to go on (Gardner and McKenzie, Management Science 31, 1985)."""
YEARS = 3

Past = np.ndarray


def level(past: Past, _season: int) -> float | None:
    """Smooth the recent past: the later, the more it counts."""
    return _smoothed(past[-RECENT:], SMOOTHED)


def trend(past: Past, _season: int) -> float | None:
    """Go on from the middle of the recent past by its median slope (Theil 1950, Sen 1968), damped."""
    recent = past[-RECENT:]
    sooner, later = np.triu_indices(len(recent), 1)
    slope = float(np.median((recent[later] - recent[sooner]) / (later - sooner)))
    start = float(np.median(recent - slope * np.arange(len(recent))))
    return start + slope * (len(recent) - 1 + DAMPED)


def season(past: Past, season: int) -> float | None:
    """Take the same season of last year, times what the latest quarter of a year is to the one a year before."""
    if season < 2:
        return None
    latest = max(min(season // 4, 3), 1)
    if len(past) < season + latest or (before := past[-season - latest : -season].sum()) <= 0:
        return None
    return float(past[-season] * past[-latest:].sum() / before)


def index(past: Past, season: int) -> float | None:
    """Take the level of the recent past without its seasons, times the index of the coming season."""
    if season < 2 or len(past) < season + 2:
        return None
    coming = _index(past, len(past), season)
    freed = [
        past[place] / each
        for place in range(max(len(past) - min(season, 6), 0), len(past))
        if (each := _index(past, place, season))
    ]
    return coming * _smoothed(np.array(freed), 0.4) if coming is not None and freed else None


def _index(past: Past, place: int, season: int) -> float | None:
    """Return what the season of a place was to the mean of a year around it, over up to `YEARS` years before."""
    found = []
    for year in range(1, YEARS + 1):
        at = place - year * season
        first = max(at - season // 2, 0)
        around = past[first : first + season]
        if at >= 0 and len(around) == season and around.mean() > 0:
            found.append(past[at] / around.mean())
    return float(np.mean(found)) if found else None


def _smoothed(values: Past, share: float) -> float:
    found = float(values[0])
    for each in values[1:]:
        found += share * (float(each) - found)
    return found


METHODS: Mapping[str, Callable[[Past, int], float | None]] = {
    "level": level,
    "trend": trend,
    "season": season,
    "index": index,
}


def forecasts(past: Sequence[float], season: int) -> dict[str, float]:
    """Return what each method that can forecast something above zero makes of a past, oldest first."""
    values = np.asarray(past[-LONGEST:], dtype=float)
    found = {name: method(values, season) for name, method in METHODS.items()}
    return {name: each for name, each in found.items() if each is not None and each > 0}
