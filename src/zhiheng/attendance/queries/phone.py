"""What somebody sees on their phone before they punch: ways, places, the punches of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiheng.attendance.calc.geo import Placed, Point
from zhiheng.attendance.choices import PunchMethod
from zhiheng.attendance.models import Punch
from zhiheng.attendance.queries.punches import punches_of_day
from zhiheng.attendance.queries.sites import SiteInfo, nearest_site, sites_of
from zhiheng.faces.public import enrolled, face_consent

DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class PhoneDay:
    """The phone page of a person and day: ``ways`` are the methods offered, the most usual first."""

    today: dt.date
    zone: str
    sites: Sequence[SiteInfo]
    ways: Sequence[str]
    punches: Sequence[Punch]


def phone_day(person_id: UUID, now: dt.datetime) -> PhoneDay:
    """Return what the phone page shows."""
    sites = sites_of(person_id)
    zone = sites[0].zone if sites else DEFAULT_ZONE
    local = now.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    punches = punches_of_day(person_id, midnight, midnight + dt.timedelta(days=1))
    return PhoneDay(local.date(), zone, sites, ways_of(person_id, sites), punches)


def ways_of(person_id: UUID, sites: Sequence[SiteInfo]) -> list[str]:
    """Return the ways to punch that somebody may choose from.

    Face only with consent and enrolment. Without any site there is the place alone, for somebody to review.
    """
    offered = {way for site in sites for way in site.methods} or {PunchMethod.GPS.value}
    if PunchMethod.FACE in offered and not (face_consent(person_id) and enrolled([person_id])):
        offered.discard(PunchMethod.FACE.value)
    order = (PunchMethod.GPS, PunchMethod.FACE, PunchMethod.WIFI, PunchMethod.QR)
    return [each.value for each in order if each in offered]


def placed_near(person_id: UUID, point: Point, accuracy: int | None) -> tuple[SiteInfo | None, Placed | None]:
    """Return the person's site that a point is in, or nearest to."""
    return nearest_site(sites_of(person_id), point, accuracy)
