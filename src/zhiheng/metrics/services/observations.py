"""Writing observations: values with their evidence, once and for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from zhiheng.metrics.models import Observation
from zhiheng.tenancy.keys import uuid7


@dataclass(frozen=True)
class Subject:
    """A person with the columns that data scopes need."""

    person_id: UUID
    org_unit_id: UUID | None
    legal_entity_id: UUID


def add_observations(
    *,
    values: Mapping[str, pl.DataFrame],
    version_ids: Mapping[str, UUID],
    subjects: Sequence[Subject],
    period: tuple[dt.date, dt.date],
    computed_at: dt.datetime,
) -> dict[tuple[str, UUID], UUID]:
    """Write computed values, see `queries.values.compute_values`; returns ids by metric code and person."""
    places = {str(each.person_id): each for each in subjects}
    rows = [
        _observation(places[row["person_id"]], version_ids[code], row, period, computed_at)
        for code, frame in values.items()
        for row in frame.iter_rows(named=True)
    ]
    Observation.objects.bulk_create(rows, batch_size=1000)
    codes = {version_id: code for code, version_id in version_ids.items()}
    return {(codes[each.metric_version_id], each.person_id): each.id for each in rows}


def _observation(subject: Subject, version_id: UUID, row: dict, period, computed_at) -> Observation:
    return Observation(
        id=uuid7(),
        legal_entity_id=subject.legal_entity_id,
        org_unit_id=subject.org_unit_id,
        person_id=subject.person_id,
        metric_version_id=version_id,
        period_from=period[0],
        period_to=period[1],
        value=row["value"],
        outcome=row["outcome"],
        record_ids=[UUID(each) for each in row["record_ids"]],
        inputs_hash=row["digest"],
        computed_at=computed_at,
    )
