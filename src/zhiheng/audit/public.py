"""What other domains use of the audit log: record what was done; verify and export the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from zhiheng.audit.calc.chain import Finding
from zhiheng.audit.calc.head import BadHead, Head
from zhiheng.audit.policies import VERIFY_CHAIN
from zhiheng.audit.queries.chain import VerifyReport, verify
from zhiheng.audit.queries.feed import EntryInfo, entries_after, latest_seq
from zhiheng.audit.queries.labels import domain_choices, name_subjects, verb_label
from zhiheng.audit.services import erase
from zhiheng.audit.services import verify as verification
from zhiheng.audit.services.append import Event, record_events
from zhiheng.audit.services.heads import export_head, load_heads

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

__all__ = [
    "VERIFY_CHAIN", "BadHead", "EntryInfo", "Event", "Finding", "Head", "VerifyReport", "domain_choices",
    "entries_after", "erase_payload", "export_head", "latest_seq", "load_heads", "name_subjects", "record",
    "record_many", "verb_label", "verify", "verify_chain",
]  # fmt: skip


def record(
    actor: Actor, verb: str, *, subject: tuple[str, object], payload: Mapping[str, object] | None = None
) -> UUID:
    """Record that ``actor`` did ``verb`` to ``subject`` (type and id); return the entry's id.

    Call it in the transaction of the work: the entry is written with it or not at all. ``payload`` is what a
    reader needs to understand the change, such as ``{"before": {…}, "after": {…}}``; decimals, dates, ids and
    translated texts are welcome. Put personal data nowhere else: only the payload can be erased.
    """
    return record_events(actor=actor, events=[Event(verb, subject, payload)])[0]


def record_many(actor: Actor, events: Iterable[Event]) -> list[UUID]:
    """Record many things at once; return the entries' ids in order."""
    return record_events(actor=actor, events=events)


def erase_payload(actor: Actor, entry_id: UUID, reason: str) -> None:
    """Erase the personal data of an entry, keeping the chain whole; needs ``audit.payload.erase``."""
    erase.erase_payload(actor=actor, entry_id=entry_id, reason=reason)


def verify_chain(actor: Actor) -> VerifyReport:
    """Verify the chain of the actor's tenant and record the result; needs ``audit.chain.verify``."""
    return verification.verify_chain(actor=actor)
