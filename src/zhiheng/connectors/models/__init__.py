"""Tables of connectors."""

from zhiheng.connectors.models.connection import Connection, Feed
from zhiheng.connectors.models.mapping import Answer, Mapping, UnmatchedRow
from zhiheng.connectors.models.raw import RawRevision, RawRow
from zhiheng.connectors.models.sync import Sync
from zhiheng.connectors.models.webhook import Webhook, WebhookAttempt

__all__ = [
    "Answer", "Connection", "Feed", "Mapping", "RawRevision", "RawRow", "Sync", "UnmatchedRow", "Webhook",
    "WebhookAttempt",
]  # fmt: skip
