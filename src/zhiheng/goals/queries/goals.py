"""Goals and their live progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.goals.calc.progress import Progress, progress_of
from zhiheng.goals.models import Goal, GoalRevision
from zhiheng.goals.policies import READ_GOAL
from zhiheng.integrations.public import latest_occurred_on
from zhiheng.metrics.public import compute_values, metrics_with_inputs
from zhiheng.tenancy.context import tenant_context


@dataclass(frozen=True)
class TargetRow:
    """A target as it stood at an instant."""

    goal_id: UUID
    revision_id: UUID
    person_id: UUID
    org_unit_id: UUID
    legal_entity_id: UUID
    metric_code: str
    target: Decimal


@dataclass(frozen=True)
class GoalProgress:
    """A goal with where it stands, and the records that its actual value comes from."""

    goal: Goal
    progress: Progress
    record_ids: tuple[UUID, ...]

    @property
    def places(self) -> int:
        """Return the decimals of actual values: two at most in lists."""
        return min(self.goal.metric.places, 2)


def goals_for_actor(actor: Actor) -> QuerySet[Goal]:
    """Return the goals that the actor may see."""
    scope = actor.scope(READ_GOAL).q()
    related = ("person", "org_unit", "metric", "period")
    return Goal.objects.filter(scope, is_withdrawn=False).select_related(*related)


def goals_of_period(actor: Actor, period_id: UUID) -> list[Goal]:
    """Return the goals of a period that the actor may see.

    A unit, a metric and the period are shared by many of them: read once, not once a goal.
    """
    goals = goals_for_actor(actor).filter(period_id=period_id).select_related(None)
    return list(goals.select_related("person").prefetch_related("org_unit", "metric", "period"))


def goal_for_actor(actor: Actor, goal_id: UUID) -> Goal:
    """Return a goal; 404 when it is not there or not the actor's to see."""
    goal = goals_for_actor(actor).filter(id=goal_id).first()
    if goal is None:
        raise Http404
    return goal


def revisions_of(goal: Goal) -> QuerySet[GoalRevision]:
    """Return the revisions of a goal that the actor may already see, latest first."""
    return GoalRevision.objects.filter(goal=goal)


def targets_as_of(period_id: UUID, metric_codes: Iterable[str], as_of: dt.datetime | None) -> list[TargetRow]:
    """Return the targets of a period as they stood at an instant (None: now), without withdrawn ones."""
    revisions = GoalRevision.objects.filter(
        goal__period_id=period_id, goal__metric__code__in=list(metric_codes)
    )
    if as_of is not None:
        revisions = revisions.filter(set_at__lte=as_of)
    latest = revisions.select_related("goal__metric").order_by("goal_id", "-revision").distinct("goal_id")
    return [
        TargetRow(
            each.goal_id, each.id, each.person_id, each.org_unit_id, each.legal_entity_id,
            each.goal.metric.code, each.target,
        )
        for each in latest
        if not each.is_withdrawn
    ]  # fmt: skip


def judged_on(today: dt.date) -> dt.date:
    """Return the day that progress is judged on: today, or the last day that data tell of.

    A figure whose data are late is compared with the time those data cover, not held to days yet unseen.
    """
    latest = latest_occurred_on()
    return min(today, latest) if latest else today


def progress_of_goals(
    goals: Sequence[Goal], today: dt.date, *, has_records: bool = False
) -> list[GoalProgress]:
    """Return where goals stand on a day: their metrics computed once for each period among them.

    The records behind the figures only with ``has_records``.
    """
    by_period: dict[UUID, list[Goal]] = {}
    for goal in goals:
        by_period.setdefault(goal.period_id, []).append(goal)
    found: dict[UUID, GoalProgress] = {}
    for mine in by_period.values():
        found |= _progress_of_period(mine, today, has_records)
    return [found[goal.id] for goal in goals]


def _progress_of_period(goals: Sequence[Goal], today: dt.date, has_records: bool) -> dict[UUID, GoalProgress]:
    period = goals[0].period
    infos = metrics_with_inputs({goal.metric.code for goal in goals})
    definitions = {code: info.definition for code, info in infos.items()}
    people = sorted({str(goal.person_id) for goal in goals})
    with tenant_context(period.tenant_id):  # a figure is the same whoever looks at it
        frames = compute_values(
            definitions, period.period_from, period.period_to, people, records_of=None if has_records else ()
        )
    rows = {
        (code, row["person_id"]): row for code, frame in frames.items() for row in frame.iter_rows(named=True)
    }
    found = {}
    for goal in goals:
        row = rows[goal.metric.code, str(goal.person_id)]
        progress = progress_of(
            row["value"] if row["value"] is not None else Decimal(0),
            goal.target,
            period.period_from,
            period.period_to,
            today,
            is_lower=goal.metric.direction == "lower",
        )
        found[goal.id] = GoalProgress(goal, progress, tuple(UUID(each) for each in row["record_ids"]))
    return found
