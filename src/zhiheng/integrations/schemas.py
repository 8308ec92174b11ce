"""API schemas of integrations."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Schema


class StreamOut(Schema):
    """A stream and the fields it declares."""

    id: UUID
    code: str
    name: str
    name_en: str
    key_fields: list[str]
    occurred_field: str
    subject_field: str
    fields: list[dict[str, Any]]


class RecordOut(Schema):
    """A record as it arrived."""

    id: UUID
    stream_id: UUID
    key: str
    revision: int
    occurred_on: dt.date
    received_at: dt.datetime
    person_id: UUID | None
    legal_entity_id: UUID
    is_withdrawn: bool
    payload: dict[str, Any]
    payload_hash: str
