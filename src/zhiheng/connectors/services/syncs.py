"""Syncs: started by people or the clock, run by a worker, repeated after failures."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.connectors.choices import SyncKind, SyncState
from zhiheng.connectors.models import Connection, Feed, Sync
from zhiheng.connectors.queries.connections import OPEN_STATES, connection_for_change
from zhiheng.connectors.registry import connector_of
from zhiheng.connectors.services.connections import secrets_of
from zhiheng.connectors.services.hooks import rows_have_come
from zhiheng.connectors.services.loader import Loader, Superseded
from zhiheng.connectors.services.sandbox import Ended, Program, running
from zhiheng.tenancy.context import tenant_context

TASK = "zhiheng.connectors.sync"
BACKOFF_MINUTES = (1, 5, 15, 60, 240)
MOST_FAILURES = 8
MOST_JUNK = 10_000
MOST_BYTES = 20 << 30
LOOK_EVERY = 2.0
LOG_LENGTH = 20_000
ERROR_LENGTH = 400


@dataclass(frozen=True)
class Window:
    """Days to pull again, both included."""

    first: dt.date
    last: dt.date


def start_sync(
    *, actor: Actor, connection_id: UUID, window: Window | None = None, accepts_deletions: bool = False
) -> UUID:
    """Start a sync now, or return the one under way; ValidationError for a window that ends before it begins."""
    connection = connection_for_change(actor, connection_id)
    if window and window.last < window.first:
        raise ValidationError({"last": [_("结束日期不能早于开始日期。")]})
    under_way = Sync.objects.filter(connection=connection, state__in=OPEN_STATES).first()
    if under_way:
        return under_way.id
    sync = _queue(
        connection,
        SyncKind.WINDOW if window else SyncKind.MANUAL,
        window=window,
        accepts_deletions=accepts_deletions,
    )
    payload = {
        "window": [str(window.first), str(window.last)] if window else None,
        "deletions": accepts_deletions,
    }
    record(actor, "connectors.sync.start", subject=("connectors.connection", connection.id), payload=payload)
    return sync.id


def cancel_sync(*, actor: Actor, connection_id: UUID) -> None:
    """End what is under way; what was stored stays, and the next sync goes on from there."""
    connection = connection_for_change(actor, connection_id)
    ended = Sync.objects.filter(connection=connection, state__in=OPEN_STATES).update(
        state=SyncState.CANCELLED, ended_at=timezone.now()
    )
    if ended:
        record(actor, "connectors.sync.cancel", subject=("connectors.connection", connection.id), payload={})


def queue_due_syncs(now: dt.datetime) -> int:
    """Queue the syncs that are due of the tenant in force; return how many."""
    due = Connection.objects.select_for_update(skip_locked=True).filter(is_paused=False, next_at__lte=now)
    count = 0
    for connection in due:
        connection.next_at = _next(connection, now)
        connection.save(update_fields=["next_at"])
        if not Sync.objects.filter(connection=connection, state__in=OPEN_STATES).exists():
            _queue(connection, SyncKind.SCHEDULED)
            count += 1
    return count


def _next(connection: Connection, now: dt.datetime) -> dt.datetime | None:
    return now + dt.timedelta(minutes=connection.every_minutes) if connection.every_minutes else None


def _queue(
    connection: Connection, kind: str, *, window: Window | None = None, accepts_deletions: bool = False
) -> Sync:
    sync = Sync.objects.create(
        connection=connection, kind=kind, accepts_deletions=accepts_deletions,
        window_from=window and window.first, window_to=window and window.last,
    )  # fmt: skip
    task = app.configure_task(TASK, queue="sync", lock=f"connection {connection.id}")
    task.defer(tenant_id=str(connection.tenant_id), sync_id=str(sync.id))
    return sync


# --- Running ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Claimed:
    attempt: int
    connection_id: UUID
    program: Program
    files: dict[str, str]
    names: dict[str, dict[str, str]]
    secrets: tuple[str, ...]


def run_sync(*, tenant_id: UUID, sync_id: UUID) -> str:
    """Run a sync in transactions of its own and return how it ended; doing it again after a crash is harmless."""
    try:
        claimed = _claim(tenant_id, sync_id)
    except ValidationError as error:
        return _finish(tenant_id, sync_id, None, SyncState.FAILED, " ".join(error.messages))
    if claimed is None:
        return ""
    loader = Loader(tenant_id=tenant_id, sync_id=sync_id, attempt=claimed.attempt, names=claimed.names)
    ended = Ended()
    try:
        with running(claimed.program, claimed.files, ended) as lines:
            loader.load(_watched(lines, loader, ended))
        if not ended.reason and ended.code == 0:
            loader.finish()
    except Superseded:
        return ""
    log = _masked("\n".join(ended.log), claimed.secrets)[-LOG_LENGTH:]
    problem = _problem(ended, log)
    state = SyncState.FAILED if problem else SyncState.PARTIAL if _is_partial(loader) else SyncState.DONE
    done = _finish(tenant_id, sync_id, claimed.attempt, state, problem or " ".join(loader.warnings), log)
    for feed_id in sorted(loader.changed_feeds):
        with tenant_context(tenant_id):
            rows_have_come(feed_id)
    return done


def _claim(tenant_id: UUID, sync_id: UUID) -> _Claimed | None:
    """Take the sync over as a new attempt; ``None`` for one that has ended."""
    with tenant_context(tenant_id):
        sync = (
            Sync.objects.select_for_update(of=("self",))
            .select_related("connection")
            .filter(id=sync_id)
            .first()
        )
        if sync is None or sync.state not in OPEN_STATES:
            return None
        if sync.state == SyncState.RUNNING:
            sync.attempt = F("attempt") + 1
        sync.state, sync.started_at = SyncState.RUNNING, timezone.now()
        sync.save(update_fields=["attempt", "state", "started_at"])
        sync.refresh_from_db(fields=["attempt"])
        connection = sync.connection
        connector = connector_of(connection.connector)
        if connector is None:
            raise ValidationError(_("本版本已没有这种连接器。"))
        secrets = secrets_of(connection)
        given = {**connection.settings, **secrets}
        left_out = set(
            Feed.objects.filter(connection=connection, is_selected=False).values_list("code", flat=True)
        )
        codes = [each["code"] for each in connector.manifest_of(given).get("streams", [])]
        wanted = [code for code in codes if code not in left_out] if left_out else None
        window = (
            {"from": f"{sync.window_from}T00:00:00Z", "to": str(sync.window_to)} if sync.window_from else None
        )
        files = {
            "config": json.dumps(connector.config(given, wanted, window), ensure_ascii=False),
            "state": json.dumps(connection.state),
        }
        program = connector.program(given, is_on_premise=connection.is_on_premise)
        names = {
            each.code: {"name": each.name, "name_en": each.name_en, "business_object": each.business_object}
            for each in connector.interfaces
        }
        return _Claimed(sync.attempt, connection.id, program, files, names, tuple(secrets.values()))


def _watched(lines: Iterator[bytes], loader: Loader, ended: Ended) -> Iterator[bytes]:
    """Pass lines on while they are worth it, and see now and then whether somebody cancelled."""
    taken, looked = 0, time.monotonic()
    for line in lines:
        taken += len(line)
        yield line
        if loader.junk_lines > MOST_JUNK or taken > MOST_BYTES:
            ended.reason = "junk" if loader.junk_lines > MOST_JUNK else "flood"
            return
        if time.monotonic() - looked > LOOK_EVERY:
            looked = time.monotonic()
            loader.flush()
            loader.check()


def _is_partial(loader: Loader) -> bool:
    return bool(loader.warnings) or any(each.rejected for each in loader.counts.values())


def _problem(ended: Ended, log: str) -> str:
    """Say why a run failed; "" for one that did not."""
    if ended.refused:
        return _("连接器试图访问设置以外的地址，已拦截：{what}").format(what=ended.refused[0])
    reasons = {
        "idle": _("连接器长时间没有任何输出，已终止。请检查对方系统是否可用。"),
        "too_long": _("同步超过 6 小时，已终止。已到达的数据保留，下次继续。"),
        "junk": _("连接器输出了大量无法识别的内容，已终止。请检查连接器与设置。"),
        "flood": _("数据量超出一次同步的上限，已终止。已到达的数据保留，下次继续。"),
    }
    if ended.reason:
        return reasons[ended.reason]
    if ended.code == 126:
        return _("这台服务器无法提供这个连接器所需的隔离，没有运行。")
    if ended.code:
        said = next((line for line in reversed(log.splitlines()) if line.strip()), "")
        return said or _("连接器异常退出（{code}）。").format(code=ended.code)
    return ""


def _masked(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***") if len(secret) > 3 else text
    return text


def _finish(
    tenant_id: UUID, sync_id: UUID, attempt: int | None, state: str, error: str, log: str = ""
) -> str:
    """Write how a sync ended, and when the connection is read next."""
    with tenant_context(tenant_id):
        mine = Q(id=sync_id, state=SyncState.RUNNING)
        mine = mine if attempt is None else mine & Q(attempt=attempt)
        now = timezone.now()
        if not Sync.objects.filter(mine).update(
            state=state, ended_at=now, error=error[:ERROR_LENGTH], log=log
        ):
            return ""
        connection = Connection.objects.select_for_update(of=("self",)).get(syncs__id=sync_id)
        if state != SyncState.FAILED:
            connection.failures = 0
        elif not connection.is_paused:
            connection.failures += 1
            wait = BACKOFF_MINUTES[min(connection.failures, len(BACKOFF_MINUTES)) - 1]
            connection.next_at = now + dt.timedelta(minutes=wait)
            connection.is_paused = connection.failures >= MOST_FAILURES
        connection.save(update_fields=["failures", "next_at", "is_paused"])
    return state
