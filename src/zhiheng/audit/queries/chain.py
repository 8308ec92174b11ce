"""The chain as it is in the database: entries in order, signed head, verification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from zhiheng.audit.calc.chain import Finding, Payload, Stored, check_chain
from zhiheng.audit.calc.digest import Line
from zhiheng.audit.calc.head import Head, signing_key
from zhiheng.audit.models import AuditEntry, AuditHead, AuditPayload
from zhiheng.tenancy.context import tenant_context

CHUNK = 2000
_LINE = tuple(Line.__dataclass_fields__)
_BINARY = ("payload_hash", "previous_hash")


@dataclass(frozen=True)
class VerifyReport:
    """The result of verifying a tenant's chain; ``findings`` is empty when nothing is wrong."""

    tenant_id: UUID
    verified_at: datetime
    entry_count: int
    erased_count: int
    exported_count: int
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings


def stored_entries() -> Iterator[Stored]:
    """Yield the entries of the current tenant in order.

    Their payloads are fetched chunk by chunk: a join of the whole would be at the mercy of the planner.
    """
    rows = AuditEntry.objects.order_by("seq", "id").values(*_LINE, "hash").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        payloads = _payloads([row["id"] for row in chunk])
        for row in chunk:
            yield _stored(row, payloads.get(row["id"]))


def _payloads(entry_ids: list[UUID]) -> dict[UUID, Payload]:
    columns = ("entry_id", "salt", "actor_name", "content")
    rows = AuditPayload.objects.filter(entry_id__in=entry_ids).values_list(*columns)
    return {
        entry_id: Payload(None if salt is None else bytes(salt), name, content)
        for entry_id, salt, name, content in rows
    }


def _stored(row: dict, payload: Payload | None) -> Stored:
    fields = {name: bytes(row[name]) if name in _BINARY else row[name] for name in _LINE}
    return Stored(Line(**fields), bytes(row["hash"]), payload)


def current_head() -> Head | None:
    """Return the signed end of the current tenant's chain; ``None`` before its first entry."""
    row = AuditHead.objects.first()
    if row is None:
        return None
    return Head(row.tenant_id, row.seq, bytes(row.hash), row.at, bytes(row.signature))


def verify(tenant_id: UUID, heads: Sequence[Head] | None = None) -> VerifyReport:
    """Verify the chain of a tenant, also against ``heads`` that were exported earlier (of any tenants).

    Nobody waits for it while all is well. Should something be wrong, which may only be an entry written
    between reading the head and reading the chain, it is read again with writers held off.
    """
    exported = [each for each in heads or () if each.tenant_id == tenant_id]
    public = signing_key(settings.ENV.audit_key).public_key()
    with tenant_context(tenant_id):
        verdict = check_chain(tenant_id, stored_entries, current_head(), exported, public)
        if verdict.findings:
            AuditHead.objects.select_for_update().first()
            verdict = check_chain(tenant_id, stored_entries, current_head(), exported, public)
    return VerifyReport(
        tenant_id=tenant_id,
        verified_at=timezone.now(),
        entry_count=verdict.entry_count,
        erased_count=verdict.erased_count,
        exported_count=len(exported),
        findings=verdict.findings,
    )
