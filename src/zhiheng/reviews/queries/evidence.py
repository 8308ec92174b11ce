"""What stands behind an input of a score: the definition in words, and the records, with their total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.integrations.public import READ_RECORD, StreamField, records_with_ids, stream_by_code
from zhiheng.metrics.public import (
    MetricInfo,
    all_metrics,
    metrics_of_versions,
    observation_for_actor,
)
from zhiheng.reviews.calc.explain import shown
from zhiheng.reviews.models import ReviewCycle
from zhiheng.reviews.queries.reports import ScoreView

MOST_ROWS = 500
"""Records listed on a page at most; the total is always of all of them."""


@dataclass(frozen=True)
class Source:
    """Where an input comes from: a metric with its definition in words, or a goal."""

    name: str
    value: Decimal | None
    outcome: str
    is_goal: bool
    metric: MetricInfo | None
    words: str
    record_ids: tuple[UUID, ...]

    @property
    def shown(self) -> str:
        """Return the value for readers."""
        return "" if self.value is None else shown(str(self.value))

    @property
    def unit_shown(self) -> str:
        """Return the unit of the metric; the mere word for a count says nothing."""
        unit = self.metric.unit if self.metric else ""
        return "" if unit == "count" else unit

    @property
    def places(self) -> int:
        """Return the decimals to show; targets keep those they have."""
        return -1 if self.is_goal or self.metric is None else self.metric.places


@dataclass(frozen=True)
class EvidenceRow:
    """A record in a list of evidence; ``counted`` is the value of the field that is counted."""

    id: UUID
    key: str
    cells: tuple[tuple[StreamField, Any], ...]
    counted: Any


@dataclass(frozen=True)
class Evidence:
    """The records behind an input. ``total`` is worked out from them and must equal the input's value."""

    source: Source
    fields: tuple[StreamField, ...]
    counted: StreamField | None
    rows: tuple[EvidenceRow, ...]
    total: Decimal
    hidden: int

    @property
    def columns(self) -> int:
        """Return how many columns stand before the one that is counted."""
        return len(self.fields) + bool(self.counted)

    @property
    def is_equal(self) -> bool:
        """Tell whether the records come to the value."""
        return self.source.value == self.total


def sources(actor: Actor, cycle: ReviewCycle, view: ScoreView) -> list[Source]:
    """Return the inputs of a score with where they come from."""
    metrics = (
        metrics_of_versions(UUID(each) for each in cycle.metric_versions.values())
        if cycle.is_closed
        else all_metrics()
    )
    return [_source(actor, each, metrics) for each in view.inputs]


def _source(actor: Actor, given: dict[str, Any], metrics: dict[str, MetricInfo]) -> Source:
    is_goal = given["source"] == "goal"
    metric = metrics.get(given["code"])
    ids: Sequence[UUID] = given.get("record_ids") or ()
    if given.get("observation_id"):
        ids = observation_for_actor(actor, UUID(given["observation_id"])).record_ids
    value = None if given["value"] is None else Decimal(given["value"])
    words = _("本期设定的目标值") if is_goal else in_words(metric)
    return Source(given["name"], value, given["outcome"], is_goal, metric, words, tuple(ids))


def in_words(metric: MetricInfo | None) -> str:
    """Say how a metric is computed, for readers who define none."""
    if metric is None:
        return ""
    how = metric.definition
    if how.formula:
        return how.formula
    stream = stream_by_code(how.stream)
    field = stream.field(how.field)
    parts = {"stream": stream.label, "field": field.shown if field else ""}
    sentences = {
        "sum": _("「{stream}」中归属本人的记录，「{field}」相加"),
        "count": _("「{stream}」中归属本人的记录数"),
        "count_distinct": _("「{stream}」中归属本人的记录里，不同「{field}」的个数"),
        "count_first": _("「{field}」在全公司首次出现于本期、且首条「{stream}」归属本人的个数"),
    }
    return sentences[how.aggregate].format(**parts)


def evidence(actor: Actor, source: Source) -> Evidence | None:
    """Return the records behind an input, those that the actor may see; None for goals and formulas."""
    if source.metric is None or source.is_goal or source.metric.definition.formula:
        return None
    if not actor.can(READ_RECORD):
        return None
    how = source.metric.definition
    stream = stream_by_code(how.stream)
    counted = stream.field(how.field)
    records = list(records_with_ids(actor, source.record_ids))
    fields = tuple(each for each in stream.fields if each.name not in stream.key_fields)
    fields = tuple(each for each in fields if each.name not in (stream.subject_field, how.field))[:4]
    rows = tuple(
        EvidenceRow(
            each.id,
            each.key,
            tuple((field, each.payload.get(field.name)) for field in fields),
            each.payload.get(how.field) if counted else 1,
        )
        for each in records
    )
    total = _total(how.aggregate, [row.counted for row in rows])
    return Evidence(source, fields, counted, rows[:MOST_ROWS], total, max(len(rows) - MOST_ROWS, 0))


def _total(aggregate: str, counted: Sequence[Any]) -> Decimal:
    if aggregate == "sum":
        return sum((Decimal(str(each)) for each in counted if each is not None), Decimal(0))
    if aggregate == "count":
        return Decimal(len(counted))
    return Decimal(len({str(each) for each in counted}))
