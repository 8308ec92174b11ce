"""Appending to the audit chain.

Entries are gathered while the work goes on and written as its last act, in its transaction: one lock, taken
for the moment before the commit, and four statements however many entries there are. What is rolled back,
wholly or to a savepoint, takes its entries along; should writing them fail, the work is rolled back too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from zhiheng.audit.calc.digest import Line, canonical, entry_digest, genesis, payload_digest
from zhiheng.audit.calc.head import sign_head, signing_key
from zhiheng.audit.models import AuditEntry, AuditHead, AuditPayload
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.keys import uuid7

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

_BATCH = 2000


@dataclass(frozen=True)
class Event:
    """Something to record: a verb such as ``people.person.create`` and what it was done to."""

    verb: str
    subject: tuple[str, object]
    payload: Mapping[str, object] | None = None


class NotWritten(RuntimeError):
    """A transaction was committed whose audit entries were not; it ended outside ``tenant_context``."""


@dataclass
class _Pending:
    """Entries that wait for the end of their transaction.

    It stands in the list of what Django does on commit, for there alone a rollback to a savepoint removes it.
    """

    tenant_id: UUID
    drafts: list[_Draft]
    is_written: bool = False

    def __call__(self) -> None:
        if not self.is_written:
            raise NotWritten(f"{len(self.drafts)} audit entries of tenant {self.tenant_id}")


@dataclass(frozen=True)
class _Draft:
    id: UUID
    actor: Actor
    verb: str
    subject_type: str
    subject_id: str
    content: str


@cache
def key() -> Ed25519PrivateKey:
    """Return this installation's signing key."""
    return signing_key(settings.ENV.audit_key)


def record_events(*, actor: Actor, events: Iterable[Event]) -> list[UUID]:
    """Record what ``actor`` did, in the current transaction; return the entries' ids.

    The entries appear in the log when the surrounding tenant context ends. Raises `ValueError` if the actor
    is of another tenant and `TypeError` for a payload that has no JSON form.
    """
    if actor.tenant_id != current_tenant_id():
        raise ValueError("the actor belongs to another tenant than the work")
    drafts = [_draft(actor, each) for each in events]
    if drafts:
        transaction.on_commit(_Pending(actor.tenant_id, drafts))
    return [each.id for each in drafts]


def _draft(actor: Actor, event: Event) -> _Draft:
    kind, subject_id = event.subject
    return _Draft(uuid7(), actor, event.verb, kind, str(subject_id), canonical(event.payload or {}))


def write_pending() -> None:
    """Write the entries of the current tenant that wait for the end of the transaction."""
    tenant_id = current_tenant_id()
    waiting = [
        each
        for _savepoints, each, _robust in connection.run_on_commit
        if isinstance(each, _Pending) and each.tenant_id == tenant_id and not each.is_written
    ]
    if waiting:
        _append(tenant_id, [draft for each in waiting for draft in each.drafts])
    for each in waiting:
        each.is_written = True


def _append(tenant_id: UUID, drafts: list[_Draft]) -> None:
    head = _lock_head(tenant_id)
    now = timezone.now()
    entries, payloads = [], []
    for draft in drafts:
        entry, payload = _link(tenant_id, head, draft, now)
        entries.append(entry)
        payloads.append(payload)
        head.seq, head.hash = entry.seq, entry.hash
    AuditEntry.objects.bulk_create(entries, batch_size=_BATCH)
    AuditPayload.objects.bulk_create(payloads, batch_size=_BATCH)
    signed = sign_head(key(), tenant_id=tenant_id, seq=head.seq, hash_=head.hash, at=now)
    head.at, head.signature = signed.at, signed.signature
    head.save(update_fields=["seq", "hash", "at", "signature"])


def _lock_head(tenant_id: UUID) -> AuditHead:
    """Return the tenant's head, locked until the transaction ends; make it for a tenant's first entry."""
    locked = AuditHead.objects.select_for_update()
    if (head := locked.first()) is None:
        first = AuditHead(seq=0, hash=genesis(tenant_id), at=timezone.now(), signature=b"")
        AuditHead.objects.bulk_create([first], ignore_conflicts=True)
        head = locked.get()
    head.hash = bytes(head.hash)
    return head


def _link(tenant_id: UUID, head: AuditHead, draft: _Draft, at: datetime) -> tuple[AuditEntry, AuditPayload]:
    """Return the rows of one entry, chained to ``head``."""
    salt, name = secrets.token_bytes(32), draft.actor.name[:120]
    line = Line(
        tenant_id=tenant_id,
        seq=head.seq + 1,
        id=draft.id,
        at=at,
        user_id=draft.actor.user_id,
        membership_id=draft.actor.membership_id,
        person_id=draft.actor.person_id,
        token_id=draft.actor.token_id,
        verb=draft.verb,
        subject_type=draft.subject_type,
        subject_id=draft.subject_id,
        payload_hash=payload_digest(salt, name, draft.content),
        previous_hash=head.hash,
    )
    entry = AuditEntry(
        **{name_: getattr(line, name_) for name_ in Line.__dataclass_fields__}, hash=entry_digest(line)
    )
    return entry, AuditPayload(entry=entry, actor_name=name, content=draft.content, salt=salt)
