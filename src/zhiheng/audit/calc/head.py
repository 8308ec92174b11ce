"""Signed heads: the last entry of a chain, vouched for by a key that is not in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from zhiheng.audit.calc.digest import canonical, instant

_HEAD = b"zhiheng.audit.head.v1\n"
_KEY_INFO = b"zhiheng.audit.signing-key.v1"


class BadHead(ValueError):
    """A line of exported heads cannot be read; the message names the line."""


@dataclass(frozen=True)
class Head:
    """The end of a tenant's chain at a time, with its Ed25519 signature."""

    tenant_id: UUID
    seq: int
    hash: bytes
    at: datetime
    signature: bytes

    def as_json(self) -> str:
        """Return the head as one line to keep outside the database."""
        return canonical(
            {
                "tenant_id": self.tenant_id,
                "seq": self.seq,
                "hash": self.hash.hex(),
                "at": self.at,
                "signature": self.signature.hex(),
            }
        )


def signing_key(secret: str) -> Ed25519PrivateKey:
    """Derive the signing key from the installation's audit secret."""
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_KEY_INFO).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def key_fingerprint(key: Ed25519PrivateKey) -> str:
    """Return the public key as hexadecimal text, to tell which installation signed."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign_head(key: Ed25519PrivateKey, *, tenant_id: UUID, seq: int, hash_: bytes, at: datetime) -> Head:
    """Return the signed head of a chain."""
    return Head(tenant_id, seq, hash_, at, key.sign(_message(tenant_id, seq, hash_, at)))


def is_signed(head: Head, public: Ed25519PublicKey) -> bool:
    """Tell whether the signature of a head is genuine."""
    try:
        public.verify(head.signature, _message(head.tenant_id, head.seq, head.hash, head.at))
    except InvalidSignature:
        return False
    return True


def _message(tenant_id: UUID, seq: int, hash_: bytes, at: datetime) -> bytes:
    fields = {"tenant_id": tenant_id, "seq": seq, "hash": hash_.hex(), "at": instant(at)}
    return _HEAD + canonical(fields).encode()


def parse_heads(lines: Iterable[str]) -> list[Head]:
    """Read exported heads, one JSON object a line; blank lines are skipped. Raises `BadHead`."""
    return [_parse(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _parse(number: int, line: str) -> Head:
    try:
        fields = json.loads(line)
        return Head(
            tenant_id=UUID(fields["tenant_id"]),
            seq=int(fields["seq"]),
            hash=bytes.fromhex(fields["hash"]),
            at=datetime.fromisoformat(fields["at"]),
            signature=bytes.fromhex(fields["signature"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadHead(f"line {number} is no signed head: {line.strip()[:80]}") from error
