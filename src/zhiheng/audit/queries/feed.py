"""The log as others follow it: what happened after a place in it, without the content that can be erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from zhiheng.audit.models import AuditEntry


@dataclass(frozen=True)
class EntryInfo:
    """An entry as other domains see it."""

    id: UUID
    seq: int
    verb: str
    at: dt.datetime
    subject_type: str
    subject_id: str


def entries_after(seq: int, domains: Sequence[str] = (), limit: int = 100) -> list[EntryInfo]:
    """Return the entries of the tenant in force after a place, oldest first, of some domains or of all."""
    wanted = Q()
    for domain in domains:
        wanted |= Q(verb__startswith=f"{domain}.")
    columns = ("id", "seq", "verb", "at", "subject_type", "subject_id")
    rows = AuditEntry.objects.filter(wanted, seq__gt=seq).order_by("seq").values_list(*columns)
    return [EntryInfo(*row) for row in rows[:limit]]


def latest_seq() -> int:
    """Return the place of the last entry of the tenant in force; 0 before the first."""
    return AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
