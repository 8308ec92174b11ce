"""Bonuses: a base times coefficients, in proportion to attendance, or shares of a pool."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import prod

from zhiheng.calckit.money import allocate_money, round_money


def bonus(base: Decimal, coefficients: Sequence[Decimal], currency: str = "CNY") -> Decimal:
    """Multiply the base by all coefficients (of the grade, the department …), rounding once."""
    return round_money(_product(base, coefficients), currency)


def prorated_bonus(
    base: Decimal,
    coefficients: Sequence[Decimal],
    attended: Decimal,
    paid_days: Decimal,
    currency: str = "CNY",
) -> Decimal | None:
    """Return the bonus for the days attended out of the paid days, in one rounding.

    None when there are no paid days to be in proportion to.
    """
    if not paid_days:
        return None
    return round_money(_product(base, coefficients) * Fraction(attended) / Fraction(paid_days), currency)


def divide_bonus_pool(
    pool: Decimal, weights: Sequence[Decimal], currency: str = "CNY"
) -> tuple[Decimal, ...]:
    """Divide a pool by weights, to the last fen. Raises ValueError as `allocate_money` does."""
    return allocate_money(pool, weights, currency)


def _product(base: Decimal, coefficients: Sequence[Decimal]) -> Fraction:
    return prod(map(Fraction, coefficients), start=Fraction(base))
