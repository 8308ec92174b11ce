"""Review cycles: open, close for good, compute again to prove it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.calckit.formula import Outcome
from zhiheng.integrations.public import freeze_facts
from zhiheng.metrics.public import Subject as Place
from zhiheng.metrics.public import add_observations, periods
from zhiheng.reviews.calc.assess import digest
from zhiheng.reviews.choices import CycleState
from zhiheng.reviews.models import ReviewCycle, Score, Scorecard
from zhiheng.reviews.policies import CLOSE_CYCLE, OPEN_CYCLE, VERIFY_CYCLE
from zhiheng.reviews.queries.assessment import Assessment, assess_cycle, content_of, state_of
from zhiheng.reviews.queries.scorecards import current_version
from zhiheng.tenancy.keys import uuid7

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Closed:
    """What closing a cycle did; ``was_closed`` when it had been closed before and nothing was done."""

    cycle_id: UUID
    people: int
    not_assessable: int
    result_hash: str
    was_closed: bool = False


@dataclass(frozen=True)
class Recomputed:
    """Hashes: kept at closing, of the stored scores, and of the scores computed again from raw records."""

    kept: str
    stored: str
    computed: str
    inputs_kept: str
    inputs_computed: str

    @property
    def is_equal(self) -> bool:
        """Tell whether every byte is the same."""
        return self.kept == self.stored == self.computed and self.inputs_kept == self.inputs_computed


def open_cycle(*, actor: Actor, period_id: UUID, scorecard_id: UUID) -> UUID:
    """Open the scoring of a period by a scorecard's current version; return the one there already is.

    `Http404` for a period or a scorecard that is not there.
    """
    actor.scope(OPEN_CYCLE)
    known = ReviewCycle.objects.filter(period_id=period_id, scorecard_id=scorecard_id).first()
    if known is not None:
        return known.id
    scorecard = Scorecard.objects.filter(id=scorecard_id).first()
    if scorecard is None or period_id not in {each.id for each in periods()}:
        raise Http404
    version = current_version(scorecard)
    cycle = ReviewCycle(period_id=period_id, scorecard_id=scorecard_id, scorecard_version=version)
    cycle.save(force_insert=True)
    payload = {"period": period_id, "scorecard": scorecard_id, "version": version.version}
    record(actor, "reviews.cycle.open", subject=("reviews.review_cycle", cycle.id), payload=payload)
    return cycle.id


def close_cycle(*, actor: Actor, cycle_id: UUID, progress: Progress | None = None) -> Closed:
    """Compute everybody's score, write scores and observations, close the cycle: all or nothing, once.

    Closing a closed cycle changes nothing. ValidationError for a cycle without anybody to assess, and for an
    actor who sees only some subsidiaries, whose ranks would be wrong.
    """
    actor.scope(CLOSE_CYCLE)
    if actor.legal_entity_ids is not None:
        raise ValidationError(_("关闭考核周期需要能看到全部法人实体。"), code="narrow_scope")
    report = progress or _nobody_watches
    # The row of a closed cycle cannot be locked: its policy lets nobody update it.
    cycle = ReviewCycle.objects.select_for_update().filter(id=cycle_id).first()
    if cycle is None:
        return _already_closed(cycle_id)
    report(0, 4, _("等待正在写入的数据"))
    as_of = freeze_facts()
    report(1, 4, _("汇总记录并计算得分"))
    found = assess_cycle(cycle, as_of=as_of)
    if not found.rows:
        raise ValidationError(_("没有可考核的人员：请先设定目标或导入记录。"), code="nobody")
    report(2, 4, _("写入得分与依据"))
    _write(cycle, found, as_of)
    report(3, 4, _("封存"))
    cycle.state, cycle.closed_at, cycle.closed_by = CycleState.CLOSED, as_of, actor.name
    cycle.as_of, cycle.inputs_hash, cycle.result_hash = as_of, found.inputs_hash, found.result_hash
    cycle.metric_versions = {code: str(info.version_id) for code, info in found.metrics.items()}
    cycle.save()
    done = _closed(cycle, found)
    payload = {
        "people": done.people,
        "not_assessable": done.not_assessable,
        "inputs_hash": cycle.inputs_hash,
        "result_hash": cycle.result_hash,
    }
    record(actor, "reviews.cycle.close", subject=("reviews.review_cycle", cycle.id), payload=payload)
    report(4, 4, _("完成"))
    return done


def _nobody_watches(done: int, total: int, text: str) -> None:
    """Progress that nobody watches."""


def _already_closed(cycle_id: UUID) -> Closed:
    cycle = ReviewCycle.objects.filter(id=cycle_id, state=CycleState.CLOSED).first()
    if cycle is None:
        raise Http404
    states = list(Score.objects.filter(cycle=cycle).values_list("value", flat=True))
    return Closed(cycle.id, len(states), states.count(None), cycle.result_hash, was_closed=True)


def _closed(cycle: ReviewCycle, found: Assessment) -> Closed:
    failed = sum(row.outcome is not Outcome.OK for row, _inputs in found.rows)
    return Closed(cycle.id, len(found.rows), failed, found.result_hash)


def _write(cycle: ReviewCycle, found: Assessment, as_of) -> None:
    observations = add_observations(
        values=found.values,
        version_ids={code: info.version_id for code, info in found.metrics.items()},
        subjects=found.places,
        period=(cycle.period.period_from, cycle.period.period_to),
        computed_at=as_of,
    )
    scores = []
    for place, (row, inputs) in zip(found.places, found.rows, strict=True):
        kept = []
        for each in inputs:
            observation = observations.get((each.code, place.person_id)) if each.source == "metric" else None
            kept.append({**each.as_dict(), "observation_id": str(observation) if observation else None})
        scores.append(
            Score(
                id=uuid7(), cycle=cycle, person_id=place.person_id, org_unit_id=place.org_unit_id,
                legal_entity_id=place.legal_entity_id, state=state_of(row), value=row.value,
                reason="" if row.outcome is Outcome.OK else row.outcome.name, rank=row.rank,
                rank_in_unit=row.rank_in_unit, inputs=kept, trace=list(row.trace), computed_at=as_of,
            )
        )  # fmt: skip
    Score.objects.bulk_create(scores, batch_size=500)


def recompute_cycle(*, actor: Actor, cycle_id: UUID) -> Recomputed:
    """Compute a closed cycle again from the raw records and definitions of its closing, and compare.

    The people assessed, with their org units, are those of the stored scores: that was decided then.
    """
    actor.scope(VERIFY_CYCLE)
    related = ("period", "scorecard_version")
    cycle = ReviewCycle.objects.select_related(*related).filter(id=cycle_id, state=CycleState.CLOSED).first()
    if cycle is None:
        raise Http404
    scores = sorted(Score.objects.filter(cycle=cycle), key=lambda each: str(each.person_id))
    places = [Place(each.person_id, each.org_unit_id, each.legal_entity_id) for each in scores]
    again = assess_cycle(cycle, as_of=cycle.as_of, places=places)
    stored = digest([_stored(each) for each in scores])
    done = Recomputed(cycle.result_hash, stored, again.result_hash, cycle.inputs_hash, again.inputs_hash)
    payload = {"is_equal": done.is_equal, "result_hash": done.computed}
    record(actor, "reviews.cycle.verify", subject=("reviews.review_cycle", cycle.id), payload=payload)
    return done


def _stored(score: Score) -> dict:
    inputs = [{key: value for key, value in each.items() if key != "observation_id"} for each in score.inputs]
    return content_of(score, score.state, score.value, (score.rank, score.rank_in_unit), inputs, score.trace)
