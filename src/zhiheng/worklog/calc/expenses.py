"""Travel expenses of visits: kilometres between the places of a day, and the allowance of each day out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhiheng.calckit.money import round_money
from zhiheng.calckit.rounding import round_half_up

Place = tuple[float, float]
"""Latitude and longitude, WGS-84."""


@dataclass(frozen=True)
class Rate:
    """What is paid from a day on; ``detour`` turns the distance as the crow flies into one by road."""

    from_on: dt.date
    distance_rate: Decimal
    daily_allowance: Decimal
    detour: Decimal
    currency: str


@dataclass(frozen=True)
class Stop:
    """A visit as the claim sees it, in order of time; ``place`` is ``None`` where nobody knows it."""

    on: dt.date
    id: str
    name: str
    place: Place | None


@dataclass(frozen=True)
class Line:
    """A line of a claim: kilometres × rate, or one allowance."""

    on: dt.date
    kind: str
    visit_id: str | None
    text: str
    quantity: Decimal
    rate: Decimal
    amount: Decimal


class NoRate(Exception):
    """No rate holds on the day given as argument."""


def rate_on(rates: Sequence[Rate], on: dt.date) -> Rate:
    """Return the rate of a day; raises `NoRate` where none holds, for nothing is guessed."""
    holding = [each for each in rates if each.from_on <= on]
    if not holding:
        raise NoRate(on)
    return max(holding, key=lambda each: each.from_on)


def lines_of(
    stops: Sequence[Stop], rates: Sequence[Rate], distance: Callable[[Place, Place], float]
) -> list[Line]:
    """Return the lines of the visits, day by day: one for each visit with the way from the place before, then the
    allowance.

    ``distance`` gives metres. The first place of a day costs no way, for where somebody came from is not known; nor
    does a visit without a place. Raises `NoRate`.
    """
    lines: list[Line] = []
    for on in sorted({each.on for each in stops}):
        rate = rate_on(rates, on)
        before: Stop | None = None
        for stop in (each for each in stops if each.on == on):
            lines.append(_way(before, stop, rate, distance))
            before = stop if stop.place is not None else before
        if rate.daily_allowance:
            amount = round_money(rate.daily_allowance, rate.currency)
            lines.append(Line(on, "allowance", None, "", Decimal(1), rate.daily_allowance, amount))
    return lines


def _way(before: Stop | None, stop: Stop, rate: Rate, distance: Callable[[Place, Place], float]) -> Line:
    if before is None or before.place is None or stop.place is None:
        nothing = round_money(Decimal(0), rate.currency)
        return Line(stop.on, "distance", stop.id, stop.name, Decimal("0.00"), rate.distance_rate, nothing)
    metres = round(distance(before.place, stop.place))
    kilometres = round_half_up(Fraction(metres) * Fraction(rate.detour) / 1000, 2)
    amount = round_money(kilometres * rate.distance_rate, rate.currency)
    text = f"{before.name} → {stop.name}"
    return Line(stop.on, "distance", stop.id, text, kilometres, rate.distance_rate, amount)
