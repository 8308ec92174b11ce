"""Schemas of the connectors' API."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Schema

from zhiheng.connectors.models import Connection, RawRow, Sync


class ConnectionOut(Schema):
    """A connection; settings without secrets."""

    id: UUID
    code: str
    name: str
    connector: str
    settings: dict[str, Any]
    every_minutes: int | None
    is_on_premise: bool
    is_paused: bool
    failures: int
    next_at: dt.datetime | None
    last_good_at: dt.datetime | None
    last_state: str | None

    @staticmethod
    def resolve_code(row: Connection) -> str:
        return row.source.code

    @staticmethod
    def resolve_name(row: Connection) -> str:
        return row.source.name


class ConnectionIn(Schema):
    """A system to connect; ``settings`` are those of the connector's form, secrets among them."""

    code: str
    name: str
    connector: str
    settings: dict[str, str]
    every_minutes: int | None = 60
    is_on_premise: bool = False


class SyncIn(Schema):
    """A sync to start; with both days set, these are read again."""

    window_from: dt.date | None = None
    window_to: dt.date | None = None
    accepts_deletions: bool = False


class SyncOut(Schema):
    """A sync with what it brought, by interface."""

    id: UUID
    connection_id: UUID
    kind: str
    state: str
    attempt: int
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    counts: dict[str, dict[str, int]]
    junk_lines: int
    error: str

    @staticmethod
    def resolve_connection_id(row: Sync) -> UUID:
        return row.connection_id


class RawRowOut(Schema):
    """A row as its system sent it."""

    id: UUID
    source: str
    interface: str
    key: str
    revision: int
    payload: dict[str, Any]
    is_deleted: bool
    changed_at: dt.datetime

    @staticmethod
    def resolve_source(row: RawRow) -> str:
        return row.feed.connection.source.code

    @staticmethod
    def resolve_interface(row: RawRow) -> str:
        return row.feed.code
