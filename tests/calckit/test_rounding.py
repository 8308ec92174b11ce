from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from zhiheng.calckit.rounding import round_half_up


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Decimal("0.1249999999999999999999999999999999"), 2, "0.12"),
        (Decimal("0.9"), 0, "1"),
        (7, 2, "7.00"),
        (Fraction(0), 2, "0.00"),
        (Fraction(-1, 1000), 2, "0.00"),
    ],
)
def test_halves_go_away_from_zero(number: Fraction | Decimal | int, places: int, expected: str) -> None:
    assert str(round_half_up(number, places)) == expected
