"""Taking a punch from a phone: place and person made sure of, oddities flagged, recorded once."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.doorcode import is_current, is_genuine, read_code
from zhiheng.attendance.calc.geo import Placed, place, to_wgs84
from zhiheng.attendance.calc.risk import Attempt, Clock, Fix, judge_clock, risks_of
from zhiheng.attendance.choices import Datum, FlagAction, PunchMethod, PunchSource, PunchState
from zhiheng.attendance.models import Site
from zhiheng.attendance.policies import CREATE_PUNCH
from zhiheng.attendance.queries.punches import history_of, punch_by_client
from zhiheng.attendance.queries.sites import (
    DEFAULT_ACTIONS,
    SiteInfo,
    nearest_site,
    site_info,
    sites_of,
)
from zhiheng.attendance.services.advice import advice
from zhiheng.attendance.services.punches import NewPunch, record_punches
from zhiheng.audit.public import record
from zhiheng.faces.public import FaceCheck, check_face
from zhiheng.files.public import save_file
from zhiheng.people.public import PersonRef, persons_by_id

MOST_PHOTO_BYTES = 20 * 1024 * 1024
_CLIENT_ID = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG"
BLOCKED = "blocked"


@dataclass(frozen=True)
class GivenPlace:
    """A place as the phone gave it: ``accuracy`` in metres, ``age`` of the fix in seconds."""

    latitude: Decimal
    longitude: Decimal
    datum: str = Datum.WGS84
    accuracy: int | None = None
    age: int | None = None


@dataclass(frozen=True)
class PhonePunch:
    """A punch as a phone sends it.

    ``client_id`` is made on the phone, once a tap. ``address`` is the network address the request came from,
    ``bssid`` the Wi-Fi a native shell saw. ``nonce`` and ``frames`` answer a face challenge. ``device_at`` and
    ``device_now`` are given when it was kept offline.
    """

    client_id: str
    way: str
    place: GivenPlace | None = None
    browser_id: str = ""
    address: str = ""
    bssid: str = ""
    door_code: str = ""
    photo: bytes = b""
    nonce: str = ""
    frames: tuple[bytes, ...] = ()
    is_offline: bool = False
    device_at: dt.datetime | None = None
    device_now: dt.datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of a punch: ``state`` counted, pending, rejected or blocked (not taken); ``message`` says so."""

    state: str
    punched_at: dt.datetime
    message: str
    risks: tuple[str, ...] = ()
    punch_id: UUID | None = None
    site_name: str = ""
    distance: int | None = None
    is_repeat: bool = False


@dataclass(frozen=True)
class _Where:
    """The site that judges a punch, and where in relation to it the punch was."""

    site: SiteInfo | None
    placed: Placed | None
    is_inside: bool | None


def take_punch(*, actor: Actor, punch: PhonePunch, now: dt.datetime | None = None) -> Taken:
    """Take the actor's own punch; sent again, it gives what became of it the first time.

    The server's clock stamps it, except for one kept offline. Raises `ValidationError` where the way to punch does
    not work (no such way here, door code expired, other network): nothing was taken then, and the text says what
    to do.
    """
    actor.scope(CREATE_PUNCH)
    received_at = now or timezone.now()
    person = _person(actor)
    key = _key(person, punch)
    if known := punch_by_client(person.id, PunchSource.PHONE, key):
        return _taken_before(known)
    _check_photo(punch.photo)
    clock = _clock(punch, received_at)
    fix = _fix(punch.place)
    where = _where(person, punch, fix, clock.at)
    face = _face(actor, punch)
    if face is not None and face.state == "refused":
        return Taken(BLOCKED, clock.at, _("没有打卡：{reason}").format(reason=face.reason_text))
    attempt = Attempt(
        clock.at, punch.way, fix, where.is_inside, is_late_upload=punch.is_offline, is_clock_off=clock.is_off,
        is_face_doubtful=face is not None and face.state == "review",
        is_photo_replayed=face is not None and face.is_replay,
    )  # fmt: skip
    risks = risks_of(attempt, history_of(person.id, punch.browser_id, clock.at))
    state = judge_risks(where.site, risks, is_offline=punch.is_offline)
    distance = where.placed.distance if where.placed else None
    site_name = where.site.name if where.site else ""
    message = advice(state, risks, site_name=site_name, distance=distance)
    if state == BLOCKED:
        payload = {"way": punch.way, "site": site_name, "risks": list(risks), "distance": distance}
        record(actor, "attendance.punch.block", subject=("people.person", person.id), payload=payload)
        return Taken(state, clock.at, message, risks, None, site_name, distance)
    record_punches([_new_punch(actor, person, punch, key, clock, fix, where, face, risks, state)])
    made = punch_by_client(person.id, PunchSource.PHONE, key)
    assert made is not None
    payload = {"way": punch.way, "site": site_name, "state": state, "risks": list(risks)}
    record(actor, "attendance.punch.create", subject=("attendance.punch", made.id), payload=payload)
    return Taken(state, made.punched_at, message, risks, made.id, site_name, distance)


def judge_risks(site: SiteInfo | None, risks: Sequence[str], *, is_offline: bool = False) -> str:
    """Return what a site makes of a punch with these flags: counted, pending or blocked.

    One kept offline is over and done, so it is never refused, only reviewed.
    """
    found = {site.action(each) if site else str(DEFAULT_ACTIONS[each]) for each in risks}
    if FlagAction.BLOCK in found and not is_offline:
        return BLOCKED
    return PunchState.PENDING.value if found - {FlagAction.ALLOW} else PunchState.COUNTED.value


def _person(actor: Actor) -> PersonRef:
    found = persons_by_id([actor.person_id]).get(actor.person_id) if actor.person_id else None
    if found is None:
        raise ValidationError(_("您的账号没有关联员工档案，不能打卡。请联系人事。"), code="no_person")
    return found


def _key(person: PersonRef, punch: PhonePunch) -> str:
    """Return the punch's name among all; with the person, so that nobody can take another's name."""
    if not _CLIENT_ID.fullmatch(punch.client_id):
        raise ValidationError({"client_id": _("打卡编号格式不对，请刷新页面后重试。")})
    return f"{person.id}:{punch.client_id}"


def _taken_before(punch) -> Taken:
    site_name = punch.site.name if punch.site else ""
    return Taken(
        punch.state, punch.punched_at, advice(punch.state, punch.risks), tuple(punch.risks), punch.id,
        site_name, punch.distance, True,
    )  # fmt: skip


def _clock(punch: PhonePunch, received_at: dt.datetime) -> Clock:
    if not punch.is_offline:
        return Clock(received_at, False)
    return judge_clock(punch.device_at, punch.device_now, received_at)


def _fix(given: GivenPlace | None) -> Fix | None:
    if given is None:
        return None
    if abs(given.latitude) > 90 or abs(given.longitude) > 180 or given.datum not in Datum.values:
        raise ValidationError({"place": _("坐标无效，请重新定位。")})
    point = to_wgs84((float(given.latitude), float(given.longitude)), given.datum)
    text = f"{given.latitude:.6f},{given.longitude:.6f}"
    return Fix(point, text, given.accuracy, given.age)


def _face(actor: Actor, punch: PhonePunch) -> FaceCheck | None:
    """Check the face of a punch by face, which takes the network: the challenge is answered at once or never."""
    if punch.way != PunchMethod.FACE:
        return None
    if punch.is_offline:
        raise ValidationError({"way": _("没有网络时不能用人脸打卡，请用定位打卡。")})
    return check_face(actor=actor, nonce=punch.nonce, frames=punch.frames, browser_id=punch.browser_id)


# --- Where -------------------------------------------------------------------------------------------------------


def _where(person: PersonRef, punch: PhonePunch, fix: Fix | None, at: dt.datetime) -> _Where:
    """Find the site by the way of punching."""
    sites = sites_of(person.id, timezone.localdate(at))
    if punch.way == PunchMethod.QR:
        return _by_door_code(sites, punch, fix, at)
    if punch.way == PunchMethod.WIFI:
        return _by_network(sites, punch, fix)
    if punch.way not in (PunchMethod.GPS, PunchMethod.FACE):
        raise ValidationError({"way": _("没有这种打卡方式。")})
    offering = [each for each in sites if punch.way in each.methods]
    if sites and not offering:
        raise ValidationError({"way": _("您的打卡地点不提供这种打卡方式，请换一种。")})
    if fix is None or fix.is_nowhere:
        return _Where(offering[0] if offering else None, None, None)
    site, placed = nearest_site(offering, fix.point, fix.accuracy)
    return _Where(site, placed, placed.is_inside if placed else None)


def _judged(site: SiteInfo, fix: Fix | None) -> _Where:
    """Return a site proved by other means; a place that was given as well must not speak against it."""
    point = None if fix is None or fix.is_nowhere else fix.point
    placed = place(point, site.fence, fix.accuracy) if point and fix else None
    return _Where(site, placed, placed.is_inside if placed else True)


def _by_door_code(sites: list[SiteInfo], punch: PhonePunch, fix: Fix | None, at: dt.datetime) -> _Where:
    code = read_code(punch.door_code)
    site = Site.objects.filter(id=code.site_id, is_active=True).first() if code else None
    if code is None or site is None or not is_genuine(code, site.qr_secret):
        raise ValidationError({"door_code": _("这不是打卡地点的二维码。请扫描门口屏幕上的二维码。")})
    if not is_current(code, at):
        raise ValidationError({"door_code": _("二维码已过期，请重新扫描门口屏幕上的二维码。")})
    if PunchMethod.QR not in site.methods:
        raise ValidationError({"way": _("您的打卡地点不提供这种打卡方式，请换一种。")})
    found = _judged(site_info(site), fix)
    is_mine = site.id in {each.id for each in sites}
    return found if is_mine else _Where(found.site, found.placed, False)


def _by_network(sites: list[SiteInfo], punch: PhonePunch, fix: Fix | None) -> _Where:
    offering = [each for each in sites if PunchMethod.WIFI in each.methods]
    if not offering:
        raise ValidationError({"way": _("您的打卡地点不提供这种打卡方式，请换一种。")})
    site = next((each for each in offering if is_in_network(each.wifi, punch.address, punch.bssid)), None)
    if site is None:
        text = _("当前网络不是“{site}”的办公网络。请连接办公 Wi-Fi 后重试，或换一种打卡方式。")
        raise ValidationError({"way": text.format(site=offering[0].name)})
    return _judged(site, fix)


def is_in_network(networks: Sequence[str], address: str, bssid: str) -> bool:
    """Tell whether a request came from one of a site's networks, or its sender saw one of its base stations."""
    if bssid and bssid.strip().lower().replace("-", ":") in networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    ranges = [ipaddress.ip_network(each) for each in networks if each.count(":") != 5 or "/" in each]
    return any(found in each for each in ranges)


# --- Writing -----------------------------------------------------------------------------------------------------


def _new_punch(
    actor: Actor,
    person: PersonRef,
    punch: PhonePunch,
    key: str,
    clock: Clock,
    fix: Fix | None,
    where: _Where,
    face: FaceCheck | None,
    risks: tuple[str, ...],
    state: str,
) -> NewPunch:
    site, given = where.site, punch.place
    zone = site.zone if site else timezone.get_default_timezone_name()
    wgs = None if fix is None or fix.is_nowhere else fix.point
    return NewPunch(
        person_id=person.id,
        legal_entity_id=person.legal_entity_id,
        punched_at=clock.at,
        source=PunchSource.PHONE,
        client_id=key,
        zone=zone,
        method=punch.way,
        wall_time=_wall(punch.device_at) if punch.is_offline and punch.device_at else "",
        browser_id=punch.browser_id[:64],
        site_id=site.id if site else None,
        latitude=_six(given.latitude) if given else None,
        longitude=_six(given.longitude) if given else None,
        datum=given.datum if given else "",
        wgs_latitude=_six(Decimal(str(wgs[0]))) if wgs else None,
        wgs_longitude=_six(Decimal(str(wgs[1]))) if wgs else None,
        accuracy=min(given.accuracy, 1_000_000) if given and given.accuracy is not None else None,
        distance=where.placed.distance if where.placed else None,
        face_score=face.score if face else None,
        face_check_id=face.id if face else None,
        photo_id=_photo(actor, person, punch.photo),
        risks=risks,
        is_pending=state == PunchState.PENDING,
        is_late_upload=punch.is_offline,
        note=punch.note[:200],
    )


def _wall(device_at: dt.datetime) -> str:
    """Return what the device's clock showed, in its own zone."""
    return f"{device_at:%Y-%m-%d %H:%M:%S}"


def _six(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"))


def _check_photo(content: bytes) -> None:
    """Refuse an evidence photo that is too large or no picture, before anything is remembered."""
    if len(content) > MOST_PHOTO_BYTES:
        raise ValidationError({"photo": _("照片超过 20 MB，请降低拍照分辨率后重试。")})
    if content and not content.startswith((_JPEG, _PNG)):
        raise ValidationError({"photo": _("照片格式无法识别，请使用 JPEG 或 PNG。")})


def _photo(actor: Actor, person: PersonRef, content: bytes) -> UUID | None:
    """Store an evidence photo."""
    if not content:
        return None
    ending = "jpg" if content.startswith(_JPEG) else "png"
    return save_file(
        actor, name=f"punch.{ending}", content=content, kind="attendance.punch",
        legal_entity_id=person.legal_entity_id,
    )  # fmt: skip
