"""Connections, their feeds, their syncs, and the rows they brought."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.connectors.choices import SyncState
from zhiheng.connectors.models import Connection, Feed, RawRevision, RawRow, Sync
from zhiheng.connectors.policies import MANAGE_CONNECTION, READ_CONNECTION, READ_RAW, all_or_none

OPEN_STATES = (SyncState.WAITING, SyncState.RUNNING)
LATE_AFTER = 3
"""Intervals without success after which a connection is late."""


def connections_for_actor(actor: Actor) -> QuerySet[Connection]:
    """Return the connections with last_state, last_error, last_good_at and feed_count."""
    mine = all_or_none(actor, READ_CONNECTION)
    syncs = Sync.objects.filter(connection=OuterRef("id")).order_by("-created_at")
    good = syncs.filter(state__in=(SyncState.DONE, SyncState.PARTIAL))
    return (
        Connection.objects.filter(mine)
        .select_related("source")
        .annotate(
            last_state=Subquery(syncs.values("state")[:1]),
            last_error=Subquery(syncs.values("error")[:1]),
            last_good_at=Subquery(good.values("ended_at")[:1]),
            feed_count=Count("feeds", filter=Q(feeds__is_selected=True)),
        )
    )


def connection_for_actor(actor: Actor, connection_id: UUID) -> Connection:
    """Return a connection; 404 when it is not there."""
    found = connections_for_actor(actor).filter(id=connection_id).first()
    if found is None:
        raise Http404
    return found


def connection_for_change(actor: Actor, connection_id: UUID) -> Connection:
    """Return a connection to be changed, locked; 404 when it is not there."""
    mine = all_or_none(actor, MANAGE_CONNECTION)
    found = Connection.objects.select_for_update(of=("self",)).filter(mine, id=connection_id).first()
    if found is None:
        raise Http404
    return found


def health(connection: Connection, now: dt.datetime) -> str:
    """Return how a connection of `connections_for_actor` is: paused, running, failed, new, late or fresh."""
    if connection.is_paused:
        return "paused"
    if connection.last_state in OPEN_STATES:
        return "running"
    if connection.last_state == SyncState.FAILED:
        return "failed"
    if connection.last_good_at is None:
        return "new"
    every = dt.timedelta(minutes=connection.every_minutes or 0)
    return "late" if every and now - connection.last_good_at > every * LATE_AFTER else "fresh"


def feeds_of(connection: Connection) -> QuerySet[Feed]:
    """Return the feeds of a connection that the actor was allowed to see."""
    return Feed.objects.filter(connection=connection).order_by("code")


def feeds_for_actor(actor: Actor) -> QuerySet[Feed]:
    """Return all feeds whose rows the actor may see."""
    mine = all_or_none(actor, READ_RAW)
    related = Feed.objects.filter(mine).select_related("connection__source")
    return related.order_by("connection__source__name", "code")


def syncs_for_actor(actor: Actor, connection_id: UUID | None = None) -> QuerySet[Sync]:
    """Return the syncs, latest first; of one connection if given."""
    mine = all_or_none(actor, READ_CONNECTION)
    rows = Sync.objects.filter(mine).select_related("connection__source").order_by("-created_at")
    return rows.filter(connection_id=connection_id) if connection_id else rows


def sync_for_actor(actor: Actor, sync_id: UUID) -> Sync:
    """Return a sync; 404 when it is not there."""
    found = syncs_for_actor(actor).filter(id=sync_id).first()
    if found is None:
        raise Http404
    return found


def rows_for_actor(actor: Actor) -> QuerySet[RawRow]:
    """Return the raw rows."""
    mine = all_or_none(actor, READ_RAW)
    return RawRow.objects.filter(mine).select_related("feed__connection__source")


def row_for_actor(actor: Actor, row_id: UUID) -> RawRow:
    """Return a raw row; 404 when it is not there."""
    found = rows_for_actor(actor).filter(id=row_id).first()
    if found is None:
        raise Http404
    return found


def revisions_of(row: RawRow) -> list[RawRevision]:
    """Return the earlier revisions of a row that the actor was allowed to see, latest first."""
    return list(RawRevision.objects.filter(row=row).order_by("-revision"))
