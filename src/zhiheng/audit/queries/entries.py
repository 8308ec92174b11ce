"""Entries as people read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.audit.choices import FindingKind
from zhiheng.audit.models import AuditEntry
from zhiheng.audit.policies import READ_ENTRY

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

VERIFY_VERB = "audit.chain.verify"


@dataclass(frozen=True)
class FoundText:
    """A finding in words: what is wrong, and with which entries."""

    label: str
    place: str


@dataclass(frozen=True)
class LastCheck:
    """The last verification of the chain that somebody asked for."""

    at: datetime
    entry_count: int
    finding_count: int
    findings: tuple[FoundText, ...]

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing was wrong."""
        return not self.finding_count


def entries_for_actor(actor: Actor) -> QuerySet[AuditEntry]:
    """Return the tenant's entries with their payloads, for who may read the log."""
    actor.scope(READ_ENTRY)
    return AuditEntry.objects.select_related("payload")


def entry_for_actor(actor: Actor, entry_id: UUID) -> AuditEntry:
    """Return an entry; raise `Http404` if there is none."""
    entry = entries_for_actor(actor).filter(id=entry_id).first()
    if entry is None:
        raise Http404
    return entry


def payload_text(entry: AuditEntry) -> str | None:
    """Return the content for reading, indented; ``None`` when it was erased or is missing."""
    payload = getattr(entry, "payload", None)
    if payload is None or payload.content is None:
        return None
    try:
        return json.dumps(json.loads(payload.content), ensure_ascii=False, indent=2)
    except ValueError:  # tampered with: show what is there
        return payload.content


def last_check(actor: Actor) -> LastCheck | None:
    """Return the last recorded verification; ``None`` if there was none or its result was erased."""
    entry = entries_for_actor(actor).filter(verb=VERIFY_VERB).order_by("-seq").first()
    if entry is None or not payload_text(entry):
        return None
    said = json.loads(entry.payload.content)
    findings = tuple(_found(each) for each in said["findings"])
    return LastCheck(entry.at, said["entry_count"], said["finding_count"], findings)


def _found(finding: dict) -> FoundText:
    kind, first, last = finding["kind"], finding["seq"], finding["to_seq"]
    label = FindingKind(kind).label if kind in FindingKind.values else kind
    return FoundText(str(label), f"#{first}" if first == last else f"#{first}–{last}")
