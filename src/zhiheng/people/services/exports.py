"""Exports leave a trace."""

from __future__ import annotations

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.policies import EXPORT_PERSON


def record_export(*, actor: Actor, file_format: str, count: int) -> None:
    """Record that somebody took a list of people out."""
    actor.scope(EXPORT_PERSON)
    payload = {"format": file_format, "count": count}
    record(actor, "people.person.export", subject=("tenancy.tenant", actor.tenant_id), payload=payload)
