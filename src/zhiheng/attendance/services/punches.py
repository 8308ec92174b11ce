"""Taking punches: raw, once each, in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from zhiheng.attendance.models import Punch
from zhiheng.attendance.services.days import mark_days

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

    One that is there already (same source and ``client_id``) is left as it is.
    """
    now = timezone.now()
    wanted = {(each.source, each.client_id): each for each in punches}
    known = set(
        Punch.objects.filter(
            source__in={source for source, _ in wanted}, client_id__in={key for _, key in wanted}
        ).values_list("source", "client_id")
    )
    fresh = [each for key, each in wanted.items() if key not in known]
    Punch.objects.bulk_create([_row(each, now) for each in fresh], batch_size=2000, ignore_conflicts=True)
    mark_days(day for each in fresh for day in _days(each))
    return len(fresh)


def _row(each: NewPunch, now: dt.datetime) -> Punch:
    wall = each.wall_time or f"{each.punched_at.astimezone(ZoneInfo(each.zone)):%Y-%m-%d %H:%M:%S}"
    return Punch(
        person_id=each.person_id, legal_entity_id=each.legal_entity_id, punched_at=each.punched_at, zone=each.zone,
        wall_time=wall, received_at=now, source=each.source, method=each.method, direction=each.direction,
        client_id=each.client_id, device_id=each.device_id, browser_id=each.browser_id, site_id=each.site_id,
        latitude=each.latitude, longitude=each.longitude, datum=each.datum, wgs_latitude=each.wgs_latitude,
        wgs_longitude=each.wgs_longitude, accuracy=each.accuracy, distance=each.distance, face_score=each.face_score,
        face_check_id=each.face_check_id, photo_id=each.photo_id, risks=list(each.risks), is_pending=each.is_pending,
        is_late_upload=each.is_late_upload, note=each.note, batch_id=each.batch_id,
    )  # fmt: skip


def _days(each: NewPunch) -> Iterable[tuple[UUID, UUID, dt.date]]:
    """Return the days whose shifts the punch may belong to: its own, and the one before until noon."""
    local = each.punched_at.astimezone(ZoneInfo(each.zone))
    for day in {local.date(), (local - MIDNIGHT_REACH).date(), (local + MIDNIGHT_REACH / 2).date()}:
        yield each.person_id, each.legal_entity_id, day
