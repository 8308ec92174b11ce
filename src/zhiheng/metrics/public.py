"""What other domains use of metrics."""

from __future__ import annotations

from zhiheng.metrics.queries.definitions import (
    MetricInfo,
    PeriodInfo,
    all_metrics,
    metrics_of_versions,
    metrics_with_inputs,
    period_by_code,
    period_by_id,
    periods,
)
from zhiheng.metrics.queries.observations import observation_for_actor, observations_for_actor
from zhiheng.metrics.queries.values import compute_values
from zhiheng.metrics.services.metrics import ensure_metric, formula_message
from zhiheng.metrics.services.observations import Subject, add_observations

__all__ = [
    "MetricInfo",
    "PeriodInfo",
    "Subject",
    "add_observations",
    "all_metrics",
    "compute_values",
    "ensure_metric",
    "formula_message",
    "metrics_of_versions",
    "metrics_with_inputs",
    "observation_for_actor",
    "observations_for_actor",
    "period_by_code",
    "period_by_id",
    "periods",
]
