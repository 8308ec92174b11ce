"""API of metrics."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.metrics.models import Metric, MetricVersion
from zhiheng.metrics.policies import MANAGE_METRIC, READ_METRIC, READ_OBSERVATION
from zhiheng.metrics.queries.definitions import (
    current_version,
    current_versions,
    metric_for_actor,
    metric_info,
    metrics_for_actor,
    period_by_code,
    periods_for_actor,
)
from zhiheng.metrics.queries.observations import observation_for_actor, observations_for_actor
from zhiheng.metrics.queries.values import values_for_actor
from zhiheng.metrics.schemas import MetricIn, MetricOut, ObservationOut, PeriodOut, ValueOut
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.webkit.api import CursorPage, Paging, Slice, cursor_page

router = Router(tags=["Metrics"])


def _shown(metric: Metric, version: MetricVersion | None = None) -> MetricOut:
    info = metric_info(version or current_version(metric))
    how = info.definition
    return MetricOut(
        id=info.id, code=info.code, name=info.name, name_en=info.name_en, unit=info.unit, places=info.places,
        direction=info.direction, version=info.version, kind=how.kind, stream=how.stream,
        aggregate=how.aggregate, field=how.field, formula=how.formula,
    )  # fmt: skip


@router.get("/metrics", response=CursorPage[MetricOut], summary="List metrics")
@requires(READ_METRIC)
def list_metrics(request: HttpRequest, page: Paging):
    found = cursor_page(metrics_for_actor(request.actor), page)
    versions = current_versions(found.items)
    return Slice([_shown(each, versions[each.id]) for each in found.items], found.next_cursor)


@router.post("/metrics", response={201: MetricOut}, summary="Define a metric")
@requires(MANAGE_METRIC)
def add_metric(request: HttpRequest, body: MetricIn):
    metric_id = create_metric(actor=request.actor, **body.dict())
    return 201, _shown(metric_for_actor(request.actor, metric_id))


@router.get("/metrics/{uuid:metric_id}", response=MetricOut, summary="Get a metric")
@requires(READ_METRIC)
def get_metric(request: HttpRequest, metric_id: UUID):
    return _shown(metric_for_actor(request.actor, metric_id))


@router.get("/metrics/{uuid:metric_id}/values", response=list[ValueOut], summary="Live values of a metric")
@requires(READ_OBSERVATION)
def list_values(request: HttpRequest, metric_id: UUID, period: str):
    """Return the values of the period called ``period``, computed from the records as they stand now."""
    metric = metric_for_actor(request.actor, metric_id)
    try:
        chosen = period_by_code(period)
    except LookupError:
        raise Http404 from None
    return [
        ValueOut(
            person_id=row.person.id, employee_number=row.person.number, name=row.person.name,
            value=row.value, record_count=row.record_count,
        )
        for row in values_for_actor(request.actor, metric, chosen)
    ]  # fmt: skip


@router.get("/periods", response=CursorPage[PeriodOut], summary="List periods")
@requires(READ_METRIC)
def list_periods(request: HttpRequest, page: Paging):
    return cursor_page(periods_for_actor(request.actor), page)


@router.get("/observations", response=CursorPage[ObservationOut], summary="List observations")
@requires(READ_OBSERVATION)
def list_observations(request: HttpRequest, page: Paging, person_id: UUID | None = None):
    rows = observations_for_actor(request.actor)
    return cursor_page(rows.filter(person_id=person_id) if person_id else rows, page)


@router.get("/observations/{uuid:observation_id}", response=ObservationOut, summary="Get an observation")
@requires(READ_OBSERVATION)
def get_observation(request: HttpRequest, observation_id: UUID):
    return observation_for_actor(request.actor, observation_id)
