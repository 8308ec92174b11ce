"""Why a target was missed: asked too much, what hit everybody, what was one's own, and data that came too late.

The shortfall is split along a line of numbers, each known: the target, the middle of the range that the past gave,
that middle times what colleagues reached of theirs, and what was reached, by all data and by those of the closing:

    target − middle  +  middle − middle×others  +  middle×others − actual  +  actual − actual at closing

The parts add up to the shortfall exactly, whatever the numbers are. A part below zero made the miss smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

LEAST_COLLEAGUES = 3
"""Fewer say nothing about what hit everybody."""


@dataclass(frozen=True)
class Shortfall:
    """The parts of a miss in the units of the metric, signed so that positive ones explain it; ``total`` is their sum.

    ``is_usual``: what was reached lies in the range, once moved by what hit everybody: no more than the past's ups and
    downs, so that the part of execution says nothing about anybody. ``others`` is None where colleagues were too few.
    """

    total: Decimal
    target: Decimal
    external: Decimal
    execution: Decimal
    data: Decimal
    others: Decimal | None
    is_usual: bool

    @property
    def parts(self) -> dict[str, Decimal]:
        """Return the parts by name, in the order in which they are told."""
        return {
            "target": self.target, "external": self.external, "execution": self.execution, "data": self.data,
        }  # fmt: skip

    @property
    def main(self) -> str:
        """Return the part that explains most."""
        return max(self.parts, key=lambda name: self.parts[name])

    def share(self, name: str) -> Decimal:
        """Return a part's share of all that explains the miss, from 0 to 1; zero for parts that made it smaller."""
        explaining = sum(each for each in self.parts.values() if each > 0)
        return max(self.parts[name], Decimal(0)) / explaining if explaining else Decimal(0)


def shortfall(
    target: Decimal,
    at_closing: Decimal,
    actual: Decimal,
    spread: tuple[Decimal, Decimal, Decimal],
    colleagues: Sequence[Decimal],
    *,
    is_lower: bool = False,
    places: int = 2,
) -> Shortfall | None:
    """Split a miss; None where the target was reached by the figures of the closing.

    ``spread`` is the range from the past (p10, p50, p90); ``colleagues`` what each of them reached of the middle of
    their own. With ``is_lower`` reaching means to stay below, and signs turn round.
    """
    sign = -1 if is_lower else 1
    if sign * (target - at_closing) <= 0:
        return None
    low, middle, high = spread
    others = median(colleagues) if len(colleagues) >= LEAST_COLLEAGUES else None
    factor = Decimal(1) if others is None else others
    usual = (middle * factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Shortfall(
        total=sign * (target - at_closing),
        target=sign * (target - middle),
        external=sign * (middle - usual),
        execution=sign * (usual - actual),
        data=sign * (actual - at_closing),
        others=others,
        is_usual=low * factor <= actual <= high * factor,
    )
