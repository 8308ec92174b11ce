"""API schemas of the work log."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

Datum = Literal["wgs84", "gcj02", "bd09"]


class CustomerIn(Schema):
    """A customer to add; the coordinates are in ``datum``."""

    code: str = Field(max_length=40)
    name: str = Field(max_length=120)
    kind: str = Field("", max_length=40)
    address: str = Field("", max_length=200)
    contact: str = Field("", max_length=80)
    latitude: Decimal | None = Field(None, ge=-90, le=90)
    longitude: Decimal | None = Field(None, ge=-180, le=180)
    datum: Datum = "gcj02"
    radius: int = Field(500, ge=50, le=5000)
    owner_id: UUID | None = None


class CustomerOut(Schema):
    """A customer; coordinates are WGS-84."""

    id: UUID
    code: str
    name: str
    kind: str
    address: str
    latitude: Decimal | None
    longitude: Decimal | None
    radius: int
    owner_id: UUID | None
    is_active: bool


class VisitPlaceIn(Schema):
    """Where a device says that it is; ``accuracy`` in metres."""

    latitude: Decimal = Field(ge=-90, le=90)
    longitude: Decimal = Field(ge=-180, le=180)
    datum: Datum = "wgs84"
    accuracy: int | None = Field(None, ge=0, le=1_000_000)


class PlanIn(Schema):
    """A visit to plan."""

    customer_id: UUID
    planned_at: dt.datetime
    purpose: str = Field("", max_length=200)
    person_id: UUID | None = Field(None, description="whose visit; your own without it")


class CheckInIn(Schema):
    """A visit to begin: a planned one by ``visit_id``, or a new one at a customer."""

    customer_id: UUID | None = None
    visit_id: UUID | None = None
    purpose: str = Field("", max_length=200)
    place: VisitPlaceIn | None = None
    person_id: UUID | None = Field(None, description="whose visit; your own without it")


class CheckOutIn(Schema):
    """The end of a visit; ``ended_at`` only when somebody forgot to check out, which is flagged."""

    summary: str = Field("", max_length=2000)
    contact: str = Field("", max_length=80)
    next_step: str = Field("", max_length=200)
    next_on: dt.date | None = None
    place: VisitPlaceIn | None = None
    ended_at: dt.datetime | None = None


class VisitOut(Schema):
    """A visit; ``distance`` of the check-in from the customer in metres, ``risks`` are codes of what is odd."""

    id: UUID
    person_id: UUID
    customer_id: UUID
    on: dt.date
    state: str
    planned_at: dt.datetime | None
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    distance: int | None
    risks: list[str]
    purpose: str
    contact: str
    summary: str
    next_step: str
    next_on: dt.date | None


class WorkEntryIn(Schema):
    """Something done: ``minutes`` long, or from ``started_at`` to ``ended_at``."""

    category: str
    on: dt.date
    minutes: int = Field(0, ge=0, le=1440)
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    note: str = Field("", max_length=200)
    person_id: UUID | None = Field(None, description="whose; your own without it")


class WorkEntryOut(Schema):
    """Something done on a day."""

    id: UUID
    person_id: UUID
    on: dt.date
    category: str
    minutes: int
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    note: str


class ActivityOut(Schema):
    """An activity of a project."""

    id: UUID
    name: str
    planned_days: Decimal | None
    starts_on: dt.date | None
    ends_on: dt.date | None


class ProjectOut(Schema):
    """A project."""

    id: UUID
    code: str
    name: str
    org_unit_id: UUID | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    is_open: bool
    is_active: bool


class ProjectDetailOut(ProjectOut):
    """A project with its activities."""

    activities: list[ActivityOut]

    @staticmethod
    def resolve_activities(project: object) -> list[object]:
        """Return the activities in their order."""
        return list(project.activities.all())


class HoursIn(Schema):
    """Minutes of an activity on a day; 0 takes them away."""

    activity_id: UUID
    on: dt.date
    minutes: int = Field(ge=0, le=1440)


class TimesheetIn(Schema):
    """Hours to set; those not named stay."""

    hours: list[HoursIn] = Field(max_length=500)
    person_id: UUID | None = Field(None, description="whose; your own without it")


class ChangedOut(Schema):
    """How many entries changed."""

    changed: int


class TimesheetEntryOut(Schema):
    """Minutes of a person on an activity on a day."""

    id: UUID
    person_id: UUID
    activity_id: UUID
    on: dt.date
    minutes: int
    note: str


class DayTimeOut(Schema):
    """Where a person's day went, in minutes; ``present`` and ``share`` are null where presence is not known."""

    on: dt.date
    present: int | None
    effective: int
    logged: int
    excess: int
    share: float | None
    by_category: dict[str, int]
    visits: int
    basis: str
    sources: list[str]


class PersonTimeOut(Schema):
    """Where a person's time of a period went."""

    person_id: UUID
    present: int | None
    effective: int
    share: float | None
    visits: int
