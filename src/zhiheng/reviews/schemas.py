"""API schemas of reviews."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class InputIn(Schema):
    """An input of a scorecard: ``source`` is metric or goal, ``code`` that of the metric."""

    name: str = Field(max_length=60)
    source: str
    code: str


class StepIn(Schema):
    """A derived step."""

    name: str = Field(max_length=60)
    formula: str = Field(max_length=4000)


class ScorecardIn(Schema):
    """A scorecard to create."""

    code: str = Field(max_length=60)
    name: str = Field(max_length=120)
    name_en: str = Field("", max_length=120)
    formula: str = Field(max_length=4000, examples=["MIN(达成率, 150%)×80% + 新客户率×20%"])
    places: int = Field(4, ge=0, le=6)
    inputs: list[InputIn]
    derived: list[StepIn] = []


class ScorecardOut(Schema):
    """A scorecard in its current version."""

    id: UUID
    code: str
    name: str
    name_en: str
    version: int
    formula: str
    places: int
    inputs: list[dict[str, Any]]
    derived: list[dict[str, Any]]


class CycleIn(Schema):
    """A cycle to open."""

    period_id: UUID
    scorecard_id: UUID


class CycleOut(Schema):
    """A review cycle."""

    id: UUID
    period_id: UUID
    scorecard_id: UUID
    scorecard_version_id: UUID
    state: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    closed_by: str
    inputs_hash: str
    result_hash: str


class ClosingOut(Schema):
    """The job that closes a cycle; see ``GET /jobs/{id}``."""

    job_id: UUID


class RecomputedOut(Schema):
    """Whether a closed cycle came to the same bytes again."""

    is_equal: bool
    kept: str
    stored: str
    computed: str


class ScoreOut(Schema):
    """A score; ``reason`` is MISSING, TARGET_ZERO or OVERFLOW where there is none."""

    cycle_id: UUID
    person_id: UUID
    name: str
    number: str
    unit_id: UUID
    unit: str
    value: Decimal | None
    reason: str
    rank: int | None
    rank_in_unit: int | None


class ScoreDetailOut(ScoreOut):
    """A score with everything it was computed from."""

    inputs: list[dict[str, Any]]
    trace: list[dict[str, Any]]
