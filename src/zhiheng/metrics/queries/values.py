"""Values of metrics, computed from the records on demand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import polars as pl

from zhiheng.access.actor import Actor
from zhiheng.integrations.public import earlier_values, record_frame, stream_by_code
from zhiheng.metrics.calc.aggregate import grouped, with_zeros
from zhiheng.metrics.calc.combine import combine, order_of
from zhiheng.metrics.calc.definition import Definition
from zhiheng.metrics.choices import MetricKind
from zhiheng.metrics.models import Metric
from zhiheng.metrics.policies import READ_OBSERVATION
from zhiheng.metrics.queries.definitions import PeriodInfo, metrics_with_inputs
from zhiheng.metrics.queries.live import live_frames
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
    with tenant_context(actor.tenant_id):
        definitions = {code: each.definition for code, each in metrics_with_inputs([metric.code]).items()}
        frames = compute_values(definitions, period.period_from, period.period_to, records_of=())
        frame = frames[metric.code]
        people = persons_by_id([UUID(each) for each in frame["person_id"]])
    rows = [
        ValueRow(people[UUID(row["person_id"])], row["value"], row["record_count"])
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


def compute_values(
    definitions: Mapping[str, Definition],
    period_from: dt.date,
    period_to: dt.date,
    people: Sequence[str] | None = None,
    *,
    as_of: dt.datetime | None = None,
    records_of: Collection[str] | None = None,
) -> dict[str, pl.DataFrame]:
    """Return a frame of `metrics.calc.aggregate.SCHEMA` for every metric, over the same people.

    ``definitions`` holds the metrics by code, with all that their formulas use. ``people`` None are those who
    have a record behind one of the values. ``as_of`` is the instant whose records count; None is now, for
    which kept values are taken where they are up to date. ``records_of`` are the people whose records
    somebody will look at (None: everybody's); the others' lists may be left empty, which is faster.
    """
    # First occurrences are the company's, not a subsidiary's: whoever looks, all records count.
    with tenant_context(current_tenant_id()):
        found = _aggregates(definitions, period_from, period_to, people, as_of, records_of)
    if people is None:
        people = sorted({each for frame in found.values() for each in frame["person_id"]})
    values: dict[str, pl.DataFrame] = {}
    for code in order_of(definitions):
        each = definitions[code]
        formula = each.kind == MetricKind.FORMULA
        values[code] = combine(each, values) if formula else with_zeros(found[code], each, people)
    return values


def _aggregates(
    definitions: Mapping[str, Definition],
    since: dt.date,
    until: dt.date,
    people: Sequence[str] | None,
    as_of: dt.datetime | None,
    records_of: Collection[str] | None,
) -> dict[str, pl.DataFrame]:
    """Return the values of the metrics that are no formulas, of those who have records."""
    wanted = {code: each for code, each in definitions.items() if each.kind == MetricKind.AGGREGATE}
    kept = {} if as_of else live_frames(wanted, since, until, people, records_of=records_of)
    others = {code: each for code, each in wanted.items() if code not in kept}
    frames = record_frames(others.values(), since, until, as_of)
    return kept | {code: grouped(frames[each.stream], each, since, until) for code, each in others.items()}


def record_frames(
    aggregates: Iterable[Definition], since: dt.date, until: dt.date, as_of: dt.datetime | None = None
) -> dict[str, pl.DataFrame]:
    """Read the records of a period, each stream once.

    Where somebody counts first occurrences, what occurred before is added, as `earlier_values`.
    """
    by_stream: dict[str, list[Definition]] = {}
    for each in aggregates:
        by_stream.setdefault(each.stream, []).append(each)
    frames = {}
    for code, mine in sorted(by_stream.items()):
        stream, names = stream_by_code(code), _fields(mine)
        frames[code] = record_frame(stream, names, as_of=as_of, since=since, until=until)
        if counting := _fields(each for each in mine if each.aggregate == "count_first"):
            earlier = earlier_values(stream, counting, since, as_of=as_of)
            frames[code] = pl.concat([frames[code], earlier], how="diagonal")
    return frames


def _fields(definitions: Iterable[Definition]) -> list[str]:
    return sorted({name for each in definitions for name in each.fields})
