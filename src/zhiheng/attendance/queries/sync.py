"""How far punches have arrived: a day is judged only after the devices of its sites have synced past it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

import polars as pl

from zhiheng.attendance.choices import DeviceKind
from zhiheng.attendance.models import PunchDevice, SiteAssignment
from zhiheng.people.public import org_units

NEVER_LATE = 1 << 40
"""Minutes since 1970 up to which everything has arrived where there is no device to wait for."""
WAITED_FOR = (DeviceKind.TERMINAL,)


def synced_until(days: pl.DataFrame, now: dt.datetime, silence: dt.timedelta) -> pl.Series:
    """Return for each of ``days`` (person_id, org_unit_id) until when all its punches are here, in minutes since 1970.

    A device that has been silent for longer than ``silence`` is not waited for.
    """
    by_site = _sites(now, silence)
    if not by_site:
        return days.select(synced=pl.repeat(NEVER_LATE, pl.len(), dtype=pl.Int64))["synced"]
    by_person, by_unit = _subjects(by_site, now.date())
    units = {
        str(unit.id): min((by_unit.get(each, NEVER_LATE) for each in unit.path), default=NEVER_LATE)
        for unit in org_units()
    }
    found = days.select(
        person=pl.col("person_id").replace_strict(
            by_person or {"": 0}, default=NEVER_LATE, return_dtype=pl.Int64
        ),
        unit=pl.col("org_unit_id").replace_strict(
            units or {"": 0}, default=NEVER_LATE, return_dtype=pl.Int64
        ),
    )
    return found.select(synced=pl.min_horizontal("person", "unit"))["synced"]


def silent_devices(now: dt.datetime, silence: dt.timedelta) -> list[PunchDevice]:
    """Return the devices that are not waited for any more: whoever minds them has to look."""
    return [each for each in _devices() if each.synced_until is None or each.synced_until < now - silence]


def _devices() -> list[PunchDevice]:
    rows = PunchDevice.objects.filter(kind__in=WAITED_FOR, is_active=True, site__isnull=False)
    return list(rows.select_related("site"))


def _sites(now: dt.datetime, silence: dt.timedelta) -> dict[UUID, int]:
    """Return until when the devices of each site have synced, the least far one."""
    found: dict[UUID, int] = {}
    for device in _devices():
        if device.synced_until is not None and device.synced_until >= now - silence:
            minute = int(device.synced_until.timestamp()) // 60
            found[device.site_id] = min(found.get(device.site_id, minute), minute)
    return found


def _subjects(by_site: dict[UUID, int], on: dt.date) -> tuple[dict[str, int], dict[UUID, int]]:
    """Return the same by person and by org unit that may punch there."""
    by_person: dict[str, int] = defaultdict(lambda: NEVER_LATE)
    by_unit: dict[UUID, int] = defaultdict(lambda: NEVER_LATE)
    for row in SiteAssignment.objects.filter(site_id__in=by_site, valid__contains=on):
        minute = by_site[row.site_id]
        if row.person_id:
            by_person[str(row.person_id)] = min(by_person[str(row.person_id)], minute)
        else:
            by_unit[row.org_unit_id] = min(by_unit[row.org_unit_id], minute)
    return dict(by_person), dict(by_unit)
