"""Writes of sites: the place, who may punch there, what punches there on."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.geo import Point, to_wgs84
from zhiheng.attendance.choices import Datum, FlagAction, PunchMethod, PunchRisk
from zhiheng.attendance.models import Site, SiteAssignment
from zhiheng.attendance.policies import MANAGE_SITE
from zhiheng.attendance.queries.sites import site_for_actor
from zhiheng.audit.public import record
from zhiheng.people.public import visible_person_ids
from zhiheng.tenancy.models import OrgUnit

WAYS = (PunchMethod.GPS, PunchMethod.WIFI, PunchMethod.QR, PunchMethod.FACE)
"""The ways to punch by phone that a site can offer."""
MOST_RADIUS, MOST_CORNERS = 5000, 60
_BSSID = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")


@dataclass(frozen=True)
class SiteDraft:
    """A site as somebody describes it: ``corners`` and the centre are in ``datum``."""

    code: str
    name: str
    legal_entity_id: UUID
    methods: Sequence[str]
    address: str = ""
    datum: str = Datum.GCJ02
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    radius: int = 200
    corners: Sequence[tuple[Decimal, Decimal]] = ()
    wifi: Sequence[str] = ()
    actions: Mapping[str, str] | None = None
    zone: str = "Asia/Shanghai"
    is_active: bool = True


def save_site(*, actor: Actor, draft: SiteDraft, site_id: UUID | None = None) -> UUID:
    """Make or change a site; returns its id. Raises `ValidationError` for what makes no sense."""
    actor.scope(MANAGE_SITE)
    site = site_for_actor(actor, site_id) if site_id else Site(qr_secret=secrets.token_hex(32))
    before = _payload(site) if site_id else {}
    _check(actor, draft)
    site.code, site.name, site.address = draft.code.strip(), draft.name.strip(), draft.address.strip()
    site.legal_entity_id, site.datum, site.radius = draft.legal_entity_id, draft.datum, draft.radius
    site.latitude, site.longitude = _centre(draft)
    site.polygon = [list(_six(to_wgs84((float(a), float(b)), draft.datum))) for a, b in draft.corners]
    site.wifi = [clean_network(each) for each in draft.wifi]
    site.methods = [each for each in WAYS if each in draft.methods]
    site.actions, site.zone, site.is_active = dict(draft.actions or {}), draft.zone, draft.is_active
    site.full_clean(exclude=["legal_entity", "qr_secret"])
    site.save()
    payload = {"before": before, "after": _payload(site)}
    record(
        actor,
        "attendance.site.update" if site_id else "attendance.site.create",
        subject=("attendance.site", site.id),
        payload=payload,
    )
    return site.id


def _check(actor: Actor, draft: SiteDraft) -> None:
    """Refuse a site where nobody could punch, where face is the only way, or that lies nowhere."""
    errors: dict[str, str] = {}
    ways = set(draft.methods)
    if not ways or not ways <= set(WAYS):
        errors["methods"] = _("请至少选择一种打卡方式。")
    elif ways == {PunchMethod.FACE}:
        errors["methods"] = _("人脸不能是唯一的打卡方式，请再选择一种（如定位或二维码）。")
    elif ways & {PunchMethod.GPS, PunchMethod.FACE} and draft.latitude is None and not draft.corners:
        errors["latitude"] = _("定位打卡需要地点的坐标：请填写中心点，或多边形的各个顶点。")
    elif PunchMethod.WIFI in ways and not draft.wifi:
        errors["wifi"] = _("Wi-Fi 打卡需要至少一个网络地址。")
    if (draft.latitude is None) != (draft.longitude is None):
        errors["longitude"] = _("请同时填写纬度和经度。")
    if draft.latitude is not None and abs(draft.latitude) < 1 and abs(draft.longitude or 0) < 1:
        errors["latitude"] = _("坐标 0,0 在大西洋里，请填写地点的实际坐标。")
    if draft.corners and not 3 <= len(draft.corners) <= MOST_CORNERS:
        errors["corners"] = _("多边形需要 3 至 60 个顶点。")
    if not 10 <= draft.radius <= MOST_RADIUS:
        errors["radius"] = _("半径请填 10 至 5000 米。")
    if draft.zone not in available_timezones():
        errors["zone"] = _("没有这个时区，请填写如 Asia/Shanghai 的名称。")
    if actor.legal_entity_ids is not None and draft.legal_entity_id not in actor.legal_entity_ids:
        errors["legal_entity"] = _("请选择您负责的法人实体。")
    known = set(PunchRisk.values)
    if not set(draft.actions or {}) <= known or not set((draft.actions or {}).values()) <= set(
        FlagAction.values
    ):
        errors["actions"] = _("风险处理的设置无法识别。")
    if errors:
        raise ValidationError(errors)


def clean_network(text: str) -> str:
    """Return a Wi-Fi base station (BSSID) or a network address as it is stored; `ValidationError` for neither."""
    found = text.strip().lower().replace("-", ":")
    if _BSSID.fullmatch(found):
        return found
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        message = _("「{text}」不是 Wi-Fi 的 BSSID，也不是网络地址（如 203.0.113.0/24）。")
        raise ValidationError({"wifi": message.format(text=text.strip())}) from None


def _centre(draft: SiteDraft) -> tuple[Decimal | None, Decimal | None]:
    if draft.latitude is None or draft.longitude is None:
        return None, None
    found = _six(to_wgs84((float(draft.latitude), float(draft.longitude)), draft.datum))
    return Decimal(str(found[0])), Decimal(str(found[1]))


def _six(point: Point) -> Point:
    return round(point[0], 6), round(point[1], 6)


def _payload(site: Site) -> dict[str, object]:
    names = (
        "code",
        "name",
        "address",
        "latitude",
        "longitude",
        "datum",
        "radius",
        "polygon",
        "wifi",
        "methods",
    )
    return {name: getattr(site, name) for name in (*names, "actions", "zone", "is_active")}


def assign_site(
    *,
    actor: Actor,
    site_id: UUID,
    from_on: dt.date,
    to_on: dt.date | None = None,
    person_id: UUID | None = None,
    org_unit_id: UUID | None = None,
) -> UUID:
    """Let a person, or everybody of a unit and below, punch at a site from a day to a last one; returns the id."""
    site = site_for_actor(actor, site_id)
    if (person_id is None) == (org_unit_id is None):
        raise ValidationError(_("请选择一个部门，或填写一个工号。"))
    if to_on is not None and to_on < from_on:
        raise ValidationError({"to_on": _("结束日期不能早于开始日期。")})
    if person_id and person_id not in visible_person_ids(actor, {person_id}):
        raise ValidationError({"person": _("没有找到这位员工。")})
    if org_unit_id and not OrgUnit.objects.filter(id=org_unit_id).exists():
        raise ValidationError({"org_unit": _("没有找到这个部门。")})
    until = to_on + dt.timedelta(days=1) if to_on else None
    made = SiteAssignment.objects.create(
        site=site,
        legal_entity_id=site.legal_entity_id,
        person_id=person_id,
        org_unit_id=org_unit_id,
        valid=DateRange(from_on, until),
    )
    payload = {"person": person_id, "org_unit": org_unit_id, "from": from_on, "to": to_on}
    record(actor, "attendance.site.assign", subject=("attendance.site", site.id), payload=payload)
    return made.id


def unassign_site(*, actor: Actor, site_id: UUID, assignment_id: UUID) -> None:
    """Take a rule of scope away from a site; unknown ones are gone already."""
    site = site_for_actor(actor, site_id)
    gone = SiteAssignment.objects.filter(site=site, id=assignment_id).first()
    if gone is None:
        return
    payload = {"person": gone.person_id, "org_unit": gone.org_unit_id}
    gone.delete()
    record(actor, "attendance.site.unassign", subject=("attendance.site", site.id), payload=payload)
