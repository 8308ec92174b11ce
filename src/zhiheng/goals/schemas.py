"""API schemas of goals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from ninja import Field, Schema


class GoalIn(Schema):
    """A target to set; setting it again makes a new revision."""

    person_id: UUID
    metric_code: str
    period_id: UUID
    target: Decimal = Field(ge=0, max_digits=20, decimal_places=4)


class GoalOut(Schema):
    """A goal."""

    id: UUID
    person_id: UUID
    org_unit_id: UUID
    legal_entity_id: UUID
    metric_id: UUID
    period_id: UUID
    name: str
    target: Decimal
    revision: int


class ProgressOut(Schema):
    """Where a goal stands; shares are fractions, ``attainment`` is null where the target is zero."""

    actual: Decimal
    target: Decimal
    attainment: Decimal | None
    elapsed: Decimal
    pace: Decimal | None
    days_left: int
    judged_on: dt.date
    record_ids: list[UUID]
