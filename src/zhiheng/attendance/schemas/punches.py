"""API schemas of punches and sites."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from ninja import Field, Schema


class PunchPlaceIn(Schema):
    """A place; ``accuracy`` in metres, ``fix_age`` in seconds."""

    lat: Decimal = Field(ge=-90, le=90)
    lon: Decimal = Field(ge=-180, le=180)
    datum: str = Field("wgs84", description="wgs84, gcj02 or bd09")
    accuracy: int | None = Field(None, ge=0, le=1_000_000)
    fix_age: int | None = Field(None, ge=0, le=1_000_000)


class PunchIn(Schema):
    """One's own punch; sent again with the same ``client_id`` it is the same punch."""

    client_id: str = Field(min_length=8, max_length=64)
    way: str = Field(description="gps, wifi or qr")
    place: PunchPlaceIn | None = None
    door: str = Field("", max_length=300, description="the code read at the door, for qr")
    bssid: str = Field("", max_length=40, description="the base station a native app sees, for wifi")
    browser_id: str = Field("", max_length=64, description="a lasting name of the device")
    is_offline: bool = False
    device_at: dt.datetime | None = Field(None, description="with its offset; when it was kept offline")
    device_now: dt.datetime | None = Field(None, description="the same clock when it is sent")


class TakenOut(Schema):
    """What became of a punch: ``counted``, ``pending``, ``rejected`` or ``blocked`` (not taken; says what to do)."""

    state: str
    message: str
    punched_at: dt.datetime
    risks: list[str]
    punch_id: UUID | None
    site_name: str
    distance: int | None
    is_repeat: bool


class PunchOut(Schema):
    """A raw punch, and whether it counts after all reviews."""

    id: UUID
    person_id: UUID
    legal_entity_id: UUID
    punched_at: dt.datetime
    zone: str
    wall_time: str
    received_at: dt.datetime
    source: str
    method: str
    direction: int
    site_id: UUID | None
    device_id: UUID | None
    latitude: Decimal | None
    longitude: Decimal | None
    datum: str
    accuracy: int | None
    distance: int | None
    risks: list[str]
    is_pending: bool
    is_late_upload: bool
    state: str


class ReviewIn(Schema):
    """A decision about a punch: ``accepted`` or ``rejected``, the latter with a reason."""

    outcome: str
    reason: str = Field("", max_length=200)


class SiteOut(Schema):
    """A site; places are WGS-84."""

    id: UUID
    code: str
    name: str
    address: str
    legal_entity_id: UUID
    latitude: Decimal | None
    longitude: Decimal | None
    radius: int
    polygon: list[list[float]]
    methods: list[str]
    actions: dict[str, str]
    zone: str
    is_active: bool
