"""Adding records: in bulk, unchanged rows left alone, changed ones as new revisions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhiheng.integrations.calc.payload import Scalar, payload_hash, payload_text
from zhiheng.integrations.models import Change
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.keys import uuid7

CHUNK = 10_000
_COLUMNS = (
    ("id", "uuid"), ("legal_entity_id", "uuid"), ("key", "text"), ("revision", "int"),
    ("occurred_on", "date"), ("payload", "text"), ("payload_hash", "text"), ("person_id", "uuid"),
    ("org_unit_id", "uuid"),
    ("is_withdrawn", "boolean"), ("row_number", "int"), ("origin_id", "uuid"), ("origin_revision", "int"),
)  # fmt: skip
# Row-level security refuses COPY ... FROM; arrays are as good, and Citus routes them by the tenant.
_INSERT = (  # noqa: S608 - only names from this module are put in
    "INSERT INTO integrations_record (tenant_id, stream_id, batch_id, received_at, {names}) "
    "SELECT %s, %s, %s, %s, {values} FROM unnest({arrays}) AS new ({names})"
).format(
    names=", ".join(name for name, _kind in _COLUMNS),
    values=", ".join("payload::jsonb" if name == "payload" else name for name, _kind in _COLUMNS),
    arrays=", ".join(f"%s::{kind}[]" for _name, kind in _COLUMNS),
)
_LATEST = """
SELECT DISTINCT ON (key) key, revision, payload_hash, person_id, org_unit_id, is_withdrawn, occurred_on
FROM integrations_record
WHERE tenant_id = %s AND stream_id = %s AND (%s::text[] IS NULL OR key = ANY(%s::text[]))
ORDER BY key, revision DESC
"""
FEW = 2_000
"""Up to so many rows are looked up by their keys, more by reading the whole stream."""
# Whoever adds facts holds this shared until it commits; who freezes a moment waits for them all.
_LOCK = "SELECT pg_advisory_xact_lock{shared}(hashtextextended('facts ' || %s::text, 0))"


@dataclass(frozen=True)
class NewRecord:
    """A row to add; ``payload`` is in canonical form, ``origin`` the raw row it was made of and its revision."""

    key: str
    occurred_on: dt.date
    payload: dict[str, Scalar]
    legal_entity_id: UUID
    person_id: UUID | None = None
    org_unit_id: UUID | None = None
    row_number: int | None = None
    is_withdrawn: bool = False
    origin: tuple[UUID, int] | None = None


@dataclass(frozen=True)
class Added:
    """How many rows were new, changed what was there, or equal to it."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def begin_adding_facts() -> dt.datetime:
    """Return the instant to give to facts that this transaction adds.

    Together with `freeze_facts` it makes "all facts received up to an instant" a set that never grows.
    """
    _lock(is_shared=True)
    return timezone.now()


def freeze_facts() -> dt.datetime:
    """Wait for all who are adding facts, keep others out until this transaction ends; return the instant."""
    _lock(is_shared=False)
    return timezone.now()


def _lock(*, is_shared: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(shared="_shared" if is_shared else ""), [current_tenant_id()])


def add_records(
    *,
    stream_id: UUID,
    rows: Sequence[NewRecord],
    batch_id: UUID | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Added:
    """Add rows of a stream in the caller's transaction; two rows of one key must not be among them."""
    received_at = begin_adding_facts()
    latest = _latest(stream_id, [row.key for row in rows] if len(rows) <= FEW else None)
    fresh: list[tuple[NewRecord, int, str]] = []
    created = 0
    for row in rows:
        digest = payload_hash(row.payload)
        before = latest.get(row.key)
        if before is not None and before[1:5] == (digest, row.person_id, row.org_unit_id, row.is_withdrawn):
            continue
        created += before is None or before[4]
        fresh.append((row, before[0] + 1 if before else 1, digest))
    head = (current_tenant_id(), stream_id, batch_id, received_at)
    for start in range(0, len(fresh), CHUNK):
        _insert(head, fresh[start : start + CHUNK])
        if progress:
            progress(min(start + CHUNK, len(fresh)), len(fresh))
    changed = [row for row, _revision, _digest in fresh]
    _note_change(
        stream_id,
        [row.occurred_on for row in changed] + [latest[r.key][5] for r in changed if r.key in latest],
    )
    return Added(created, len(fresh) - created, len(rows) - len(fresh))


def _note_change(stream_id: UUID, days: Sequence[dt.date]) -> None:
    """Leave word that records of these days changed; days that old revisions stood on are among them."""
    if days:
        Change.objects.create(stream_id=stream_id, first_on=min(days), last_on=max(days))


def _latest(stream_id: UUID, keys: list[str] | None) -> dict[str, tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [current_tenant_id(), stream_id, keys, keys])
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _insert(head: tuple, fresh: Iterable[tuple[NewRecord, int, str]]) -> None:
    rows = [
        (
            uuid7(), row.legal_entity_id, row.key, revision, row.occurred_on,
            payload_text(row.payload), digest, row.person_id, row.org_unit_id, row.is_withdrawn,
            row.row_number, *(row.origin or (None, None)),
        )
        for row, revision, digest in fresh
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*head, *(list(column) for column in zip(*rows, strict=True))])


def withdraw_batch(*, batch_id: UUID) -> tuple[int, int]:
    """Take a batch back by new revisions: what it created is withdrawn, what it changed is as before.

    Returns both counts. Raises `ChangedSince` when a later batch changed one of the rows.
    """
    received_at = begin_adding_facts()
    params = [current_tenant_id(), batch_id]
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_SINCE, params)
        if changed := cursor.fetchone():
            raise ChangedSince(changed[0])
        cursor.execute(_BEFORE, params)
        rows = cursor.fetchall()
    by_stream: dict[UUID, list[tuple[NewRecord, int, str]]] = {}
    days: dict[UUID, list[dt.date]] = {}
    for stream_id, key, revision, payload, digest, day, entity, person, unit, is_withdrawn, day_now in rows:
        old = NewRecord(key, day, json.loads(payload), entity, person, unit, None, is_withdrawn)
        by_stream.setdefault(stream_id, []).append((old, revision + 1, digest))
        days.setdefault(stream_id, []).extend([day, day_now])
    for stream_id, fresh in by_stream.items():
        _insert((params[0], stream_id, batch_id, received_at), fresh)
        _note_change(stream_id, days[stream_id])
    withdrawn = sum(row[-2] for row in rows)
    return withdrawn, len(rows) - withdrawn


def forget_changes(change_ids: Iterable[UUID]) -> None:
    """Take changes away whose figures are up to date again, in the transaction that made them so."""
    Change.objects.filter(id__in=list(change_ids)).delete()


class ChangedSince(Exception):
    """A later import changed a row of the batch; the argument is the row's key."""


_CHANGED_SINCE = """
SELECT mine.key FROM integrations_record mine JOIN integrations_record later
  ON later.tenant_id = mine.tenant_id AND later.stream_id = mine.stream_id AND later.key = mine.key
 AND later.revision > mine.revision
WHERE mine.tenant_id = %s AND mine.batch_id = %s LIMIT 1
"""
# What each row of the batch was before it; a row that was not there stands as itself, withdrawn.
_BEFORE = """
SELECT mine.stream_id, mine.key, mine.revision, coalesce(old.payload, mine.payload)::text,
       coalesce(old.payload_hash, mine.payload_hash), coalesce(old.occurred_on, mine.occurred_on),
       coalesce(old.legal_entity_id, mine.legal_entity_id),
       CASE WHEN old.id IS NULL THEN mine.person_id ELSE old.person_id END,
       CASE WHEN old.id IS NULL THEN mine.org_unit_id ELSE old.org_unit_id END,
       coalesce(old.is_withdrawn, true), mine.occurred_on
FROM integrations_record mine LEFT JOIN integrations_record old
  ON old.tenant_id = mine.tenant_id AND old.stream_id = mine.stream_id AND old.key = mine.key
 AND old.revision = mine.revision - 1
WHERE mine.tenant_id = %s AND mine.batch_id = %s
"""
