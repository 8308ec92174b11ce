"""Goals and their live progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.goals.calc.progress import Progress, progress_of
from zhiheng.goals.models import Goal, GoalRevision
from zhiheng.goals.policies import READ_GOAL
from zhiheng.integrations.public import latest_occurred_on
from zhiheng.metrics.public import PeriodInfo, compute_values, metrics_with_inputs


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


@dataclass(frozen=True)
class Standing:
    """Where a goal stands, with what lists group, search and sort by; `with_goals` adds the rest."""

    goal_id: UUID
    person_id: UUID
    person: str
    employee_number: str
    unit: tuple[str, str]
    metric_id: UUID
    words: str
    progress: Progress


def goals_for_actor(actor: Actor) -> QuerySet[Goal]:
    """Return the goals that the actor may see."""
    scope = actor.scope(READ_GOAL).q()
    related = ("person", "org_unit", "metric", "period")
    return Goal.objects.filter(scope, is_withdrawn=False).select_related(*related)


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
    columns = (
        "goal_id", "id", "person_id", "org_unit_id", "legal_entity_id", "goal__metric__code", "target",
        "is_withdrawn",
    )  # fmt: skip
    latest = revisions.order_by("goal_id", "-revision").distinct("goal_id").values_list(*columns)
    return [TargetRow(*row) for *row, is_withdrawn in latest if not is_withdrawn]


def judged_on(today: dt.date) -> dt.date:
    """Return the day that progress is judged on: today, or the last day that data tell of.

    A figure whose data are late is compared with the time those data cover, not held to days yet unseen.
    """
    latest = latest_occurred_on()
    return min(today, latest) if latest else today


def standings(goals: QuerySet[Goal], period: PeriodInfo, today: dt.date) -> list[Standing]:
    """Return where the goals of a period stand on a day, cheaply for thousands of them."""
    columns = (
        "id", "person_id", "org_unit__code", "org_unit__name", "metric_id", "metric__code", "metric__direction",
        "target", "person__name", "person__search_text", "person__employee_number",
    )  # fmt: skip
    rows = list(goals.select_related(None).values_list(*columns))
    values = _actual_values({row[5] for row in rows}, period, {str(row[1]) for row in rows})
    return [
        Standing(
            row[0], row[1], row[8], row[10], (row[2], row[3]), row[4], f"{row[8]}\n{row[9]}".lower(),
            _progress(values[row[5], str(row[1])]["value"], row[7], period, today, row[6]),
        )
        for row in rows
    ]  # fmt: skip


def with_goals(actor: Actor, rows: Sequence[Standing]) -> tuple[GoalProgress, ...]:
    """Return standings with their goals, in their order, without the records behind."""
    goals = goals_for_actor(actor).in_bulk([each.goal_id for each in rows])
    return tuple(
        GoalProgress(goals[each.goal_id], each.progress, ()) for each in rows if each.goal_id in goals
    )


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
    rows = _actual_values(
        {goal.metric.code for goal in goals}, period, {str(goal.person_id) for goal in goals},
        None if has_records else (),
    )  # fmt: skip
    found = {}
    for goal in goals:
        row = rows[goal.metric.code, str(goal.person_id)]
        progress = _progress(row["value"], goal.target, period, today, goal.metric.direction)
        found[goal.id] = GoalProgress(goal, progress, tuple(UUID(each) for each in row["record_ids"]))
    return found


def _actual_values(
    codes: Iterable[str],
    period: PeriodInfo,
    people: Iterable[str],
    records_of: Collection[str] | None = (),
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows of metrics' values by code and person."""
    infos = metrics_with_inputs(codes)
    definitions = {code: info.definition for code, info in infos.items()}
    frames = compute_values(
        definitions, period.period_from, period.period_to, sorted(people), records_of=records_of
    )
    return {
        (code, row["person_id"]): row for code, frame in frames.items() for row in frame.iter_rows(named=True)
    }


def _progress(
    value: Decimal | None, target: Decimal, period: PeriodInfo, today: dt.date, direction: str
) -> Progress:
    actual, is_lower = value or Decimal(0), direction == "lower"
    return progress_of(actual, target, period.period_from, period.period_to, today, is_lower=is_lower)
