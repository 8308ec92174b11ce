"""Taking punches: raw, once each, in bulk."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from zhiheng.attendance.models import Punch
from zhiheng.attendance.services.days import mark_days
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.keys import uuid7

MIDNIGHT_REACH = dt.timedelta(hours=12)
"""A punch up to noon may still belong to the shift of the day before."""


@dataclass(frozen=True)
class NewPunch:
    """A punch on its way in; see `Punch` for what the fields mean. ``client_id`` makes it the same when sent again."""

    person_id: UUID
    legal_entity_id: UUID
    punched_at: dt.datetime
    source: str
    client_id: str
    zone: str = "Asia/Shanghai"
    method: str = "other"
    direction: int = 255
    wall_time: str = ""
    device_id: UUID | None = None
    browser_id: str = ""
    site_id: UUID | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    datum: str = ""
    wgs_latitude: Decimal | None = None
    wgs_longitude: Decimal | None = None
    accuracy: int | None = None
    distance: int | None = None
    face_score: Decimal | None = None
    face_check_id: UUID | None = None
    photo_id: UUID | None = None
    risks: tuple[str, ...] = ()
    is_pending: bool = False
    is_late_upload: bool = False
    note: str = ""
    batch_id: UUID | None = None


def record_punches(punches: Sequence[NewPunch]) -> int:
    """Store punches and mark the days they may belong to; return how many were new. Checks no scope: callers do.

    One that is there already (same source and ``client_id``) is left as it is. One statement takes them all, in the
    order of their keys, so that two writers with the same punches never wait for each other in a circle.
    """
    wanted = {(each.source, each.client_id): each for each in reversed(punches)}  # the first of equal ones
    if not wanted:
        return 0
    rows = [_row(wanted[key]) for key in sorted(wanted)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [current_tenant_id(), timezone.now(), json.dumps(rows, default=str)])
        fresh = [wanted[key] for key in cursor.fetchall()]
    mark_days(day for each in fresh for day in days_of(each))
    return len(fresh)


_TYPES = {
    "id": "uuid", "person_id": "uuid", "legal_entity_id": "uuid", "punched_at": "timestamptz", "zone": "text",
    "wall_time": "text", "source": "text", "method": "text", "direction": "smallint", "client_id": "text",
    "device_id": "uuid", "browser_id": "text", "site_id": "uuid", "latitude": "numeric", "longitude": "numeric",
    "datum": "text", "wgs_latitude": "numeric", "wgs_longitude": "numeric", "accuracy": "integer",
    "distance": "integer", "face_score": "numeric", "face_check_id": "uuid", "photo_id": "uuid", "risks": "text[]",
    "is_pending": "boolean", "is_late_upload": "boolean", "note": "text", "batch_id": "uuid",
}  # fmt: skip
# What a row leaves out because it is the usual.
_USUAL = dict.fromkeys(("browser_id", "datum", "note"), "''")
_USUAL |= {"risks": "'{}'", "is_pending": "false", "is_late_upload": "false"}
_SELECTED = [f"coalesce({name}, {_USUAL[name]})" if name in _USUAL else name for name in _TYPES]
# The rows as one JSON text: one statement whatever their number, and far cheaper to write than as many parameters.
_INSERT = f"""
INSERT INTO attendance_punch (tenant_id, received_at, {", ".join(_TYPES)})
SELECT %s, %s, {", ".join(_SELECTED)}
FROM json_to_recordset(%s) AS given({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
ON CONFLICT (tenant_id, source, client_id) DO NOTHING RETURNING source, client_id
"""  # noqa: S608 - the columns are ours


def _row(each: NewPunch) -> dict[str, object]:
    """Return a punch as the row to insert, without what is empty."""
    row = {name: value for name, value in vars(each).items() if value or value == 0}
    if not each.wall_time:
        row["wall_time"] = f"{each.punched_at.astimezone(ZoneInfo(each.zone)):%Y-%m-%d %H:%M:%S}"
    return {"id": uuid7(), **row}


def days_of(each: NewPunch | Punch) -> Iterable[tuple[UUID, UUID, dt.date]]:
    """Return the days whose shifts the punch may belong to: its own, and the one before until noon."""
    local = each.punched_at.astimezone(ZoneInfo(each.zone))
    for day in {local.date(), (local - MIDNIGHT_REACH).date(), (local + MIDNIGHT_REACH / 2).date()}:
        yield each.person_id, each.legal_entity_id, day
