"""Values of metrics, computed from the records on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import polars as pl

from zhiheng.access.actor import Actor
from zhiheng.integrations.public import record_frame, stream_by_code
from zhiheng.metrics.calc.aggregate import aggregate
from zhiheng.metrics.calc.combine import combine, order_of
from zhiheng.metrics.calc.definition import Definition
from zhiheng.metrics.choices import MetricKind
from zhiheng.metrics.models import Metric
from zhiheng.metrics.policies import READ_OBSERVATION
from zhiheng.metrics.queries.definitions import PeriodInfo, metrics_with_inputs
from zhiheng.people.public import PersonRef, persons_by_id
from zhiheng.tenancy.context import current_tenant_id, tenant_context


@dataclass(frozen=True)
class ValueRow:
    """The value of a metric for a person; none where it could not be computed."""

    person: PersonRef
    value: Decimal | None
    record_count: int


def values_for_actor(actor: Actor, metric: Metric, period: PeriodInfo) -> list[ValueRow]:
    """Return the values of a metric over a period for the people the actor may see, best first.

    Computed over the whole tenant, so that a figure is the same whoever looks at it.
    """
    scope = actor.scope(READ_OBSERVATION)
    span = (period.period_from, period.period_to)
    with tenant_context(actor.tenant_id):
        definitions = {code: each.definition for code, each in metrics_with_inputs([metric.code]).items()}
        frames = _record_frames(definitions, *span, None)
        subjects = sorted(
            {each for frame in frames.values() for each in _subjects(frame, *span) if each is not None}
        )
        frame = compute_values(definitions, *span, subjects)[metric.code]
        people = persons_by_id([UUID(each) for each in subjects])
    rows = [
        ValueRow(people[UUID(row["person_id"])], row["value"], len(row["record_ids"]))
        for row in frame.iter_rows(named=True)
    ]
    mine = [
        row
        for row in rows
        if scope.has(
            person_id=row.person.id,
            org_unit_id=row.person.org_unit_id,
            legal_entity_id=row.person.legal_entity_id,
        )
    ]
    return sorted(mine, key=lambda row: (row.value is None, -(row.value or 0), row.person.number))


def _subjects(frame: pl.DataFrame, since: dt.date, until: dt.date) -> list[str | None]:
    inside = frame.filter(pl.col("occurred_on") >= since, pl.col("occurred_on") < until)
    return inside["person_id"].unique().to_list()


def compute_values(
    definitions: Mapping[str, Definition],
    period_from: dt.date,
    period_to: dt.date,
    subjects: Sequence[str],
    as_of: dt.datetime | None = None,
) -> dict[str, pl.DataFrame]:
    """Return a frame of `metrics.calc.aggregate.SCHEMA` for every metric, over the same people.

    ``definitions`` holds the metrics by code, with all that their formulas use; ``as_of`` is the instant
    whose records count (None: now).
    """
    # First occurrences are the company's, not a subsidiary's: whoever looks, all records count.
    with tenant_context(current_tenant_id()):
        frames = _record_frames(definitions, period_from, period_to, as_of)
    values: dict[str, pl.DataFrame] = {}
    for code in order_of(definitions):
        each = definitions[code]
        if each.kind == MetricKind.FORMULA:
            values[code] = combine(each, values)
        else:
            values[code] = aggregate(frames[each.stream], each, period_from, period_to, subjects)
    return values


def _record_frames(
    definitions: Mapping[str, Definition], period_from: dt.date, period_to: dt.date, as_of: dt.datetime | None
) -> dict[str, pl.DataFrame]:
    """Read each stream once; from its beginning only where somebody counts first occurrences."""
    aggregates = [each for each in definitions.values() if each.kind == MetricKind.AGGREGATE]
    frames = {}
    for code in sorted({each.stream for each in aggregates}):
        mine = [each for each in aggregates if each.stream == code]
        names = sorted({name for each in mine for name in each.fields})
        since = dt.date.min if any(each.aggregate == "count_first" for each in mine) else period_from
        frames[code] = record_frame(stream_by_code(code), names, as_of=as_of, since=since, until=period_to)
    return frames
