"""Where a goal will probably end while there is still time: what is there, and what the rest usually brings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhiheng.goals.calc.calibration import Calibration

SURE, HOPELESS = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class Outlook:
    """The value that a period will probably end with, and the probability of reaching the target by then."""

    p10: Decimal
    p50: Decimal
    p90: Decimal
    probability: Decimal


def outlook_of(rest: Calibration, actual: Decimal, target: Decimal, *, is_lower: bool = False) -> Outlook:
    """Return the outlook from what is there and the calibrated rest of the period; values only add up.

    What is reached already is sure, and what is exceeded where less is better cannot be undone.
    """
    needed = target - actual
    if needed < 0 or (needed == 0 and not is_lower):
        probability = HOPELESS if is_lower else SURE
    else:
        probability = rest.probability(needed, is_lower=is_lower)
    return Outlook(actual + rest.p10, actual + rest.p50, actual + rest.p90, probability)
