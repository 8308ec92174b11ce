"""What other domains use of attendance."""

from __future__ import annotations

from zhiheng.attendance.queries.pins import owned_pins
from zhiheng.attendance.queries.presence import presence_elsewhere, register_presence
from zhiheng.attendance.queries.settled import presence_intervals, settled_days
from zhiheng.attendance.queries.sites import SiteInfo, site_by_id, site_choices, sites_of
from zhiheng.attendance.services.days import mark_days
from zhiheng.attendance.services.devices import count_device_punches, ensure_device, note_sync
from zhiheng.attendance.services.punches import NewPunch, record_punches

__all__ = [
    "NewPunch",
    "SiteInfo",
    "count_device_punches",
    "ensure_device",
    "mark_days",
    "note_sync",
    "owned_pins",
    "presence_elsewhere",
    "presence_intervals",
    "record_punches",
    "register_presence",
    "settled_days",
    "site_by_id",
    "site_choices",
    "sites_of",
]
