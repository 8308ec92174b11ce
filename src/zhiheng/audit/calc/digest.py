"""Canonical JSON and the digests of the audit chain.

Every digest starts with the name of what it is a digest of, so that none can be passed off as another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from uuid import UUID

_ENTRY = b"zhiheng.audit.entry.v1\n"
_PAYLOAD = b"zhiheng.audit.payload.v1\n"
_GENESIS = b"zhiheng.audit.genesis.v1\n"


@dataclass(frozen=True)
class Line:
    """What one entry says, without its own hash; ``seq`` counts from 1 within the tenant."""

    tenant_id: UUID
    seq: int
    id: UUID
    at: datetime
    user_id: UUID | None
    membership_id: UUID | None
    person_id: UUID | None
    token_id: UUID | None
    verb: str
    subject_type: str
    subject_id: str
    payload_hash: bytes
    previous_hash: bytes


def canonical(value: object) -> str:
    """Return ``value`` as JSON in one exact spelling: sorted keys, no spaces, no escapes but the needed ones.

    Decimals, ids, dates and enumerations become strings. Raises `TypeError` for what has no JSON form and
    `ValueError` for numbers that are none.
    """
    text = json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair has no UTF-8


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(each) for each in value), key=repr)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, UUID | date | time) or _is_lazy(value):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in the audit log; pass text or a number")


def _is_lazy(value: object) -> bool:
    """Tell whether ``value`` is a translated text that is made when shown."""
    return type(value).__name__ == "__proxy__"


def instant(at: datetime) -> str:
    """Return an aware instant as UTC text with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def genesis(tenant_id: UUID) -> bytes:
    """Return what the first entry of a tenant names as the hash before it."""
    return hashlib.sha256(_GENESIS + tenant_id.bytes).digest()


def payload_digest(salt: bytes, actor_name: str, content: str) -> bytes:
    """Return the digest of what may be erased; without the salt nobody can find its text by trying."""
    body = canonical({"actor_name": actor_name, "content": content, "salt": salt.hex()})
    return hashlib.sha256(_PAYLOAD + body.encode()).digest()


def entry_digest(line: Line) -> bytes:
    """Return the hash of an entry: over all it says and the hash of the entry before."""
    body = canonical(
        {
            "tenant_id": line.tenant_id,
            "seq": line.seq,
            "id": line.id,
            "at": line.at,
            "user_id": line.user_id,
            "membership_id": line.membership_id,
            "person_id": line.person_id,
            "token_id": line.token_id,
            "verb": line.verb,
            "subject_type": line.subject_type,
            "subject_id": line.subject_id,
            "payload_hash": line.payload_hash.hex(),
            "previous_hash": line.previous_hash.hex(),
        }
    )
    return hashlib.sha256(_ENTRY + body.encode()).digest()
