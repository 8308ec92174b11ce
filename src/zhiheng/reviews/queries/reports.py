"""Scores to show: of closed cycles as they were kept, of open ones as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, QuerySet, Value
from django.http import Http404
from django.utils.translation import get_language

from zhiheng.access.actor import Actor
from zhiheng.calckit.formula import Outcome
from zhiheng.people.public import org_units, persons_by_id
from zhiheng.reviews.calc.assess import SCORE
from zhiheng.reviews.models import ReviewCycle, Score
from zhiheng.reviews.policies import READ_SCORE
from zhiheng.reviews.queries.assessment import assess_cycle, state_of
from zhiheng.tenancy.context import tenant_context


@dataclass(frozen=True)
class ScoreView:
    """A score with the names that a reader needs. ``score_id`` is None while the cycle is open.

    ``inputs`` as in `Score`, with ``record_ids`` while the cycle is open; ``reason`` is the name of an
    `Outcome`, "" for a score.
    """

    cycle_id: UUID
    person_id: UUID
    name: str
    number: str
    unit_id: UUID
    unit: str
    unit_code: str
    value: Decimal | None
    reason: str
    rank: int | None
    rank_in_unit: int | None
    inputs: Sequence[dict[str, Any]]
    trace: Sequence[dict[str, Any]]
    score_id: UUID | None = None

    @cached_property
    def inputs_by_name(self) -> dict[str, Decimal | None]:
        """Return the inputs' values."""
        return {each["name"]: _decimal(each["value"]) for each in self.inputs}

    @cached_property
    def steps_by_name(self) -> dict[str, Decimal | None]:
        """Return the values of the derived steps and of the score itself, unrounded."""
        return {each["name"]: _decimal(each["value"]) for each in self.trace}

    @property
    def points(self) -> Decimal | None:
        """Return the score in points: a hundred for 1."""
        return None if self.value is None else self.value * 100

    @property
    def reason_words(self) -> str:
        """Say in the reader's language why there is no score."""
        return reason_text(self.reason, get_language() or "zh")

    @property
    def attainment(self) -> Decimal | None:
        """Return the step that says how far the target was reached, if the scorecard has one."""
        return self.steps_by_name.get("达成率")

    @property
    def step_names(self) -> list[str]:
        """Return the names of the derived steps."""
        return [each["name"] for each in self.trace if each["name"] != SCORE]


def _decimal(value: object) -> Decimal | None:
    return None if value is None or isinstance(value, bool) else Decimal(str(value))


def cycles_for_actor(actor: Actor) -> QuerySet[ReviewCycle]:
    """Return the cycles; whoever may see any score may see that there are cycles."""
    actor.scope(READ_SCORE)
    related = ("period", "scorecard", "scorecard_version")
    return ReviewCycle.objects.select_related(*related)


def cycle_for_actor(actor: Actor, cycle_id: UUID) -> ReviewCycle:
    """Return a cycle; 404 when it is not there."""
    cycle = cycles_for_actor(actor).filter(id=cycle_id).first()
    if cycle is None:
        raise Http404
    return cycle


def scores_for_actor(actor: Actor) -> QuerySet[Score]:
    """Return the kept scores that the actor may see."""
    related = ("person", "org_unit", "cycle__period", "cycle__scorecard")
    return Score.objects.filter(actor.scope(READ_SCORE).q()).select_related(*related)


def score_for_actor(actor: Actor, score_id: UUID) -> Score:
    """Return a kept score; 404 when it is not there or not the actor's to see."""
    score = scores_for_actor(actor).filter(id=score_id).first()
    if score is None:
        raise Http404
    return score


def score_views(
    actor: Actor, cycle: ReviewCycle, person_id: UUID | None = None, *, has_inputs: bool = True
) -> list[ScoreView]:
    """Return the scores of a cycle that the actor may see, best first; of one person if given.

    ``has_inputs``: whether somebody will look at the inputs of the scores.

    An open cycle is computed from the data of this moment. Ranks are among all, whoever looks.
    """
    views = (_kept if cycle.is_closed else _live)(actor, cycle, person_id, has_inputs)
    return sorted(views, key=lambda view: (view.rank is None, view.rank or 0, view.number))


def score_view(actor: Actor, cycle: ReviewCycle, person_id: UUID) -> ScoreView:
    """Return one person's score; 404 when there is none or it is not the actor's to see."""
    views = score_views(actor, cycle, person_id)
    if not views:
        raise Http404
    return views[0]


# A trace without its workings: lists show the steps' results only.
_STEPS = Func(
    F("trace"),
    template="(SELECT coalesce(jsonb_agg(jsonb_build_object('name', step -> 'name', 'value', step -> 'value')"
    " ORDER BY place), '[]') FROM jsonb_array_elements(%(expressions)s) WITH ORDINALITY AS steps (step, place))",
    output_field=JSONField(),
)


def _kept(actor: Actor, cycle: ReviewCycle, person_id: UUID | None, has_inputs: bool) -> list[ScoreView]:
    scores = Score.objects.filter(actor.scope(READ_SCORE).q(), cycle=cycle)
    if person_id:
        scores = scores.filter(person_id=person_id)
    columns = (
        "person_id", "person__name", "person__employee_number", "org_unit_id", "org_unit__name", "org_unit__code",
        "value", "reason", "rank", "rank_in_unit", "inputs" if has_inputs else Value(None, JSONField()),
        "trace" if has_inputs else _STEPS, "id",
    )  # fmt: skip
    return [ScoreView(cycle.id, *row) for row in scores.values_list(*columns)]


def _live(actor: Actor, cycle: ReviewCycle, person_id: UUID | None, has_inputs: bool) -> list[ScoreView]:
    scope = actor.scope(READ_SCORE)
    with tenant_context(actor.tenant_id):  # figures and ranks are the same whoever looks
        found = assess_cycle(cycle, explained=[] if person_id is None else [person_id])
        units = {unit.id: unit for unit in org_units()}
    mine = [
        (place, row, inputs)
        for place, (row, inputs) in zip(found.places, found.rows, strict=True)
        if (person_id is None or place.person_id == person_id)
        and scope.has(
            person_id=place.person_id, org_unit_id=place.org_unit_id, legal_entity_id=place.legal_entity_id
        )
    ]
    people = persons_by_id([place.person_id for place, _row, _inputs in mine])
    return [
        ScoreView(
            cycle.id, place.person_id, people[place.person_id].name, people[place.person_id].number,
            place.org_unit_id, units[place.org_unit_id].name, units[place.org_unit_id].code, row.value,
            "" if state_of(row) == "scored" else row.outcome.name, row.rank, row.rank_in_unit,
            [{**each.as_dict(), "record_ids": each.record_ids} for each in inputs] if has_inputs else (),
            row.trace,
        )
        for place, row, inputs in mine
    ]  # fmt: skip


@dataclass(frozen=True)
class ReportGroup:
    """A department's part of the ranking."""

    unit_id: UUID
    unit: str
    views: tuple[ScoreView, ...]

    @property
    def mean(self) -> Decimal | None:
        """Return the mean score of those who have one."""
        values = [view.value for view in self.views if view.value is not None]
        return sum(values, Decimal(0)) / len(values) if values else None

    @property
    def mean_points(self) -> Decimal | None:
        """Return the mean in points."""
        return None if self.mean is None else self.mean * 100


def report_rows(actor: Actor, cycle: ReviewCycle, *, has_inputs: bool = True) -> list[ReportGroup]:
    """Return the ranking by department: the departments by code, their people best first; see `score_views`."""
    groups: dict[UUID, list[ScoreView]] = {}
    for view in score_views(actor, cycle, has_inputs=has_inputs):
        groups.setdefault(view.unit_id, []).append(view)
    made = [ReportGroup(unit_id, views[0].unit, tuple(views)) for unit_id, views in groups.items()]
    return sorted(made, key=lambda group: group.views[0].unit_code)


def reason_text(reason: str, language: str) -> str:
    """Say in words why there is no score."""
    return Outcome[reason].label(language) if reason else ""
