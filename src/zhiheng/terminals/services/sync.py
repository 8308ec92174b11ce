"""How far a terminal's punches have arrived.

A terminal sends punches at once while it is connected. So what is two minutes old has arrived when it has asked without
a pause for five minutes and is not just catching up. After a pause it first sends what it kept.
"""

from __future__ import annotations

import datetime as dt

from zhiheng.attendance.public import note_sync
from zhiheng.terminals.models import Terminal

PAUSE = dt.timedelta(minutes=5)
"""A terminal that was silent for longer was not connected."""
SETTLED_AFTER = dt.timedelta(minutes=5)
GRACE = dt.timedelta(minutes=2)
BACKLOG = dt.timedelta(minutes=10)
NOTED_EVERY = dt.timedelta(seconds=20)


def is_catching_up(terminal: Terminal, now: dt.datetime) -> bool:
    """Tell whether the latest upload came just now and was of old punches: more of them may follow."""
    if terminal.last_upload_at is None or terminal.newest_punch_at is None:
        return False
    is_recent = terminal.last_upload_at > now - GRACE
    return is_recent and terminal.newest_punch_at < terminal.last_upload_at - BACKLOG


def synced_until(terminal: Terminal, now: dt.datetime) -> dt.datetime | None:
    """Return until when all punches of a terminal have arrived; ``None`` when that is not certain now."""
    if terminal.connected_since is None or now - terminal.connected_since < SETTLED_AFTER:
        return None
    return None if is_catching_up(terminal, now) else now - GRACE


def note_contact(terminal: Terminal, now: dt.datetime, ip_address: str | None) -> None:
    """Note that a terminal is there, and how far it is; every twenty seconds is enough."""
    seen = terminal.last_seen_at
    if seen is not None and now - seen < NOTED_EVERY and terminal.ip_address == ip_address:
        return
    if seen is None or now - seen > PAUSE or terminal.connected_since is None:
        terminal.connected_since = now
    terminal.last_seen_at, terminal.ip_address = now, ip_address
    terminal.save(update_fields=["connected_since", "last_seen_at", "ip_address"])
    until = synced_until(terminal, now)
    if until is not None and terminal.device_id is not None:
        note_sync(terminal.device_id, until)
