"""Writing down what happens at terminals; the same thing twice is once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from zhiheng.terminals.choices import EventKind, GatewayIssue
from zhiheng.terminals.models import Terminal, TerminalEvent


def event_key(*parts: object) -> str:
    """Return the key of an event from what makes it the same one."""
    return hashlib.sha256("\x1f".join(str(each) for each in parts).encode()).hexdigest()


def add_events(events: Sequence[TerminalEvent]) -> None:
    """Store events; known ones stay as they are. In one order, so that two writers never wait in a circle."""
    TerminalEvent.objects.bulk_create(sorted(events, key=lambda each: each.key), ignore_conflicts=True)


def note_issue(
    terminal: Terminal,
    issue: GatewayIssue,
    *,
    details: Mapping[str, object] | None = None,
    pin: str = "",
    upload_id: UUID | None = None,
    once: str = "",
) -> None:
    """Note something the gateway could not handle; once an hour for each ``once``, so that a resend fills nothing."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = event_key(EventKind.GATEWAY, issue, once or upload_id, hour.isoformat())
    add_events([_event(terminal, issue, key, now, details, pin, upload_id)])


def _event(
    terminal: Terminal,
    issue: GatewayIssue,
    key: str,
    now: dt.datetime,
    details: Mapping[str, object] | None,
    pin: str,
    upload_id: UUID | None,
) -> TerminalEvent:
    return TerminalEvent(
        terminal=terminal, legal_entity_id=terminal.legal_entity_id, kind=EventKind.GATEWAY, code=issue, key=key,
        pin=pin, received_at=now, details=dict(details or {}), upload_id=upload_id, is_alarming=True,
    )  # fmt: skip
