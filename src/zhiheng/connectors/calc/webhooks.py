"""Messages to systems outside, after Standard Webhooks 1.0 (standardwebhooks.com, 2024)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from uuid import UUID

PREFIX = "whsec_"
SECRET_BYTES = 24
BACKOFF = tuple(
    dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440, 1440, 1440)
)
"""How long to wait after each failure in a row; after the last one deliveries stop until somebody resumes them."""


@dataclass(frozen=True)
class Message:
    """Something that happened: an entry of the audit log without its content, which the receiver asks the API for."""

    id: UUID
    seq: int
    verb: str
    at: dt.datetime
    subject_type: str
    subject_id: str

    @property
    def body(self) -> bytes:
        """Return the message as it is sent; the same message always has the same bytes."""
        content = {
            "type": self.verb,
            "timestamp": self.at.astimezone(dt.UTC).isoformat(),
            "data": {
                "id": str(self.id), "seq": self.seq, "subject_type": self.subject_type, "subject_id": self.subject_id,
            },
        }  # fmt: skip
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def new_secret() -> str:
    """Return a secret to sign with."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(secret: str, message_id: str, sent_at: dt.datetime, body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver knows that a message is ours, whole and not an old one sent again."""
    stamp = str(int(sent_at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = b".".join([message_id.encode(), stamp.encode(), body])
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json", "User-Agent": "Zhiheng-Webhooks/1", "webhook-id": message_id,
        "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}",
    }  # fmt: skip
