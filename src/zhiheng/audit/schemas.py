"""API schemas of the audit log."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class AuditEntryOut(Schema):
    """An entry; ``hash`` and ``previous_hash`` chain it. ``payload`` is null once its content was erased."""

    id: UUID
    seq: int
    at: datetime
    actor_name: str
    user_id: UUID | None
    membership_id: UUID | None
    person_id: UUID | None
    token_id: UUID | None
    verb: str
    subject_type: str
    subject_id: str
    payload: Any
    payload_hash: str
    previous_hash: str
    hash: str

    @staticmethod
    def resolve_actor_name(entry) -> str:
        """Return the name at the time, empty once erased."""
        return entry.payload.actor_name if hasattr(entry, "payload") else ""

    @staticmethod
    def resolve_payload(entry) -> Any:
        """Return the content as JSON."""
        content = entry.payload.content if hasattr(entry, "payload") else None
        return None if content is None else json.loads(content)

    @staticmethod
    def resolve_payload_hash(entry) -> str:
        """Return hexadecimal text."""
        return bytes(entry.payload_hash).hex()

    @staticmethod
    def resolve_previous_hash(entry) -> str:
        """Return hexadecimal text."""
        return bytes(entry.previous_hash).hex()

    @staticmethod
    def resolve_hash(entry) -> str:
        """Return hexadecimal text."""
        return bytes(entry.hash).hex()


class HeadOut(Schema):
    """The signed end of the chain; keep it elsewhere to detect a chain cut short later."""

    seq: int
    hash: str
    at: datetime
    signature: str
    line: str
