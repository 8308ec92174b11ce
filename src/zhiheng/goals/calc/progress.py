"""How far a goal is, and whether that is as far as the time gone by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

ZERO, ONE = Decimal(0), Decimal(1)
SHARE = Decimal("0.000001")


@dataclass(frozen=True)
class Progress:
    """Where a goal stands. Shares are fractions; ``attainment`` is None where the target is zero.

    ``pace`` compares attainment with the time elapsed: 1 is on schedule; None before the first day.
    ``tone`` is "ok", "warn", "bad" or "" (too early to tell, or not assessable).
    """

    actual: Decimal
    target: Decimal
    attainment: Decimal | None
    elapsed: Decimal
    pace: Decimal | None
    days_left: int
    tone: str


def progress_of(
    actual: Decimal,
    target: Decimal,
    period_from: dt.date,
    period_to: dt.date,
    today: dt.date,
    *,
    is_lower: bool = False,
) -> Progress:
    """Return where a goal stands on a day, that day counted in full. ``is_lower``: less is better."""
    length = (period_to - period_from).days
    gone = min(max((today - period_from).days + 1, 0), length)
    elapsed = (Decimal(gone) / length).quantize(SHARE)
    attainment = (actual / target).quantize(SHARE) if target else None
    pace = (attainment / elapsed).quantize(SHARE) if attainment is not None and gone else None
    return Progress(
        actual,
        target,
        attainment,
        elapsed,
        pace,
        length - gone,
        _tone(attainment, pace, gone, length, is_lower),
    )


def _tone(attainment: Decimal | None, pace: Decimal | None, gone: int, length: int, is_lower: bool) -> str:
    if attainment is None or pace is None:
        return ""
    if is_lower:
        return "ok" if attainment <= ONE else "bad"
    measured = attainment if gone == length else pace
    if measured >= ONE:
        return "ok"
    return "warn" if measured >= Decimal("0.8") else "bad"
