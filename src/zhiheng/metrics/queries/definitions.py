"""Metrics, their versions, and periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.metrics.calc.definition import Definition, Filter
from zhiheng.metrics.models import Metric, MetricVersion, Period
from zhiheng.metrics.policies import READ_METRIC
from zhiheng.tenancy.naming import in_reader_language


@dataclass(frozen=True)
class PeriodInfo:
    """A period as other domains see it; half-open."""

    id: UUID
    code: str
    name: str
    name_en: str
    period_from: dt.date
    period_to: dt.date

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.name_en)

    @property
    def last_on(self) -> dt.date:
        """Return the last day."""
        return self.period_to - dt.timedelta(days=1)


@dataclass(frozen=True)
class MetricInfo:
    """A metric in one version, as other domains see it."""

    id: UUID
    version_id: UUID
    version: int
    code: str
    name: str
    name_en: str
    unit: str
    places: int
    direction: str
    definition: Definition

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.name_en)


def period_info(period: Period) -> PeriodInfo:
    """Return a period as other domains see it."""
    return PeriodInfo(
        period.id, period.code, period.name, period.name_en, period.period_from, period.period_to
    )


def definition_of(version: MetricVersion) -> Definition:
    """Return what a version says, apart from the database."""
    return Definition(
        code=version.metric.code,
        kind=version.kind,
        stream=version.stream.code if version.stream else "",
        aggregate=version.aggregate,
        field=version.field,
        filters=tuple(Filter(each["field"], each["op"], each["value"]) for each in version.filters),
        formula=version.formula,
        inputs=version.inputs,
    )


def metric_info(version: MetricVersion) -> MetricInfo:
    """Return a version of a metric as other domains see it."""
    metric = version.metric
    return MetricInfo(
        metric.id, version.id, version.version, metric.code, metric.name, metric.name_en, metric.unit,
        metric.places, metric.direction, definition_of(version),
    )  # fmt: skip


def _versions() -> QuerySet[MetricVersion]:
    return MetricVersion.objects.select_related("metric", "stream")


def all_metrics() -> dict[str, MetricInfo]:
    """Return every metric in use in its current version, by code."""
    current = _versions().filter(version=F("metric__current_version"), metric__is_active=True)
    return {each.metric.code: metric_info(each) for each in current.order_by("metric__code")}


def metrics_with_inputs(codes: Iterable[str]) -> dict[str, MetricInfo]:
    """Return current metrics by code, with all that their formulas use; LookupError for an unknown code."""
    known = all_metrics()
    found: dict[str, MetricInfo] = {}
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code in found:
            continue
        if code not in known:
            raise LookupError(code)
        found[code] = known[code]
        waiting += known[code].definition.inputs.values()
    return found


def metrics_of_versions(version_ids: Iterable[UUID]) -> dict[str, MetricInfo]:
    """Return metrics in the versions given, by code."""
    return {each.metric.code: metric_info(each) for each in _versions().filter(id__in=list(version_ids))}


def names_for_formulas(*, without: str = "") -> Mapping[str, str]:
    """Return the names that a metric's formula may use, with the codes they stand for."""
    return {each.name: code for code, each in all_metrics().items() if code != without}


def metrics_for_actor(actor: Actor) -> QuerySet[Metric]:
    """Return the metrics that the actor may see."""
    actor.scope(READ_METRIC)
    return Metric.objects.all()


def metric_for_actor(actor: Actor, metric_id: UUID) -> Metric:
    """Return a metric; 404 when it is not there."""
    metric = metrics_for_actor(actor).filter(id=metric_id).first()
    if metric is None:
        raise Http404
    return metric


def current_version(metric: Metric) -> MetricVersion:
    """Return the version of a metric that holds today."""
    return _versions().get(metric=metric, version=metric.current_version)


def current_versions(metrics: Iterable[Metric]) -> dict[UUID, MetricVersion]:
    """Return the versions of metrics that hold today, by the metric's id, in one query."""
    rows = _versions().filter(
        metric_id__in=[each.id for each in metrics], version=F("metric__current_version")
    )
    return {each.metric_id: each for each in rows}


def periods_for_actor(actor: Actor) -> QuerySet[Period]:
    """Return the periods that the actor may see."""
    actor.scope(READ_METRIC)
    return Period.objects.all()


def periods() -> list[PeriodInfo]:
    """Return all periods, the latest first."""
    return [period_info(each) for each in Period.objects.order_by("-period_from", "code")]


def period_by_code(code: str) -> PeriodInfo:
    """Return the period called ``code``; LookupError when there is none."""
    found = Period.objects.filter(code=code).first()
    if found is None:
        raise LookupError(code)
    return period_info(found)


def period_by_id(period_id: UUID) -> PeriodInfo:
    """Return a period; LookupError when there is none."""
    found = Period.objects.filter(id=period_id).first()
    if found is None:
        raise LookupError(period_id)
    return period_info(found)
