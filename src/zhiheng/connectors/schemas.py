"""Schemas of the connectors' API."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from zhiheng.connectors.models import Connection, RawRow, Sync, UnmatchedRow


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


class FeedOut(Schema):
    """An interface of a connection: one kind of row that its system sends."""

    id: UUID
    code: str
    name: str
    business_object: str
    key_fields: list[str]
    is_selected: bool
    row_count: int
    last_received_at: dt.datetime | None


class RuleIO(Schema):
    """Where a value comes from: ``kind`` is field, person, formula or constant, ``source`` path, formula or text."""

    kind: str
    source: str = Field("", max_length=500)


class ConditionIO(Schema):
    """What must hold of a row; ``operator`` is =, <>, in, filled or empty."""

    path: str = Field(max_length=200)
    operator: str
    value: str = Field("", max_length=400)


class MappingRules(Schema):
    """The rules of a mapping: ``fields`` by field of the stream."""

    fields: dict[str, RuleIO]
    conditions: list[ConditionIO] = []


class MappingOut(Schema):
    """A version of a mapping, the one that holds unless it was stopped."""

    id: UUID
    feed_id: UUID
    stream_id: UUID
    version: int
    is_active: bool
    rules: MappingRules
    created_at: dt.datetime
    created_by: str


class UnmatchedRowOut(Schema):
    """A raw row that became no record, and why."""

    id: UUID
    feed_id: UUID
    stream_id: UUID
    row_id: UUID
    problem: str
    field: str
    value: str
    state: str
    seen_at: dt.datetime
    solved_by: str

    @staticmethod
    def resolve_row_id(row: UnmatchedRow) -> UUID:
        return row.row_id


class AnswerIn(Schema):
    """The employee that a value means."""

    number: str = Field(max_length=40)
