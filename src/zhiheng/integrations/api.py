"""API of integrations."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from zhiheng.access.http import requires
from zhiheng.integrations.policies import READ_RECORD, READ_SOURCE
from zhiheng.integrations.queries.records import record_for_actor, records_for_actor, revisions_for_actor
from zhiheng.integrations.queries.streams import stream_for_actor, streams_for_actor
from zhiheng.integrations.schemas import RecordOut, StreamOut
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Records"])


@router.get("/streams", response=CursorPage[StreamOut], summary="List streams")
@requires(READ_SOURCE)
def list_streams(request: HttpRequest, page: Paging):
    return cursor_page(streams_for_actor(request.actor), page)


@router.get("/streams/{uuid:stream_id}", response=StreamOut, summary="Get a stream")
@requires(READ_SOURCE)
def get_stream(request: HttpRequest, stream_id: UUID):
    return stream_for_actor(request.actor, stream_id)


@router.get("/records", response=CursorPage[RecordOut], summary="List current records")
@requires(READ_RECORD)
def list_records(
    request: HttpRequest,
    page: Paging,
    stream_id: UUID | None = None,
    occurred_from: dt.date | None = None,
    occurred_to: dt.date | None = None,
):
    """Filter by stream and by the half-open stretch of days ``occurred_from`` … ``occurred_to``."""
    wanted = {
        "stream_id": stream_id,
        "occurred_on__gte": occurred_from,
        "occurred_on__lt": occurred_to,
    }
    rows = records_for_actor(request.actor).filter(**{key: value for key, value in wanted.items() if value})
    return cursor_page(rows, page)


@router.get("/records/{uuid:record_id}", response=RecordOut, summary="Get a record")
@requires(READ_RECORD)
def get_record(request: HttpRequest, record_id: UUID):
    return record_for_actor(request.actor, record_id)


@router.get("/records/{uuid:record_id}/revisions", response=list[RecordOut], summary="Revisions of a record")
@requires(READ_RECORD)
def list_revisions(request: HttpRequest, record_id: UUID):
    return revisions_for_actor(request.actor, record_for_actor(request.actor, record_id))
