"""Where people stand among each other: quotas of a forced distribution, and the nine-box grid."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal

from zhiheng.calckit.money import allocate
from zhiheng.reviews.calc.scorecard import check_weights


def rating_quotas(people: int, shares: Sequence[Decimal]) -> tuple[int, ...]:
    """Return how many people each rating may have; the shares add up to 1, the quotas to ``people``.

    Raises WeightsError for other shares and ValueError for negative numbers.
    """
    check_weights(shares)
    return allocate(people, shares)


def nine_box(
    performance: Decimal,
    potential: Decimal,
    performance_cuts: Sequence[Decimal],
    potential_cuts: Sequence[Decimal],
) -> tuple[int, int]:
    """Return the column and the row, from 1 for low; a value that reaches a cut is above it."""
    return bisect_right(performance_cuts, performance) + 1, bisect_right(potential_cuts, potential) + 1
