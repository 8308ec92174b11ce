"""Schemas of the API of the import."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class BatchOut(Schema):
    """One import: where it stands and what it found."""

    id: UUID
    target: str
    name: str
    state: str
    sheet: str
    header_first: int
    header_last: int
    mapping: dict[str, str]
    row_count: int
    error_count: int
    warning_count: int
    repair_count: int
    is_repairs_accepted: bool
    is_stale: bool
    created_count: int
    updated_count: int
    unchanged_count: int
    skipped_count: int
    job_id: UUID | None
    created_by_name: str
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None


class IssueOut(Schema):
    """One finding: ``cell`` such as C17, ``severity`` error, warning or repair, and a finished sentence."""

    row: int
    cell: str
    field: str
    severity: str
    code: str
    params: dict[str, Any]
    original: str
    proposed: str | None
    message: str


class TargetOut(Schema):
    """Something that can be imported, with the columns it understands."""

    code: str
    label: str
    fields: list[dict[str, Any]]


class MappingIn(Schema):
    """Header → field name; an empty name leaves the column out."""

    mapping: dict[str, str]


class FixIn(Schema):
    """A corrected cell: ``row`` counts from 1 as in Excel, ``column`` from 0."""

    row: int
    column: int
    text: str


class CommitIn(Schema):
    """How to treat doubtful cells."""

    accept_repairs: bool = False
    skip_error_rows: bool = False
