"""API of connectors."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status

from zhiheng.access.http import requires
from zhiheng.connectors.calc.mapping import Rules
from zhiheng.connectors.policies import MANAGE_CONNECTION, READ_CONNECTION, READ_RAW
from zhiheng.connectors.queries.connections import (
    connection_for_actor,
    connections_for_actor,
    feeds_of,
    row_for_actor,
    rows_for_actor,
    sync_for_actor,
    syncs_for_actor,
)
from zhiheng.connectors.queries.mappings import (
    case_for_actor,
    cases_for_actor,
    feed_for_actor,
    mapping_of,
    stream_or_404,
)
from zhiheng.connectors.schemas import (
    AnswerIn,
    ConnectionIn,
    ConnectionOut,
    FeedOut,
    MappingOut,
    MappingRules,
    RawRowOut,
    SyncIn,
    SyncOut,
    UnmatchedRowOut,
)
from zhiheng.connectors.services.connections import (
    ConnectionData,
    create_connection,
    pause_connection,
    resume_connection,
)
from zhiheng.connectors.services.mappings import answer_case, ignore_cases, retry_cases, save_mapping
from zhiheng.connectors.services.syncs import Window, start_sync
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["Sources"])


@router.get("/connections", response=CursorPage[ConnectionOut], summary="List connections")
@requires(READ_CONNECTION)
def list_connections(request: HttpRequest, page: Paging):
    return cursor_page(connections_for_actor(request.actor), page)


@router.get("/connections/{uuid:connection_id}", response=ConnectionOut, summary="Get a connection")
@requires(READ_CONNECTION)
def get_connection(request: HttpRequest, connection_id: UUID):
    return connection_for_actor(request.actor, connection_id)


@router.post("/connections", response={201: ConnectionOut}, summary="Connect a system")
@requires(MANAGE_CONNECTION)
def add_connection(request: HttpRequest, body: ConnectionIn):
    data = ConnectionData(body.name, body.settings, body.every_minutes, body.is_on_premise)
    made = create_connection(actor=request.actor, code=body.code, connector=body.connector, data=data)
    return Status(201, connections_for_actor(request.actor).get(id=made))


@router.post("/connections/{uuid:connection_id}/pause", response=ConnectionOut, summary="Pause a connection")
@requires(MANAGE_CONNECTION)
def pause(request: HttpRequest, connection_id: UUID):
    pause_connection(actor=request.actor, connection_id=connection_id)
    return connections_for_actor(request.actor).get(id=connection_id)


@router.post(
    "/connections/{uuid:connection_id}/resume", response=ConnectionOut, summary="Resume a connection"
)
@requires(MANAGE_CONNECTION)
def resume(request: HttpRequest, connection_id: UUID):
    resume_connection(actor=request.actor, connection_id=connection_id)
    return connections_for_actor(request.actor).get(id=connection_id)


@router.post("/connections/{uuid:connection_id}/syncs", response={202: SyncOut}, summary="Start a sync")
@requires(MANAGE_CONNECTION)
def add_sync(request: HttpRequest, connection_id: UUID, body: SyncIn):
    window = Window(body.window_from, body.window_to) if body.window_from and body.window_to else None
    started = start_sync(
        actor=request.actor,
        connection_id=connection_id,
        window=window,
        accepts_deletions=body.accepts_deletions,
    )
    return Status(202, syncs_for_actor(request.actor).get(id=started))


@router.get(
    "/connections/{uuid:connection_id}/syncs",
    response=CursorPage[SyncOut],
    summary="List syncs of a connection",
)
@requires(READ_CONNECTION)
def list_syncs(request: HttpRequest, connection_id: UUID, page: Paging):
    connection = connection_for_actor(request.actor, connection_id)
    return cursor_page(syncs_for_actor(request.actor, connection.id).order_by(), page)


@router.get("/syncs/{uuid:sync_id}", response=SyncOut, summary="Get a sync")
@requires(READ_CONNECTION)
def get_sync(request: HttpRequest, sync_id: UUID):
    return sync_for_actor(request.actor, sync_id)


@router.get("/raw-rows", response=CursorPage[RawRowOut], summary="List raw rows")
@requires(READ_RAW)
def list_raw_rows(request: HttpRequest, page: Paging):
    return cursor_page(rows_for_actor(request.actor), page)


@router.get("/raw-rows/{uuid:row_id}", response=RawRowOut, summary="Get a raw row")
@requires(READ_RAW)
def get_raw_row(request: HttpRequest, row_id: UUID):
    return row_for_actor(request.actor, row_id)


@router.get("/connections/{uuid:connection_id}/feeds", response=list[FeedOut], summary="List interfaces")
@requires(READ_CONNECTION)
def list_feeds(request: HttpRequest, connection_id: UUID):
    return feeds_of(connection_for_actor(request.actor, connection_id))


@router.get(
    "/feeds/{uuid:feed_id}/mappings/{uuid:stream_id}",
    response=MappingOut,
    summary="Get a mapping to a stream",
)
@requires(READ_CONNECTION)
def get_mapping(request: HttpRequest, feed_id: UUID, stream_id: UUID):
    found = mapping_of(feed_for_actor(request.actor, feed_id).id, stream_or_404(stream_id).id)
    if found is None:
        raise Http404
    return found


@router.put(
    "/feeds/{uuid:feed_id}/mappings/{uuid:stream_id}",
    response=MappingOut,
    summary="Set a mapping to a stream",
)
@requires(MANAGE_CONNECTION)
def put_mapping(request: HttpRequest, feed_id: UUID, stream_id: UUID, body: MappingRules):
    rules = Rules.read(body.dict())
    return save_mapping(actor=request.actor, feed_id=feed_id, stream_id=stream_id, rules=rules)


@router.get(
    "/unmatched-rows", response=CursorPage[UnmatchedRowOut], summary="List rows that became no record"
)
@requires(READ_RAW)
def list_unmatched_rows(request: HttpRequest, page: Paging, state: str | None = None):
    rows = cases_for_actor(request.actor)
    return cursor_page(rows.filter(state=state) if state else rows, page)


@router.get(
    "/unmatched-rows/{uuid:case_id}", response=UnmatchedRowOut, summary="Get a row that became no record"
)
@requires(READ_RAW)
def get_unmatched_row(request: HttpRequest, case_id: UUID):
    return case_for_actor(request.actor, case_id)


@router.post(
    "/unmatched-rows/{uuid:case_id}/answer", response=UnmatchedRowOut, summary="Say whom a value means"
)
@requires(MANAGE_CONNECTION)
def answer(request: HttpRequest, case_id: UUID, body: AnswerIn):
    answer_case(actor=request.actor, case_id=case_id, number=body.number)
    return cases_for_actor(request.actor).get(id=case_id)


@router.post(
    "/unmatched-rows/{uuid:case_id}/ignore", response=UnmatchedRowOut, summary="Ignore a row and its like"
)
@requires(MANAGE_CONNECTION)
def ignore(request: HttpRequest, case_id: UUID):
    ignore_cases(actor=request.actor, case_id=case_id)
    return cases_for_actor(request.actor).get(id=case_id)


@router.post(
    "/unmatched-rows/{uuid:case_id}/retry", response=UnmatchedRowOut, summary="Map waiting rows again"
)
@requires(MANAGE_CONNECTION)
def retry(request: HttpRequest, case_id: UUID):
    retry_cases(actor=request.actor, case_id=case_id)
    return cases_for_actor(request.actor).get(id=case_id)
