"""Setting goals: every number set is a revision that stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.audit.public import record
from zhiheng.goals.choices import Basis
from zhiheng.goals.models import Goal, GoalRevision
from zhiheng.goals.policies import MANAGE_GOAL
from zhiheng.integrations.public import begin_adding_facts
from zhiheng.metrics.public import all_metrics, period_by_id
from zhiheng.people.public import assignment_frame, persons_by_id


@dataclass(frozen=True)
class NewGoal:
    """A target to set for a person; ``row_number`` is its row in the imported file."""

    person_id: UUID
    legal_entity_id: UUID
    org_unit_id: UUID
    period_id: UUID
    target: Decimal
    name: str = ""
    name_en: str = ""
    row_number: int | None = None
    basis: str = Basis.SET
    negotiation_id: UUID | None = None


@dataclass(frozen=True)
class Set:
    """How many goals were new, changed or as before."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def set_target(*, actor: Actor, person_id: UUID, metric_code: str, period_id: UUID, target: Decimal) -> UUID:
    """Set one person's target for a metric and period; returns the goal's id.

    `Forbidden` for a person outside the actor's scope; `Http404` for an unknown period; ValidationError for an
    unknown metric or somebody without an org unit.
    """
    scope = actor.scope(MANAGE_GOAL)
    try:
        period = period_by_id(period_id)
    except LookupError:
        raise Http404 from None
    person = persons_by_id([person_id]).get(person_id)
    place = unit_on(person_id, period.last_on)
    if person is None or place is None:
        raise ValidationError(_("该员工在此期间没有任职。"), code="no_assignment")
    entity, unit = place
    if not scope.has(person_id=person_id, org_unit_id=unit, legal_entity_id=entity):
        raise Forbidden(MANAGE_GOAL)
    set_goals(
        actor=actor, metric_code=metric_code, rows=[NewGoal(person_id, entity, unit, period_id, target)]
    )
    return Goal.objects.get(person_id=person_id, metric__code=metric_code, period_id=period_id).id


def unit_on(person_id: UUID, day: dt.date) -> tuple[UUID, UUID] | None:
    """Return legal entity and org unit of a person on a day, or on the nearest earlier one."""
    return units_on(day).get(person_id)


def units_on(day: dt.date) -> dict[UUID, tuple[UUID, UUID]]:
    """Return legal entity and org unit of everybody on a day, else the nearest earlier one, else the first later."""
    found: dict[str, tuple[str, str]] = {}
    spells = assignment_frame().sort("valid_from")
    columns = ("person_id", "valid_from", "legal_entity_id", "org_unit_id")
    for person_id, since, entity, unit in spells.select(columns).iter_rows():
        if since <= day or person_id not in found:
            found[person_id] = (entity, unit)
    return {UUID(person): (UUID(entity), UUID(unit)) for person, (entity, unit) in found.items()}


def set_goals(
    *, actor: Actor, metric_code: str, rows: Sequence[NewGoal], batch_id: UUID | None = None
) -> Set:
    """Set many targets of one metric; equal ones are left alone. Checks no scope: callers do."""
    metric = all_metrics().get(metric_code)
    if metric is None:
        raise ValidationError(
            _("没有编码为「{code}」的指标。").format(code=metric_code), code="unknown_metric"
        )
    set_at = begin_adding_facts()
    known = {
        (goal.person_id, goal.period_id): goal
        for goal in Goal.objects.select_for_update().filter(
            metric_id=metric.id, period_id__in={row.period_id for row in rows}
        )
    }
    created, changed = [], []
    for row in rows:
        goal = known.get((row.person_id, row.period_id))
        if goal is None:
            created.append((_new_goal(row, metric.id), row))
        elif _take(goal, row):
            changed.append((goal, row))
    Goal.objects.bulk_create([goal for goal, _row in created], batch_size=1000)
    Goal.objects.bulk_update(
        [goal for goal, _row in changed],
        ["target", "basis", "revision", "is_withdrawn", "org_unit", "legal_entity", "name", "name_en"],
    )
    GoalRevision.objects.bulk_create(
        [_revision(goal, row, actor, batch_id, set_at) for goal, row in [*created, *changed]], batch_size=1000
    )
    payload = {"metric": metric_code, "created": len(created), "updated": len(changed), "batch": batch_id}
    record(actor, "goals.goal.set", subject=("metrics.metric", metric.id), payload=payload)
    return Set(len(created), len(changed), len(rows) - len(created) - len(changed))


def _new_goal(row: NewGoal, metric_id: UUID) -> Goal:
    return Goal(
        person_id=row.person_id, legal_entity_id=row.legal_entity_id, org_unit_id=row.org_unit_id,
        metric_id=metric_id, period_id=row.period_id, target=row.target, basis=row.basis, name=row.name,
        name_en=row.name_en,
    )  # fmt: skip


def _take(goal: Goal, row: NewGoal) -> bool:
    """Bring a goal up to a row; tell whether that changed its number or place."""
    new = (row.target, row.org_unit_id, row.legal_entity_id, False)
    is_same = (goal.target, goal.org_unit_id, goal.legal_entity_id, goal.is_withdrawn) == new
    # Setting the same number again takes nothing from an agreement.
    if is_same and row.basis in (Basis.SET, goal.basis):
        return False
    goal.basis = row.basis
    goal.target, goal.org_unit_id, goal.legal_entity_id, goal.is_withdrawn = new
    goal.name, goal.name_en = row.name or goal.name, row.name_en or goal.name_en
    goal.revision += 1
    return True


def _revision(
    goal: Goal, row: NewGoal, actor: Actor, batch_id: UUID | None, set_at: dt.datetime
) -> GoalRevision:
    return GoalRevision(
        goal_id=goal.id, person_id=goal.person_id, org_unit_id=goal.org_unit_id,
        legal_entity_id=goal.legal_entity_id, revision=goal.revision, target=goal.target,
        basis=goal.basis, negotiation_id=row.negotiation_id, is_withdrawn=goal.is_withdrawn, batch_id=batch_id,
        row_number=row.row_number, set_by=actor.name, set_at=set_at,
    )  # fmt: skip


class SetSince(Exception):
    """A later change touched a goal of the batch."""


def withdraw_batch(*, actor: Actor, batch_id: UUID) -> tuple[int, int]:
    """Take an import of targets back: new goals are withdrawn, changed ones get their earlier number.

    Returns both counts. Raises `SetSince` when one was set again later.
    """
    set_at = begin_adding_facts()
    mine = list(GoalRevision.objects.filter(batch_id=batch_id).select_related("goal"))
    if any(each.goal.revision > each.revision for each in mine):
        raise SetSince
    olds = {
        (each.goal_id, each.revision): each
        for each in GoalRevision.objects.filter(goal_id__in=[each.goal_id for each in mine])
    }
    restored = 0
    for each in mine:
        old = olds.get((each.goal_id, each.revision - 1))
        goal = each.goal
        goal.revision += 1
        if old is None or old.is_withdrawn:
            goal.is_withdrawn = True
        else:
            goal.target, goal.org_unit_id, goal.basis = old.target, old.org_unit_id, old.basis
            restored += 1
        goal.save(update_fields=["revision", "is_withdrawn", "target", "org_unit", "basis"])
        row = NewGoal(goal.person_id, goal.legal_entity_id, goal.org_unit_id, goal.period_id, goal.target)
        _revision(goal, row, actor, batch_id, set_at).save(force_insert=True)
    return len(mine) - restored, restored
