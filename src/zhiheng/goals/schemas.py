"""API schemas of goals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from zhiheng.goals.models import Negotiation
from zhiheng.goals.queries.negotiations import evidence_from, proposals_of


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
    basis: str
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


class RangeOut(Schema):
    """A calibrated range: the value stays below ``p10`` with a probability of ten percent, and so on.

    ``errors`` past forecasts stand behind it, ``own_errors`` the person's own; of ``tried`` own periods ``hits`` were
    inside.
    """

    p10: Decimal
    p50: Decimal
    p90: Decimal
    method: str
    errors: int
    own_errors: int
    hits: int
    tried: int
    data_until: dt.date | None


class CapacityIn(Schema):
    """A capacity model with its inputs by name, as people write numbers: ``1,000``, ``5%``."""

    model: str
    inputs: dict[str, str]


class CapacityOut(CapacityIn):
    """A capacity model and what its inputs come to."""

    value: Decimal


class ProposalOut(Schema):
    """A round of a negotiation; ``side`` is company or employee."""

    round: int
    side: str
    target: Decimal
    reason: str
    probability: Decimal | None
    capacity: CapacityOut | None
    proposed_by: str
    proposed_at: dt.datetime

    @staticmethod
    def resolve_capacity(row: Any) -> dict[str, Any] | None:
        return row.capacity or None


class NegotiationOut(Schema):
    """A negotiation with its range, null where the past was too short, and its rounds."""

    id: UUID
    person_id: UUID
    org_unit_id: UUID
    metric_id: UUID
    period_id: UUID
    state: str
    range: RangeOut | None
    proposals: list[ProposalOut]
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    closing_reason: str

    @staticmethod
    def resolve_range(row: Negotiation) -> dict[str, Any] | None:
        evidence = evidence_from(row.evidence)
        found = evidence.calibration
        if found is None:
            return None
        names = ("p10", "p50", "p90", "method", "own_errors", "hits", "tried")
        return {
            **{name: getattr(found, name) for name in names},
            "errors": len(found.errors),
            "data_until": evidence.data_until,
        }

    @staticmethod
    def resolve_proposals(row: Negotiation) -> list[Any]:
        return proposals_of(row)


class NegotiationLineOut(Schema):
    """A negotiation as lists show it: the latest number, its probability, and whose it is."""

    id: UUID
    person_id: UUID
    metric_id: UUID
    period_id: UUID
    state: str
    target: Decimal | None
    probability: Decimal | None
    side: str | None
    opened_at: dt.datetime


class NegotiationIn(Schema):
    """Whose target to negotiate."""

    person_id: UUID
    metric_code: str
    period_id: UUID


class ProposalIn(Schema):
    """A number with its reason, and the capacity model behind it if there is one."""

    target: Decimal = Field(ge=0, max_digits=20, decimal_places=4)
    reason: str = Field(max_length=1000)
    capacity: CapacityIn | None = None


class ClosingIn(Schema):
    """Why a negotiation ends."""

    reason: str = Field("", max_length=400)


class WorthOut(Schema):
    """The probability of reaching a number; null where the past was too short."""

    target: Decimal
    probability: Decimal | None


class OutlookOut(Schema):
    """Where a goal will probably end, as seen on a day."""

    on: dt.date
    actual: Decimal
    target: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal
    probability: Decimal
    method: str


class ShortfallOut(Schema):
    """Why a goal was missed: signed parts that add up to ``total``; positive ones explain it.

    ``others`` is what colleagues reached of the middle of their ranges, null where they were too few. ``is_usual``: the
    actual value lies within the usual ups and downs.
    """

    total: Decimal
    target: Decimal
    external: Decimal
    execution: Decimal
    data: Decimal
    others: Decimal | None
    is_usual: bool
