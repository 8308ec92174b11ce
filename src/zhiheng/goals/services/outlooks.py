"""Looking ahead: where the goals of the periods under way will probably end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhiheng.goals.calc.outlook import outlook_of
from zhiheng.goals.models import Goal, GoalOutlook
from zhiheng.goals.queries.goals import judged_on, progress_of_goals
from zhiheng.goals.queries.outlooks import rests_of_people
from zhiheng.metrics.public import PeriodInfo, periods

FIGURES = ("actual", "target", "p10", "p50", "p90", "probability", "method")


def refresh_outlooks(today: dt.date) -> int:
    """Write the outlooks of the tenant in force for the day that data tell of; return of how many goals.

    Doing it again on a day replaces what that day said before.
    """
    day = judged_on(today)
    under_way = [each for each in periods() if each.period_from <= day < each.period_to]
    return sum(_refresh(period, day) for period in under_way)


def _refresh(period: PeriodInfo, day: dt.date) -> int:
    goals = Goal.objects.filter(period_id=period.id, is_withdrawn=False).select_related("metric", "period")
    by_metric: dict[str, list[Goal]] = {}
    for goal in goals:
        by_metric.setdefault(goal.metric.code, []).append(goal)
    made = [each for code, mine in sorted(by_metric.items()) for each in _outlooks(code, mine, period, day)]
    GoalOutlook.objects.bulk_create(
        made,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["tenant_id", "goal", "on"],
        update_fields=FIGURES,
    )
    return len(made)


def _outlooks(code: str, goals: list[Goal], period: PeriodInfo, day: dt.date) -> list[GoalOutlook]:
    rests = rests_of_people(code, period, day)
    known = [goal for goal in goals if goal.person_id in rests]
    found = []
    for goal, standing in zip(known, progress_of_goals(known, day), strict=True):
        rest, actual = rests[goal.person_id], standing.progress.actual
        seen = outlook_of(rest, actual, goal.target, is_lower=goal.metric.direction == "lower")
        found.append(
            GoalOutlook(
                goal=goal, person_id=goal.person_id, org_unit_id=goal.org_unit_id,
                legal_entity_id=goal.legal_entity_id, on=day, actual=round(Decimal(actual), 4), target=goal.target,
                p10=seen.p10, p50=seen.p50, p90=seen.p90, probability=seen.probability, method=rest.method,
            )
        )  # fmt: skip
    return found
