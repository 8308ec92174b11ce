"""Rounding once, at the end, of what was computed exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def round_half_up(number: Fraction | Decimal | int, places: int = 2) -> Decimal:
    """Round to ``places`` digits after the point, halves away from zero; the result shows all of them."""
    exact = Fraction(number) * 10**places
    units = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal(units if exact >= 0 else -units).scaleb(-places)
