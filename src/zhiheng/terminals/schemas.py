"""API schemas of terminals."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class TerminalOut(Schema):
    """A terminal; ``unknown`` counts punches of nobody known, ``alarms`` what nobody has looked at."""

    id: UUID
    serial_number: str
    name: str
    state: str
    legal_entity_id: UUID
    site_id: UUID | None
    zone: str
    model_name: str
    firmware: str
    push_version: str
    ip_address: str | None
    last_seen_at: dt.datetime | None
    newest_punch_at: dt.datetime | None
    waiting_commands: int
    unknown: int
    alarms: int


class PairingIn(Schema):
    """A terminal that is about to connect; with a ``key`` only one that shows it is let in."""

    serial_number: str = Field(max_length=64)
    name: str = Field("", max_length=120)
    legal_entity_id: UUID
    site_id: UUID | None = None
    zone: Literal["Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "UTC"] = "Asia/Shanghai"
    key: str = Field("", max_length=64)
    allowed_ips: list[str] = Field(default_factory=list, max_length=50)


class TerminalUserOut(Schema):
    """A PIN of a terminal; ``templates`` says how many of each kind the terminal has, never what they are."""

    id: UUID
    pin: str
    person_id: UUID | None
    origin: str
    state: str
    face_state: str
    device_name: str
    is_on_device: bool
    templates: dict[str, list[int]]


class UnknownPinOut(Schema):
    """A PIN that nobody has, and the punches that wait for its owner."""

    id: UUID
    terminal_id: UUID
    pin: str
    device_name: str
    waiting: int
    first_at: dt.datetime
    last_at: dt.datetime


class AssignIn(Schema):
    """Who has a PIN."""

    person_id: UUID


class AssignedOut(Schema):
    """How many punches were recorded for them."""

    punches: int


class PeopleIn(Schema):
    """Who is to be sent."""

    person_ids: list[UUID] = Field(min_length=1, max_length=5000)


class SentOut(Schema):
    """How many are on their way."""

    people: int
    faces: int


class OrderIn(Schema):
    """What a terminal is told."""

    kind: Literal["query_users", "log", "info", "reboot"]


class StretchIn(Schema):
    """Whole days of a terminal, the last one included."""

    first: dt.date
    last: dt.date


class CommandOut(Schema):
    """A command and what came of it."""

    id: UUID
    number: int
    kind: str
    state: str
    return_code: int | None
    requested_by: str
    queued_at: dt.datetime
    done_at: dt.datetime | None


class EventOut(Schema):
    """Something that happened at a terminal."""

    id: UUID
    kind: str
    code: str
    pin: str
    happened_at: dt.datetime | None
    received_at: dt.datetime
    is_alarming: bool
