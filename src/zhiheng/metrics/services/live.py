"""Keeping values up to date with the records, so that pages read them instead of computing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db import connection
from django.utils import timezone

from zhiheng.integrations.public import (
    forget_changes,
    latest_occurred_on,
    pending_changes,
)
from zhiheng.metrics.calc.aggregate import grouped
from zhiheng.metrics.calc.definition import Definition
from zhiheng.metrics.choices import MetricKind
from zhiheng.metrics.models import LiveSpan, LiveValue
from zhiheng.metrics.queries.definitions import all_metrics, periods
from zhiheng.metrics.queries.live import changes_by_stream, is_touched
from zhiheng.metrics.queries.values import record_frames
from zhiheng.tenancy.context import current_tenant_id, tenant_context
from zhiheng.tenancy.keys import uuid7

KEPT_DAYS = 400
"""Values are kept of periods that end at most so many days before the latest record."""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('live values ' || %s::text, 0))"
_ADD = """
INSERT INTO metrics_livevalue
    (tenant_id, id, span_id, person_id, value, record_count, record_ids, inputs_hash)
SELECT %s, unnest(%s::uuid[]), %s, unnest(%s::uuid[]), unnest(%s::numeric[]), unnest(%s::int[]),
    string_to_array(unnest(%s::text[]), ' ')::uuid[], unnest(%s::text[])
"""


@dataclass(frozen=True)
class Span:
    """What is kept: the values of a definition over a half-open period."""

    definition: Definition
    since: dt.date
    until: dt.date

    @property
    def key(self) -> tuple[str, dt.date, dt.date]:
        """Return what identifies it; definitions with other names may share it."""
        return self.definition.digest, self.since, self.until


@dataclass(frozen=True)
class Refreshed:
    """How many spans were computed again, and how many values of theirs had changed."""

    spans: int = 0
    values: int = 0


def refresh_live_values() -> Refreshed:
    """Bring the tenant's kept values up to date with its records, in the caller's transaction.

    Only the spans are computed that changed records fall into, new ones, and none that nobody asks for.
    Doing it again changes nothing.
    """
    with tenant_context(current_tenant_id()):
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [current_tenant_id()])
        changes = pending_changes()
        known = {
            (each.definition_hash, each.period_from, each.period_to): each for each in LiveSpan.objects.all()
        }
        wanted = {span.key: span for span in _wanted()}
        LiveSpan.objects.filter(id__in=[each.id for key, each in known.items() if key not in wanted]).delete()
        by_stream = changes_by_stream(changes)
        stale = [
            span
            for key, span in wanted.items()
            if key not in known
            or is_touched(span.definition, span.since, span.until, by_stream.get(span.definition.stream, ()))
        ]
        changed = sum(_write(span, values, known.get(span.key)) for span, values in _computed(stale))
        forget_changes(each.id for each in changes)
    return Refreshed(len(stale), changed)


def _wanted() -> Iterator[Span]:
    latest = latest_occurred_on()
    if latest is None:
        return
    since = latest - dt.timedelta(days=KEPT_DAYS)
    recent = [each for each in periods() if each.period_to > since]
    for info in all_metrics().values():
        if info.definition.kind == MetricKind.AGGREGATE:
            for period in recent:
                yield Span(info.definition, period.period_from, period.period_to)


def _computed(spans: Sequence[Span]) -> Iterator[tuple[Span, pl.DataFrame]]:
    """Read every stream once, whatever the number of its spans."""
    by_stream: dict[str, list[Span]] = {}
    for span in spans:
        by_stream.setdefault(span.definition.stream, []).append(span)
    for code, mine in by_stream.items():
        since, until = min(span.since for span in mine), max(span.until for span in mine)
        records = record_frames([span.definition for span in mine], since, until)[code]
        for span in mine:
            yield span, grouped(records, span.definition, span.since, span.until)


def _write(span: Span, values: pl.DataFrame, kept: LiveSpan | None) -> int:
    """Replace the values of a span that changed; return how many did."""
    if kept is None:
        kept = LiveSpan(definition_hash=span.definition.digest, period_from=span.since, period_to=span.until)
    kept.computed_at = timezone.now()
    kept.save()
    mine = LiveValue.objects.filter(span=kept)
    before = {str(person): digest for person, digest in mine.values_list("person_id", "inputs_hash")}
    now = dict(values.select("person_id", "digest").iter_rows())
    gone = [person for person, digest in before.items() if now.get(person) != digest]
    fresh = [person for person, digest in now.items() if before.get(person) != digest]
    mine.filter(person_id__in=gone).delete()
    _add(kept.id, values.filter(pl.col("person_id").is_in(fresh)))
    return len({*gone, *fresh})


def _add(span_id: UUID, values: pl.DataFrame) -> None:
    ids = [uuid7() for _row in range(len(values))]
    columns = [
        values["person_id"].to_list(),
        values["value"].to_list(),
        values["record_count"].to_list(),
        values["record_ids"].list.join(" ").to_list(),
        values["digest"].to_list(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [current_tenant_id(), ids, span_id, *columns])
