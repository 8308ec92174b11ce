"""Secrets that are shown once and kept as hashes: API tokens and invitation links.

They are 256 random bits, so a plain SHA-256 is as good as a slow hash and costs nothing per request. The
tenant stands in front, since the row can only be read inside its tenant.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID

TOKEN_PREFIX = "zh_"  # noqa: S105
_PARTS = re.compile(r"(?P<tenant>[0-9a-f]{32})_(?P<id>[0-9a-f]{32})_(?P<secret>[0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Credential:
    """Which row of which tenant a secret is for."""

    tenant_id: UUID
    id: UUID
    secret: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.tenant_id.hex}_{self.id.hex}_{self.secret}"

    @property
    def secret_hash(self) -> str:
        """Return what is kept of the secret."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def matches(self, secret_hash: str) -> bool:
        """Tell, in constant time, whether the secret is the one that was hashed."""
        return hmac.compare_digest(self.secret_hash, secret_hash)


def new_credential(tenant_id: UUID, row_id: UUID) -> Credential:
    """Make a secret for a row."""
    return Credential(tenant_id, row_id, secrets.token_hex(32))


def parse_credential(text: str) -> Credential | None:
    """Return what ``text`` stands for; ``None`` if it cannot be a credential."""
    found = _PARTS.fullmatch(text)
    return found and Credential(UUID(found["tenant"]), UUID(found["id"]), found["secret"])


def parse_token(text: str) -> Credential | None:
    """Return the credential in an API token; ``None`` if it cannot be one."""
    return parse_credential(text.removeprefix(TOKEN_PREFIX)) if text.startswith(TOKEN_PREFIX) else None
