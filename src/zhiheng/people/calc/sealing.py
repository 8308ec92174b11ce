"""Sealing of personal identifiers: encryption and a keyed fingerprint, with keys of each tenant's own.

Both keys follow from the product's field key and the tenant by HKDF (RFC 5869, May 2010), so a copy of one
tenant's rows cannot be read with, or matched against, another's.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12


class CannotUnseal(ValueError):
    """The sealed bytes were changed, moved to another row, or sealed with another key."""


@lru_cache(maxsize=256)
def _key(field_key: str, tenant_id: UUID, purpose: str) -> bytes:
    info = b"zhiheng people identifier " + purpose.encode() + tenant_id.bytes
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(field_key.encode())


def seal(field_key: str, tenant_id: UUID, bound_to: str, text: str) -> bytes:
    """Encrypt ``text``; only the same ``bound_to`` (whose identifier, of which kind) opens it again."""
    return seal_bytes(field_key, tenant_id, bound_to, text.encode())


def unseal(field_key: str, tenant_id: UUID, bound_to: str, sealed: bytes) -> str:
    """Decrypt what `seal` made; raise `CannotUnseal` when anything about it differs."""
    return unseal_bytes(field_key, tenant_id, bound_to, sealed).decode()


def seal_bytes(
    field_key: str, tenant_id: UUID, bound_to: str, content: bytes, *, purpose: str = "seal"
) -> bytes:
    """Encrypt ``content`` with the tenant's key for ``purpose``; only the same ``bound_to`` opens it again."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(field_key, tenant_id, purpose)).encrypt(nonce, content, bound_to.encode())
    return _VERSION + nonce + sealed


def unseal_bytes(
    field_key: str, tenant_id: UUID, bound_to: str, sealed: bytes, *, purpose: str = "seal"
) -> bytes:
    """Decrypt what `seal_bytes` made; raise `CannotUnseal` when anything about it differs."""
    head, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if head != _VERSION:
        raise CannotUnseal("unknown version of sealing")
    try:
        return AESGCM(_key(field_key, tenant_id, purpose)).decrypt(nonce, body, bound_to.encode())
    except InvalidTag as error:
        raise CannotUnseal("not sealed with this key for this row") from error


def fingerprint(field_key: str, tenant_id: UUID, kind: str, text: str) -> str:
    """Return what equal identifiers of one kind have in common, without telling what they are."""
    key = _key(field_key, tenant_id, "find")
    return hmac.new(key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()
