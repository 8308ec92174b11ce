"""Amounts of money: rounding to what a currency can pay, and shares that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from zhiheng.calckit.rounding import round_half_up

# Currencies whose smallest unit is not a hundredth (ISO 4217).
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_PLACES: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3)
)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount payable in a currency: ``Decimal("0.01")`` for CNY."""
    return Decimal(1).scaleb(-_places(currency))


def round_money(amount: Decimal | Fraction, currency: str = "CNY") -> Decimal:
    """Round half up (away from zero) to the smallest unit of the currency."""
    return round_half_up(amount, _places(currency))


def _places(currency: str) -> int:
    return _PLACES.get(currency, 2)


def allocate(total: int, weights: Sequence[Decimal | int]) -> tuple[int, ...]:
    """Divide ``total`` indivisible units by ``weights`` into shares that add up to it exactly.

    What flooring leaves over goes to the largest remainders, the earlier of equal ones first. Raises
    ValueError for a negative total, negative weights, or weights that are all zero.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("neither the total nor a weight may be negative")
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if not whole:
        raise ValueError("at least one weight must be positive")
    exact = [total * Fraction(weight) / whole for weight in weights]
    shares = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(shares)), key=lambda position: shares[position] - exact[position])
    for position in by_remainder[: total - sum(shares)]:
        shares[position] += 1
    return tuple(shares)


def allocate_money(
    total: Decimal, weights: Sequence[Decimal | int], currency: str = "CNY"
) -> tuple[Decimal, ...]:
    """Divide an amount by ``weights`` into payable amounts that add up to it.

    Raises ValueError as `allocate` does, and for an amount that is finer than the currency.
    """
    units = Fraction(total) / Fraction(minor_unit(currency))
    if units.denominator != 1:
        raise ValueError(f"{total} is finer than {minor_unit(currency)} {currency}")
    return tuple(Decimal(share).scaleb(-_places(currency)) for share in allocate(int(units), weights))
