"""API schemas of metrics."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from ninja import Schema


class MetricOut(Schema):
    """A metric in its current version."""

    id: UUID
    code: str
    name: str
    name_en: str
    unit: str
    places: int
    direction: str
    version: int
    kind: str
    stream: str
    aggregate: str
    field: str
    formula: str


class MetricIn(Schema):
    """A new metric: an aggregate (stream, aggregate, field) or a formula."""

    code: str
    name: str
    name_en: str = ""
    unit: str = ""
    places: int = 2
    direction: str = "higher"
    stream: str = ""
    aggregate: str = ""
    field: str = ""
    formula: str = ""


class PeriodOut(Schema):
    """A half-open period."""

    id: UUID
    code: str
    name: str
    name_en: str
    period_from: dt.date
    period_to: dt.date


class ValueOut(Schema):
    """The value of a metric for a person over a period, and how many records are behind it."""

    person_id: UUID
    employee_number: str
    name: str
    value: Decimal | None
    record_count: int


class ObservationOut(Schema):
    """A value that was written down when a review cycle was closed, with its evidence."""

    id: UUID
    person_id: UUID
    period_from: dt.date
    period_to: dt.date
    value: Decimal | None
    record_ids: list[UUID]
    inputs_hash: str
    computed_at: dt.datetime
