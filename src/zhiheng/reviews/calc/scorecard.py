"""Weights of a scorecard, scores by several raters, objectives and key results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zhiheng.calckit.rounding import round_half_up


class WeightsError(ValueError):
    """The weights of a scorecard do not make one whole; ``total`` is their sum."""

    code = "WEIGHTS_SUM"

    def __init__(self, total: Decimal) -> None:
        super().__init__(f"the weights add up to {total}, not to 1")
        self.total = total


def check_weights(weights: Sequence[Decimal]) -> None:
    """Raise WeightsError unless the weights, as fractions, add up to exactly 1."""
    total = sum(weights, Decimal(0))
    if total != 1:
        raise WeightsError(total)


@dataclass(frozen=True, slots=True)
class RaterGroup:
    """Scores by one kind of raters; fewer than ``least_raters`` do not count, to keep them anonymous."""

    weight: Decimal
    scores: tuple[Decimal, ...] = ()
    least_raters: int = 1

    @property
    def counts(self) -> bool:
        """Tell whether enough raters have answered."""
        return len(self.scores) >= max(self.least_raters, 1)


@dataclass(frozen=True, slots=True)
class GroupShare:
    """What one group contributed: the mean of its scores, and its weight among the groups that count."""

    group: str
    mean: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class ManySidedScore:
    """``score`` is None when no group counts; ``shares`` lists the groups that do, rounded for display."""

    score: Decimal | None
    shares: tuple[GroupShare, ...]


def score_from_raters(groups: Mapping[str, RaterGroup], places: int = 2) -> ManySidedScore:
    """Combine the means of the groups by weight; one that does not count leaves its weight to the others."""
    counted = {name: group for name, group in groups.items() if group.counts and group.weight}
    whole = sum((Fraction(group.weight) for group in counted.values()), Fraction(0))
    if not whole:
        return ManySidedScore(None, ())
    means = {name: _mean(group.scores) for name, group in counted.items()}
    weights = {name: Fraction(group.weight) / whole for name, group in counted.items()}
    score = sum((means[name] * weights[name] for name in counted), Fraction(0))
    shares = tuple(
        GroupShare(name, round_half_up(means[name], places), round_half_up(weights[name], 4))
        for name in counted
    )
    return ManySidedScore(round_half_up(score, places), shares)


def objective_score(key_results: Sequence[Decimal], places: int = 2) -> Decimal | None:
    """Return the mean of the key results, each from 0 to 1; None when there are none."""
    return round_half_up(_mean(key_results), places) if key_results else None


def _mean(numbers: Sequence[Decimal]) -> Fraction:
    return sum((Fraction(number) for number in numbers), Fraction(0)) / len(numbers)
