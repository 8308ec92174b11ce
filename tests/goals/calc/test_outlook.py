"""Where a goal will end: what is there and what the rest usually brings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhiheng.goals.calc.calibration import Calibration
from zhiheng.goals.calc.outlook import Outlook, PastRests, outlook_of, past_rests

REST = Calibration(
    "level",
    Decimal(100),
    Decimal(80),
    Decimal(100),
    Decimal(120),
    tuple(each / 10 - 0.4 for each in range(9)),
    9,
)


@pytest.mark.parametrize(
    ("actual", "target", "is_lower", "probability"),
    [
        (500, 600, False, "0.5"),
        (500, 500, False, "1"),
        (501, 500, False, "1"),
        (500, 900, False, "0.05"),
        (500, 600, True, "0.5"),
        (501, 500, True, "0"),
        (500, 500, True, "0.05"),
    ],
)
def test_the_probability_of_what_is_still_needed(actual, target, is_lower, probability):
    found = outlook_of(REST, Decimal(actual), Decimal(target), is_lower=is_lower)
    assert found.probability == Decimal(probability)


def test_the_range_is_that_of_the_rest_on_top_of_what_is_there():
    assert outlook_of(REST, Decimal(500), Decimal(600)) == Outlook(
        Decimal(580), Decimal(600), Decimal(620), Decimal("0.5")
    )


def test_rests_that_were_often_nothing_are_taken_as_they_were():
    rest = past_rests([Decimal(each) for each in (0, 50, 0, 0, 0, 0, 0, 0, 0)])
    assert rest == PastRests((0.0,) * 8 + (50.0,))
    found = outlook_of(rest, Decimal(40), Decimal(100))
    assert (found.p10, found.p50, found.probability) == (40, 40, Decimal("0.05"))
    assert outlook_of(rest, Decimal(40), Decimal(60)).probability == Decimal("0.16")
    assert outlook_of(rest, Decimal(40), Decimal(60), is_lower=True).probability == Decimal("0.84")
    assert past_rests([Decimal(1)] * 2) is None
