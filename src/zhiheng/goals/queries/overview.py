"""Goals at a glance: totals of the periods, and how the live one stands."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, QuerySet, Subquery

from zhiheng.access.actor import Actor
from zhiheng.goals.models import Goal
from zhiheng.goals.queries.goals import (
    GoalProgress,
    Standing,
    goals_for_actor,
    judged_on,
    standings,
    with_goals,
)
from zhiheng.metrics.public import observations_for_actor
from zhiheng.tenancy.naming import in_reader_language

ZERO = Decimal(0)


@dataclass(frozen=True)
class PeriodTotal:
    """What all together were to reach of one metric in a period, and reached; ``actual`` None: unknown."""

    period: str
    target: Decimal
    actual: Decimal | None

    @property
    def attainment(self) -> Decimal | None:
        """Return the share reached, as a fraction."""
        return self.actual / self.target if self.actual is not None and self.target else None


@dataclass(frozen=True)
class Overview:
    """The goals that an actor sees, of their main metric: earlier periods; the live one by person.

    ``count`` and ``reached`` are those of the live period, ``best`` its furthest, ``mine`` the actor's own.
    """

    metric: str
    unit: str
    totals: tuple[PeriodTotal, ...]
    count: int
    reached: int
    best: tuple[Standing, ...]
    mine: tuple[GoalProgress, ...]
    live_period: str
    judged_on: dt.date

    @property
    def latest(self) -> PeriodTotal:
        """Return the live period's totals."""
        return self.totals[-1]


def overview_for_actor(actor: Actor, today: dt.date, *, periods: int = 8, shown: int = 10) -> Overview | None:
    """Return the goals of the metric with most goals in the latest period; ``None`` without any goal."""
    goals = goals_for_actor(actor)
    newest = _newest(goals)
    if newest is None:
        return None
    rows = goals.filter(period=newest.period, metric=newest.metric)
    day = judged_on(today)
    standing = standings(rows, newest.period, day)
    ranked = sorted(standing, key=lambda each: each.progress.attainment or ZERO, reverse=True)
    mine = [each for each in ranked if each.person_id == actor.person_id]
    earlier = _earlier(actor, newest, periods - 1)
    now = PeriodTotal(
        newest.period.label, sum((each.progress.target for each in standing), ZERO),
        sum((each.progress.actual for each in standing), ZERO),
    )  # fmt: skip
    return Overview(
        newest.metric.label, newest.metric.unit, (*earlier, now), len(ranked),
        sum((each.progress.attainment or ZERO) >= 1 for each in ranked),
        tuple(ranked[:shown]), with_goals(actor, mine), newest.period.label, day,
    )  # fmt: skip


def _newest(goals: QuerySet[Goal]) -> Goal | None:
    """Return a goal of the latest period; sorts without the rows that a goal is read with."""
    latest = goals.select_related(None).order_by("-period__period_from").values("id")[:1]
    return goals.filter(id=Subquery(latest)).first()


def _earlier(actor: Actor, newest: Goal, count: int) -> list[PeriodTotal]:
    """Return the totals of the periods before, from what was observed when they were closed."""
    goals = goals_for_actor(actor).filter(
        metric=newest.metric, period__period_from__lt=newest.period.period_from
    )
    observed: dict[tuple[dt.date, UUID], Decimal] = {
        (row["period_from"], row["person_id"]): row["value"]
        for row in observations_for_actor(actor)
        .filter(metric_version__metric=newest.metric)
        .values("period_from", "person_id")
        .annotate(value=Max("value"))
    }
    by_period: dict[tuple[dt.date, UUID], list[tuple[UUID, Decimal]]] = defaultdict(list)
    labels = {}
    named = ("period__name", "period__name_en")
    columns = ("period__period_from", "period_id", "person_id", "target", *named)
    for start, period_id, person_id, target, *names in goals.values_list(*columns):
        by_period[start, period_id].append((person_id, target))
        labels[period_id] = in_reader_language(*names)
    totals = []
    for start, period_id in sorted(by_period)[-count:]:
        mine = by_period[start, period_id]
        values = [observed.get((start, person_id)) for person_id, _target in mine]
        known = [value for value in values if value is not None]
        target = sum((target for _person_id, target in mine), ZERO)
        totals.append(PeriodTotal(labels[period_id], target, sum(known, ZERO) if known else None))
    return totals
