"""API schemas of requests."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class TimeRequestIn(Schema):
    """A request to make. Which fields are needed depends on its kind:

    overtime ``minutes``, ``compensation`` and, where known, ``from_at`` and ``to_at``; correction ``end`` and
    ``from_at`` (when the punch should have been); outing ``from_at`` and ``to_at``; trip ``from_on`` to ``to_on``; swap
    ``other_person_id`` and ``other_on``. Without ``is_confirmed`` a request that needs it is refused with the code
    ``needs_confirmation`` and what to confirm.
    """

    kind: Literal["overtime", "correction", "outing", "trip", "swap"]
    person_id: UUID
    from_on: dt.date
    to_on: dt.date | None = None
    from_at: dt.datetime | None = None
    to_at: dt.datetime | None = None
    minutes: int | None = Field(None, ge=1, le=1440)
    compensation: Literal["", "pay", "time_off"] = ""
    end: Literal["", "in", "out"] = ""
    is_device_failure: bool = False
    place: str = Field("", max_length=120)
    reason: str = Field(min_length=1, max_length=500)
    other_person_id: UUID | None = None
    other_on: dt.date | None = None
    is_confirmed: bool = False


class TimeRequestOut(Schema):
    """A request; ``state``: asked, pending, approved, rejected, declined, withdrawn or cancelled."""

    id: UUID
    kind: str
    person_id: UUID
    state: str
    from_on: dt.date
    to_on: dt.date
    from_at: dt.datetime | None
    to_at: dt.datetime | None
    minutes: int | None
    compensation: str
    end: str
    is_device_failure: bool
    place: str
    reason: str
    other_person_id: UUID | None
    other_on: dt.date | None
    created_by: str
    created_at: dt.datetime
    end_reason: str


class CancelIn(Schema):
    """Why a request is taken back; needed once it was approved."""

    reason: str = Field("", max_length=500)
