"""Why goals of ended periods were missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from zhiheng.goals.calc.shortfall import Shortfall, shortfall
from zhiheng.goals.models import Goal, GoalReply, GoalRevision, Negotiation
from zhiheng.goals.queries.goals import judged_on
from zhiheng.goals.queries.negotiations import MOST_PLACES, Evidence, evidence_from, evidence_of_people
from zhiheng.metrics.public import compute_values, metrics_with_inputs, period_by_id

DAYS_TO_CLOSE = 3
"""Data of a period that come later than so many days after it are late."""


@dataclass(frozen=True)
class Explained:
    """A miss with what it was split by: the range before the period, and how the target came about."""

    shortfall: Shortfall
    evidence: Evidence
    colleagues: int


def explained(goal: Goal, today: dt.date) -> Explained | None:
    """Return why a goal was missed; None while its period runs, where it was reached, and where the past was too short.

    Checks no scope: whoever may see the goal may see it. Of colleagues only their middle is told.
    """
    period = period_by_id(goal.period_id)
    if period.last_on > judged_on(today):
        return None
    known = evidence_of_people(goal.metric.code, period, goal.person_id)
    evidence = _agreed(goal) or known.get(goal.person_id)
    if evidence is None or evidence.calibration is None:
        return None
    closing = dt.datetime.combine(period.period_to + dt.timedelta(days=DAYS_TO_CLOSE), dt.time(), dt.UTC)
    now, then = (_values(goal, as_of) for as_of in (None, closing))
    actual = now.get(goal.person_id, Decimal(0))
    # Where nothing had come by then, the past was loaded later as a whole: nothing was late.
    at_closing = then.get(goal.person_id, actual) if any(then.values()) else actual
    reached = [
        now.get(person, Decimal(0)) / each.calibration.p50
        for person, each in known.items()
        if person != goal.person_id and each.calibration and each.calibration.p50
    ]
    found = evidence.calibration
    split = shortfall(
        goal.target, at_closing, actual, (found.p10, found.p50, found.p90), reached,
        is_lower=goal.metric.direction == "lower", places=min(goal.metric.places, MOST_PLACES),
    )  # fmt: skip
    return Explained(split, evidence, len(reached)) if split else None


def _agreed(goal: Goal) -> Evidence | None:
    """Return the evidence that lay on the table when the target was agreed on or imposed."""
    latest = GoalRevision.objects.filter(goal=goal, revision=goal.revision).values_list(
        "negotiation_id", flat=True
    )
    negotiation = Negotiation.objects.filter(id=latest[0]).first() if latest and latest[0] else None
    return evidence_from(negotiation.evidence) if negotiation else None


def _values(goal: Goal, as_of: dt.datetime | None) -> Mapping[UUID, Decimal]:
    """Return everybody's values of the goal's metric and period, as of an instant."""
    infos = metrics_with_inputs([goal.metric.code])
    definitions = {code: each.definition for code, each in infos.items()}
    period = goal.period
    frame = compute_values(definitions, period.period_from, period.period_to, as_of=as_of, records_of=())
    rows = frame[goal.metric.code].select("person_id", "value").iter_rows()
    return {UUID(person): value for person, value in rows if value is not None}


def replies_of(goal: Goal) -> list[GoalReply]:
    """Return what was said about a goal that the actor was allowed to see, the first one first."""
    return list(GoalReply.objects.filter(goal=goal).order_by("written_at"))
