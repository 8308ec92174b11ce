"""Devices that send punches of many people: made known, and how far their punches have arrived."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Q

from zhiheng.attendance.choices import DeviceKind
from zhiheng.attendance.models import Punch, PunchDevice


def ensure_device(
    *, code: str, name: str, kind: str, site_id: UUID | None, legal_entity_id: UUID, is_active: bool = True
) -> UUID:
    """Return the id of the device with this code, made or brought up to date. Checks no scope: callers do."""
    given = {
        "name": name, "kind": DeviceKind(kind), "site_id": site_id, "legal_entity_id": legal_entity_id,
        "is_active": is_active,
    }  # fmt: skip
    device, is_new = PunchDevice.objects.get_or_create(code=code, defaults=given)
    if not is_new and any(getattr(device, field) != value for field, value in given.items()):
        for field, value in given.items():
            setattr(device, field, value)
        device.save(update_fields=list(given))
    return device.id


def note_sync(device_id: UUID, until: dt.datetime) -> None:
    """Note that all punches of a device before ``until`` have arrived; an earlier instant changes nothing."""
    is_earlier = Q(synced_until=None) | Q(synced_until__lt=until)
    PunchDevice.objects.filter(is_earlier, id=device_id).update(synced_until=until)


def count_device_punches(device_id: UUID, since: dt.datetime, until: dt.datetime) -> int:
    """Return how many punches of a device are here of a stretch, its end excluded. Checks no scope: callers do."""
    return Punch.objects.filter(device_id=device_id, punched_at__gte=since, punched_at__lt=until).count()
