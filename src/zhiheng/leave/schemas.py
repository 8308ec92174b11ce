"""API schemas of leave."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

Halves = Literal["am", "pm"]


class LeaveTypeOut(Schema):
    """A type of leave; amounts are days, or minutes where ``unit`` is hour."""

    id: UUID
    code: str
    name: str
    name_en: str
    basis: str
    unit: str
    counts: str
    step: Decimal
    paid_share: Decimal
    needs_attachment: bool
    has_balance: bool
    is_active: bool


class LeaveBalanceOut(Schema):
    """A balance as of a day; ``available`` is without what was approved for later and what is pending."""

    id: UUID
    person_id: UUID
    leave_type_id: UUID
    granted: Decimal
    taken: Decimal
    expired: Decimal
    balance: Decimal
    upcoming: Decimal
    pending: Decimal
    available: Decimal


class LeaveEntryOut(Schema):
    """A line of the ledger."""

    id: UUID
    kind: str
    amount: Decimal
    on: dt.date
    expires_on: dt.date | None
    year: int
    reason: str
    written_by: str
    written_at: dt.datetime
    balance_after: Decimal


class LeaveSpanIn(Schema):
    """From when to when: halves for types in half days, minutes from 00:00 for types in hours."""

    from_on: dt.date
    to_on: dt.date
    from_half: Halves = "am"
    to_half: Halves = "pm"
    from_minute: int | None = Field(None, ge=0, le=1440)
    to_minute: int | None = Field(None, ge=0, le=1440)


class LeaveRequestIn(LeaveSpanIn):
    """Leave to ask for."""

    person_id: UUID
    leave_type_id: UUID
    reason: str = Field("", max_length=500)


class LeaveCancelIn(Schema):
    """Why leave is taken back; ``back_on``: only the days from then on."""

    reason: str = Field("", max_length=300)
    back_on: dt.date | None = None


class LeaveAdjustIn(Schema):
    """How much to add to a balance, negative to take away."""

    amount: Decimal = Field(max_digits=8, decimal_places=2)
    on: dt.date
    expires_on: dt.date | None = None
    reason: str = Field(max_length=300)


class LeaveRequestOut(Schema):
    """A request for leave; ``amount`` is days, or minutes for types in hours."""

    id: UUID
    person_id: UUID
    leave_type_id: UUID
    from_on: dt.date
    to_on: dt.date
    from_half: str
    to_half: str
    from_minute: int | None
    to_minute: int | None
    amount: Decimal
    minutes: int
    reason: str
    state: str
    approval_id: UUID | None
    requested_at: dt.datetime


class LeaveQuoteOut(Schema):
    """What a leave would cost; it can be asked for when ``problems`` is empty."""

    amount: Decimal
    minutes: int
    left_before: Decimal | None
    left_after: Decimal | None
    problems: list[str]
