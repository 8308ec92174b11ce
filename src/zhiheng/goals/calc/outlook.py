"""Where a goal will probably end while there is still time: what is there, and what the rest usually brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhiheng.goals.calc.calibration import HIGH, LEAST_PERIODS, LOW, Calibration, quantile, share_below

SURE, HOPELESS = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class Outlook:
    """The value that a period will probably end with, and the probability of reaching the target by then."""

    p10: Decimal
    p50: Decimal
    p90: Decimal
    probability: Decimal


@dataclass(frozen=True)
class PastRests:
    """What the last days of past periods brought, in order: for rests that were often nothing, of which no share can be
    forecast.
    """

    values: tuple[float, ...]
    method: str = "past"

    @property
    def p10(self) -> Decimal:
        """Return what nine of ten rests exceed."""
        return self._at(LOW)

    @property
    def p50(self) -> Decimal:
        """Return the middle."""
        return self._at(0.5)

    @property
    def p90(self) -> Decimal:
        """Return what one of ten exceeds."""
        return self._at(HIGH)

    def _at(self, share: float) -> Decimal:
        return Decimal(str(round(quantile(self.values, share), 4)))

    def probability(self, target: Decimal, *, is_lower: bool = False) -> Decimal:
        """Return the probability that a rest brings at least a target, or with ``is_lower`` no more."""
        below = share_below(self.values, float(target))
        return Decimal(str(round(below if is_lower else 1 - below, 2)))


def past_rests(values: Sequence[Decimal]) -> PastRests | None:
    """Return the rests of past periods as they were; None for too few."""
    return PastRests(tuple(sorted(map(float, values)))) if len(values) >= LEAST_PERIODS else None


def outlook_of(
    rest: Calibration | PastRests, actual: Decimal, target: Decimal, *, is_lower: bool = False
) -> Outlook:
    """Return the outlook from what is there and the calibrated rest of the period; values only add up.

    What is reached already is sure, and what is exceeded where less is better cannot be undone.
    """
    needed = target - actual
    if needed < 0 or (needed == 0 and not is_lower):
        probability = HOPELESS if is_lower else SURE
    else:
        probability = rest.probability(needed, is_lower=is_lower)
    return Outlook(actual + rest.p10, actual + rest.p50, actual + rest.p90, probability)
