"""Storing what a connector prints, with the effect of exactly once.

Rows go in by batches; each batch is a transaction that keeps the revision before, writes rows whose content differs,
and moves the connector's state on. A row that is sent again changes nothing, and a state is never ahead of its rows, so
that after a crash the connector is simply started again from the state that was stored.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.connectors.calc.messages import (
    Complete,
    Deleted,
    Junk,
    Reader,
    Rejected,
    Row,
    Schema,
    State,
    drift,
)
from zhiheng.connectors.choices import SyncState
from zhiheng.connectors.models import Connection, Feed, Sync
from zhiheng.tenancy.context import tenant_context

BATCH = 5_000
MOST_SAMPLES = 20
MOST_DRIFT = 100
MOST_MISSING = 0.5
"""A feed that suddenly lacks a larger share of its rows is more likely broken than emptied."""
FEW_ROWS = 20

_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged_rows (key text, payload text, digest text) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS seen_rows (feed_id uuid, key text) ON COMMIT PRESERVE ROWS
"""
# Whatever the planner believes of a table that grows while it is loaded: one look into the index for each staged row.
_FOUND = """
staged_rows s CROSS JOIN LATERAL (
    SELECT * FROM connectors_rawrow
    WHERE tenant_id = %(tenant)s AND feed_id = %(feed)s AND key = s.key OFFSET 0
) r
"""
_KEEP = f"""
INSERT INTO connectors_rawrevision
    (tenant_id, id, row_id, revision, payload, payload_hash, is_deleted, sync_id, changed_at)
SELECT r.tenant_id, uuidv7(), r.id, r.revision, r.payload, r.payload_hash, r.is_deleted, r.sync_id, r.changed_at
FROM {_FOUND} WHERE r.payload_hash <> s.digest OR r.is_deleted
"""  # noqa: S608 - names of this module only
_PUT = """
WITH put AS (
    INSERT INTO connectors_rawrow AS r (tenant_id, id, feed_id, key, revision, payload, payload_hash, is_deleted,
        sync_id, first_seen_at, changed_at)
    SELECT %(tenant)s, uuidv7(), %(feed)s, s.key, 1, s.payload::jsonb, s.digest, false, %(sync)s, %(now)s, %(now)s
    FROM staged_rows s
    ON CONFLICT (tenant_id, feed_id, key) DO UPDATE SET revision = r.revision + 1, payload = excluded.payload,
        payload_hash = excluded.payload_hash, is_deleted = false, sync_id = excluded.sync_id,
        changed_at = excluded.changed_at
    WHERE r.payload_hash <> excluded.payload_hash OR r.is_deleted
    RETURNING revision
)
SELECT count(*) FILTER (WHERE revision = 1), count(*) FILTER (WHERE revision > 1) FROM put
"""
_SEE = "INSERT INTO seen_rows SELECT %(feed)s, key FROM staged_rows"
_STAGE_MISSING = """
INSERT INTO staged_rows (key) SELECT r.key FROM connectors_rawrow r
WHERE r.tenant_id = %(tenant)s AND r.feed_id = %(feed)s AND NOT r.is_deleted
    AND NOT EXISTS (SELECT 1 FROM seen_rows seen WHERE seen.feed_id = %(feed)s AND seen.key = r.key)
"""
_KEEP_DELETED = _KEEP.replace("r.payload_hash <> s.digest OR r.is_deleted", "NOT r.is_deleted")
_DELETE = f"""
UPDATE connectors_rawrow SET is_deleted = true, revision = revision + 1, sync_id = %(sync)s, changed_at = %(now)s
WHERE tenant_id = %(tenant)s AND id = ANY(ARRAY(SELECT r.id FROM {_FOUND} WHERE NOT r.is_deleted))
"""  # noqa: S608 - names of this module only
_COUNT = """
UPDATE connectors_feed SET row_count = greatest(0, row_count + %(more)s),
    last_received_at = CASE WHEN %(received)s THEN %(now)s ELSE last_received_at END
WHERE tenant_id = %(tenant)s AND id = %(feed)s
"""


class Superseded(Exception):
    """Another attempt has taken the sync over, or it was cancelled: this one must not write any more."""


@dataclass
class Counts:
    """What a sync brought of a feed."""

    received: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0


@dataclass
class _Buffer:
    """Rows of a feed that wait to be stored."""

    rows: dict[str, tuple[str, str]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


class Loader:
    """Loads one sync; give it lines, then call `finish`. Not for two threads, and outside of any transaction."""

    def __init__(
        self,
        *,
        tenant_id: UUID,
        sync_id: UUID,
        attempt: int,
        names: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """``names``: what feeds are called that come for the first time, by code: name, name_en, business_object."""
        self.tenant_id, self.sync_id, self.attempt = tenant_id, sync_id, attempt
        self.names = names or {}
        self.counts: dict[str, Counts] = {}
        self.samples: list[dict[str, str]] = []
        self.junk_lines = 0
        self.warnings: list[str] = []
        self.changed_feeds: set[UUID] = set()
        self._buffers: dict[str, _Buffer] = {}
        self._waiting = 0
        self._prepare()

    def _prepare(self) -> None:
        with tenant_context(self.tenant_id):
            sync = Sync.objects.select_related("connection").get(id=self.sync_id)
            self.connection_id, self.accepts_deletions = sync.connection_id, sync.accepts_deletions
            self.feeds = {each.code: each for each in Feed.objects.filter(connection_id=self.connection_id)}
            self.junk_lines, self.samples = sync.junk_lines, list(sync.samples)
            self.counts = {code: Counts(**figures) for code, figures in sync.counts.items()}
            with connection.cursor() as cursor:
                cursor.execute(_STAGE)
                cursor.execute("TRUNCATE seen_rows")
        self.reader = Reader({code: feed.key_fields for code, feed in self.feeds.items() if feed.key_fields})

    def load(self, lines: Iterable[bytes]) -> None:
        """Take lines as they come."""
        read = self.reader.read
        for line in lines:
            message = read(line)
            if type(message) is Row:
                self._take(message)
            elif message is not None:
                self._handle(message)

    def _take(self, row: Row) -> None:
        stream, key, payload, digest = row
        feed = self.feeds.get(stream)
        if feed is None or not feed.is_selected:
            return
        buffer = self._buffers.setdefault(stream, _Buffer())
        before = buffer.rows.get(key)
        if (before is not None and before[1] != digest) or key in buffer.deleted:
            self.flush()  # both contents are kept, each as a revision
            buffer = self._buffers.setdefault(stream, _Buffer())
        buffer.rows[key] = (payload, digest)
        self._count(stream).received += 1
        self._waiting += 1
        if self._waiting >= BATCH:
            self.flush()

    def _handle(self, message: Schema | State | Deleted | Complete | Rejected | Junk) -> None:
        match message:
            case State():
                self.flush(state=message.text)
            case Schema():
                self.flush()
                self._declare(message)
            case Deleted():
                self._take_deleted(message)
            case Complete():
                self.flush()
                self._reconcile(message.stream)
            case Rejected():
                if message.stream:
                    self._count(message.stream).rejected += 1
                else:
                    self.junk_lines += 1
                self._sample(message.stream, message.problem, message.text)
            case Junk():
                self.junk_lines += 1
                self._sample("", "junk", message.text)

    def _count(self, stream: str) -> Counts:
        return self.counts.setdefault(stream, Counts())

    def _sample(self, stream: str, problem: str, text: str) -> None:
        if len(self.samples) < MOST_SAMPLES:
            self.samples.append({"feed": stream, "problem": problem, "text": text})

    def _take_deleted(self, message: Deleted) -> None:
        feed = self.feeds.get(message.stream)
        if feed is None or not feed.is_selected:
            return
        buffer = self._buffers.setdefault(message.stream, _Buffer())
        if message.key in buffer.rows:
            self.flush()
            buffer = self._buffers.setdefault(message.stream, _Buffer())
        buffer.deleted.add(message.key)

    # --- Writing ------------------------------------------------------------------------------------------

    def flush(self, state: str | None = None) -> None:
        """Store what waits, and the state that holds after it, in one transaction."""
        buffers, self._buffers, self._waiting = self._buffers, {}, 0
        if not buffers and state is None:
            return
        with tenant_context(self.tenant_id), connection.cursor() as cursor:
            for stream, buffer in buffers.items():
                self._store(cursor, self.feeds[stream], buffer)
            self._note(state)

    def check(self) -> None:
        """Raise `Superseded` if this attempt does not count any more."""
        with tenant_context(self.tenant_id):
            self._note(None)

    def _note(self, state: str | None) -> None:
        """Write counts and state, if this attempt is still the one that counts."""
        figures = {
            "counts": {code: vars(each) for code, each in self.counts.items()},
            "junk_lines": self.junk_lines,
            "samples": self.samples,
        }
        mine = Sync.objects.filter(id=self.sync_id, attempt=self.attempt, state=SyncState.RUNNING)
        if not mine.update(**figures):
            raise Superseded
        if state is not None:
            Connection.objects.filter(id=self.connection_id).update(state=json.loads(state))

    def _store(self, cursor, feed: Feed, buffer: _Buffer) -> None:
        values = self._values(feed)
        counts = self._count(feed.code)
        created = changed = deleted = 0
        if buffer.rows:
            self._stage(cursor, ((key, *content) for key, content in buffer.rows.items()))
            cursor.execute(_KEEP, values)
            cursor.execute(_PUT, values)
            created, changed = cursor.fetchone()
            if feed.is_complete:
                cursor.execute(_SEE, values)
        if buffer.deleted:
            self._stage(cursor, ((key, "", "") for key in buffer.deleted))
            deleted = self._delete(cursor, values)
        counts.created += created
        counts.changed += changed
        counts.unchanged += len(buffer.rows) - created - changed
        counts.deleted += deleted
        self._counted(cursor, feed, created - deleted, bool(buffer.rows), values)
        if created or changed or deleted:
            self.changed_feeds.add(feed.id)

    def _values(self, feed: Feed) -> dict[str, object]:
        now: dt.datetime = timezone.now()
        return {"tenant": self.tenant_id, "feed": feed.id, "sync": self.sync_id, "now": now}

    @staticmethod
    def _stage(cursor, rows: Iterable[tuple[str, str, str]]) -> None:
        cursor.execute("DELETE FROM staged_rows")
        text = "".join([f"{_escaped(key)}\t{_escaped(payload)}\t{digest}\n" for key, payload, digest in rows])
        with cursor.copy("COPY staged_rows FROM STDIN") as copy:
            copy.write(text)
        cursor.execute("ANALYZE staged_rows")

    @staticmethod
    def _delete(cursor, values: dict[str, object]) -> int:
        """Mark the staged keys as deleted at the source; return how many were not yet."""
        cursor.execute(_KEEP_DELETED, values)
        cursor.execute(_DELETE, values)
        return cursor.rowcount

    @staticmethod
    def _counted(cursor, feed: Feed, more: int, is_received: bool, values: dict[str, object]) -> None:
        cursor.execute(_COUNT, {**values, "more": more, "received": is_received})

    def _reconcile(self, stream: str) -> None:
        """Delete the rows that a complete stream did not send, unless they are suspiciously many."""
        feed = self.feeds.get(stream)
        if feed is None or not feed.is_complete or not feed.is_selected:
            return
        with tenant_context(self.tenant_id), connection.cursor() as cursor:
            values = self._values(feed)
            cursor.execute("DELETE FROM staged_rows")
            cursor.execute("ANALYZE seen_rows")  # compared as a whole, once
            cursor.execute(_STAGE_MISSING, values)
            missing = cursor.rowcount
            feed.refresh_from_db(fields=["row_count"])
            is_suspicious = missing > FEW_ROWS and missing > feed.row_count * MOST_MISSING
            if is_suspicious and not self.accepts_deletions:
                text = _(
                    "来源的「{feed}」少了 {count} 行，超过一半，没有当作删除处理。"
                    "确认无误后，请选择“允许大量删除”再同步一次。"
                )
                self.warnings.append(text.format(feed=feed.label, count=missing))
                return
            deleted = self._delete(cursor, values) if missing else 0
            self._count(stream).deleted += deleted
            self._counted(cursor, feed, -deleted, False, values)
            if deleted:
                self.changed_feeds.add(feed.id)
            self._note(None)

    def _declare(self, schema: Schema) -> None:
        """Take over what a stream declares; what changed against the last time is kept to be shown."""
        with tenant_context(self.tenant_id):
            named = self.names.get(schema.stream, {"name": schema.stream})
            feed = self.feeds.get(schema.stream) or Feed(
                connection_id=self.connection_id, code=schema.stream, **named
            )
            now = timezone.now().isoformat()
            changes = (
                [
                    {"field": name, "was": was, "now": kind, "seen_at": now}
                    for name, was, kind in drift(feed.schema.get("properties", {}), schema.properties)
                ]
                if feed.schema
                else []
            )
            feed.key_fields, feed.is_complete = list(schema.key_fields), schema.is_complete
            feed.schema = json.loads(json.dumps({"properties": schema.properties}, default=str))
            feed.drift = [*changes, *feed.drift][:MOST_DRIFT]
            feed.save()
            self.feeds[schema.stream] = feed

    def finish(self) -> None:
        """Store the rest. A connector that ended well has said its last state before."""
        self.flush()


def _escaped(text: str) -> str:
    """Return a text as COPY reads it."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\t" in text or "\n" in text or "\r" in text:
        text = text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text
