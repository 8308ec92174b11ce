"""Punching at a tablet: by face among the people of the site, or by number and PIN."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.attendance.choices import PunchMethod, PunchRisk, PunchSource, ReviewOutcome
from zhiheng.attendance.models import Punch
from zhiheng.attendance.queries.punches import with_state
from zhiheng.attendance.queries.sites import SiteInfo, people_of_site, site_by_id
from zhiheng.attendance.services.kiosks import KioskInfo
from zhiheng.attendance.services.pins import try_pin
from zhiheng.attendance.services.punches import NewPunch, record_punches
from zhiheng.attendance.services.reviews import add_reviews
from zhiheng.audit.public import record
from zhiheng.faces.public import enrolled, identify_face
from zhiheng.people.public import PersonRef, person_ids_by_number, persons_by_id

AGAIN_WITHIN = dt.timedelta(seconds=60)
DENY_WITHIN = dt.timedelta(minutes=2)
MOST_WRONG, WRONG_WITHIN_SECONDS = 20, 600
MOST_FRAME_BYTES = 8 * 1024 * 1024
_CLIENT_ID = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)


@dataclass(frozen=True)
class AtDoor:
    """What the tablet shows: ``state`` counted, pending or refused; ``is_again`` when they had just punched."""

    state: str
    message: str
    name: str = ""
    at: dt.datetime | None = None
    punch_id: UUID | None = None
    is_again: bool = False


def punch_by_pin(*, kiosk: KioskInfo, number: str, pin: str, client_id: str) -> AtDoor:
    """Punch for whoever has this number and PIN, if they belong to the site. Wrong tries are counted."""
    site = _site(kiosk)
    if _has_too_many_wrong(kiosk):
        return AtDoor("refused", _("错误次数过多，请几分钟后再试。"))
    found = person_ids_by_number([number])
    person_id = found.get(number)
    here = people_of_site(site.id, site.today(timezone.now()))
    problem = try_pin(person_id=person_id if person_id in here else kiosk.id, pin=pin)
    if problem or person_id is None:
        _note_wrong(kiosk)
        return AtDoor("refused", problem)
    person = persons_by_id([person_id])[person_id]
    return _punch(kiosk, site, person, client_id, method=PunchMethod.PIN)


def punch_by_face(*, kiosk: KioskInfo, frame: bytes, client_id: str) -> AtDoor:
    """Punch for whom a frame shows, among the people of the site who agreed to it and enrolled."""
    site = _site(kiosk)
    if not kiosk.uses_face:
        return AtDoor("refused", _("这台平板没有启用人脸，请用工号和密码打卡。"))
    if not frame or len(frame) > MOST_FRAME_BYTES:
        return AtDoor("refused", _("照片无法识别，请重试，或用工号和密码打卡。"))
    people = enrolled(people_of_site(site.id, site.today(timezone.now())))
    found = identify_face(actor=kiosk.actor, person_ids=people, frame=frame)
    person = persons_by_id([found.person_id]).get(found.person_id) if found.person_id else None
    if person is None:
        return AtDoor("refused", _("{reason} 也可以用工号和密码打卡。").format(reason=found.reason_text))
    risks = (PunchRisk.REPLAYED_PHOTO.value,) if found.is_replay else ()
    return _punch(
        kiosk, site, person, client_id, method=PunchMethod.FACE, face_score=found.score,
        face_check_id=found.check_id, risks=risks, is_pending=bool(risks),
    )  # fmt: skip


def deny_punch(*, kiosk: KioskInfo, punch_id: UUID) -> bool:
    """Take back a punch just made at this tablet: "that is not me"; tells whether there was one."""
    since = timezone.now() - DENY_WITHIN
    rows = Punch.objects.filter(id=punch_id, device_id=kiosk.device_id, received_at__gte=since)
    found = with_state(rows).first()
    if found is None or found.state == "rejected":
        return False
    add_reviews(kiosk.actor, [found], ReviewOutcome.REJECTED, _("当场表示不是本人。"))
    return True


def _site(kiosk: KioskInfo) -> SiteInfo:
    found = site_by_id(kiosk.site_id)
    if found is None:
        raise ValidationError(_("打卡地点已停用，请联系人事。"))
    return found


def _punch(
    kiosk: KioskInfo, site: SiteInfo, person: PersonRef, client_id: str, *, method: str, **more: object
) -> AtDoor:
    if not _CLIENT_ID.fullmatch(client_id):
        return AtDoor("refused", _("打卡编号格式不对，请刷新页面后重试。"))
    now = timezone.now()
    last = Punch.objects.filter(
        person_id=person.id, device_id=kiosk.device_id, punched_at__gt=now - AGAIN_WITHIN
    ).first()
    if last is not None:
        return AtDoor("counted", _("刚刚已打卡。"), person.name, last.punched_at, last.id, True)
    key = f"{kiosk.device_id}:{client_id}"
    new = NewPunch(
        person_id=person.id, legal_entity_id=person.legal_entity_id, punched_at=now, source=PunchSource.KIOSK,
        client_id=key, zone=site.zone, method=method, device_id=kiosk.device_id, site_id=site.id, **more,
    )  # fmt: skip
    record_punches([new])
    made = Punch.objects.get(source=PunchSource.KIOSK, client_id=key)
    payload = {"method": method, "person": person.id}
    record(kiosk.actor, "attendance.punch.create", subject=("attendance.punch", made.id), payload=payload)
    message = _("已打卡，复核后计入。") if new.is_pending else _("打卡成功")
    return AtDoor("pending" if new.is_pending else "counted", message, person.name, made.punched_at, made.id)


# --- Wrong tries of a tablet, whoever's number was typed ---------------------------------------------------------


def _wrong_key(kiosk: KioskInfo) -> str:
    return f"attendance-kiosk-wrong-{kiosk.id}"


def _has_too_many_wrong(kiosk: KioskInfo) -> bool:
    return cache.get(_wrong_key(kiosk), 0) >= MOST_WRONG


def _note_wrong(kiosk: KioskInfo) -> None:
    cache.set(_wrong_key(kiosk), cache.get(_wrong_key(kiosk), 0) + 1, WRONG_WITHIN_SECONDS)
