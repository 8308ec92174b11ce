"""What follows from scores: passed, to be reviewed, or refused, and why."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

Owner = TypeVar("Owner", bound=Hashable)

PASSED, REVIEW, REFUSED = "passed", "review", "refused"


@dataclass(frozen=True)
class Thresholds:
    """Cosines from which somebody counts as themselves; ``turned`` is for a turned head, the last two for 1:N."""

    accept: Decimal = Decimal("0.45")
    review: Decimal = Decimal("0.36")
    turned: Decimal = Decimal("0.25")
    identify: Decimal = Decimal("0.50")
    margin: Decimal = Decimal("0.06")


@dataclass(frozen=True)
class Verdict:
    """A decision; ``reason`` is a code of `choices.CheckReason`, "" when there is nothing to say."""

    state: str
    reason: str = ""


@dataclass(frozen=True)
class Match(Generic[Owner]):
    """Who is most alike: nobody where ``reason`` says why; ``margin`` is how far the next one is behind."""

    owner: Owner | None
    score: Decimal
    margin: Decimal
    reason: str = ""


def judge_identity(frontal: Decimal, turned: Decimal | None, limits: Thresholds) -> Verdict:
    """Judge the scores of a frontal frame and of the turned one (None: the check asks for no turn)."""
    if frontal < limits.review:
        return Verdict(REFUSED, "other_person")
    if turned is not None and turned < limits.turned:
        return Verdict(REFUSED, "other_person_turned")
    return Verdict(PASSED) if frontal >= limits.accept else Verdict(REVIEW, "low_score")


def match_one(scores: Mapping[Owner, Decimal], limits: Thresholds) -> Match[Owner]:
    """Find the one of many whose face it is: alike enough, and clearly more than the next.

    Where there is only one candidate, the margin is taken to a score of 0.
    """
    ranked = sorted(scores.items(), key=lambda each: each[1], reverse=True)
    if not ranked:
        return Match(None, Decimal(0), Decimal(0), "nobody_enrolled")
    (owner, score), *others = ranked
    margin = score - (others[0][1] if others else Decimal(0))
    if score < limits.identify:
        return Match(None, score, margin, "unknown_person")
    if margin < limits.margin:
        return Match(None, score, margin, "ambiguous")
    return Match(owner, score, margin)
