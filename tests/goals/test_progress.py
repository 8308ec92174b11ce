from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.goals.calc.progress import Progress, progress_of

FROM, TO = dt.date(2026, 1, 1), dt.date(2026, 1, 11)


def at(day: int, actual: str, target: str = "100", **more) -> Progress:
    return progress_of(Decimal(actual), Decimal(target), FROM, TO, dt.date(2026, 1, day), **more)


def test_half_way():
    assert at(5, "40") == Progress(
        Decimal(40), Decimal(100), Decimal("0.400000"), Decimal("0.500000"), Decimal("0.800000"), 5, "warn"
    )


@pytest.mark.parametrize(
    ("day", "actual", "tone"),
    [(5, "50", "ok"), (5, "39", "bad"), (10, "100", "ok"), (31, "99", "warn"), (31, "79", "bad")],
)
def test_tones(day, actual, tone):
    assert at(day, actual).tone == tone


def test_before_the_first_day_there_is_no_pace():
    before = progress_of(Decimal(0), Decimal(100), FROM, TO, dt.date(2025, 12, 1))
    assert (before.elapsed, before.pace, before.tone, before.days_left) == (Decimal(0), None, "", 10)


def test_a_target_of_zero_cannot_be_assessed():
    found = at(5, "40", "0")
    assert (found.attainment, found.pace, found.tone) == (None, None, "")


@pytest.mark.parametrize(("actual", "tone"), [("100", "ok"), ("101", "bad")])
def test_where_less_is_better(actual, tone):
    assert at(5, actual, is_lower=True).tone == tone
