"""Kilometres between the places of a day, and the allowance of each day out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.worklog.calc.expenses import Line, NoRate, Rate, Stop, lines_of, rate_on

MON, TUE = dt.date(2026, 11, 2), dt.date(2026, 11, 3)
RATE = Rate(dt.date(2026, 1, 1), Decimal("0.80"), Decimal(50), Decimal("1.3"), "CNY")
A, B, C = (30.0, 120.0), (30.1, 120.0), (30.1, 120.1)


def metres(one, other) -> float:
    """Ten kilometres for each tenth of a degree, along streets."""
    return (abs(one[0] - other[0]) + abs(one[1] - other[1])) * 100_000


def stop(on, name, place):
    return Stop(on, f"id-{name}", name, place)


def test_a_day_pays_the_way_from_place_to_place_and_its_allowance():
    stops = [stop(MON, "甲", A), stop(MON, "乙", B), stop(MON, "丙", C)]
    # 10 km × 1.3 = 13 km × 0.80 = 10.40, twice.
    way = (Decimal("13.00"), Decimal("0.80"), Decimal("10.40"))
    assert lines_of(stops, [RATE], metres) == [
        Line(MON, "distance", "id-甲", "甲", Decimal("0.00"), Decimal("0.80"), Decimal("0.00")),
        Line(MON, "distance", "id-乙", "甲 → 乙", *way),
        Line(MON, "distance", "id-丙", "乙 → 丙", *way),
        Line(MON, "allowance", None, "", Decimal(1), Decimal(50), Decimal("50.00")),
    ]


def test_each_day_begins_anew_and_unknown_places_are_passed_over():
    stops = [stop(TUE, "丁", A), stop(MON, "甲", A), stop(MON, "乙", None), stop(MON, "丙", B)]
    found = lines_of(stops, [RATE], metres)
    assert [(each.on, each.kind, each.text) for each in found] == [
        (MON, "distance", "甲"),
        (MON, "distance", "乙"),
        (MON, "distance", "甲 → 丙"),
        (MON, "allowance", ""),
        (TUE, "distance", "丁"),
        (TUE, "allowance", ""),
    ]


def test_amounts_are_rounded_to_the_currency():
    rate = Rate(MON, Decimal("0.333"), Decimal(0), Decimal(1), "CNY")
    _first, line = lines_of([stop(MON, "甲", A), stop(MON, "乙", B)], [rate], metres)
    assert line.amount == Decimal("3.33")


def test_the_latest_rate_holds_and_none_is_guessed():
    newer = Rate(TUE, Decimal(1), Decimal(0), Decimal(1), "CNY")
    assert rate_on([newer, RATE], MON) == RATE
    assert rate_on([RATE, newer], TUE) == newer
    with pytest.raises(NoRate):
        rate_on([newer], MON)
