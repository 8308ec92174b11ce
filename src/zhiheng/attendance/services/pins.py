"""PINs: what somebody types at the door instead of showing their face; an equal way, never a lesser one."""

from __future__ import annotations

import datetime as dt
import itertools
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.attendance.models import PinOwner, PunchPin
from zhiheng.attendance.policies import CREATE_PUNCH, MANAGE_SITE
from zhiheng.audit.public import record
from zhiheng.people.public import persons_by_id, visible_person_ids

FEWEST_DIGITS, MOST_DIGITS = 4, 8
MOST_FAILURES = 5
LOCKED_FOR = dt.timedelta(minutes=15)


def set_pin(*, actor: Actor, person_id: UUID, pin: str) -> None:
    """Set one's own PIN, or, as whoever manages sites, somebody else's; a locked one opens again."""
    _check_may(actor, person_id)
    _check_pin(pin)
    person = persons_by_id([person_id])[person_id]
    PunchPin.objects.update_or_create(
        person_id=person_id,
        defaults={
            "legal_entity_id": person.legal_entity_id,
            "pin_hash": make_password(pin),
            "set_at": timezone.now(),
            "failed_count": 0,
            "locked_until": None,
        },
    )
    record(actor, "attendance.punch_pin.set", subject=("people.person", person_id))


def remove_pin(*, actor: Actor, person_id: UUID) -> None:
    """Take somebody's PIN away."""
    _check_may(actor, person_id)
    gone, _kinds = PunchPin.objects.filter(person_id=person_id).delete()
    if gone:
        record(actor, "attendance.punch_pin.remove", subject=("people.person", person_id))


def _check_may(actor: Actor, person_id: UUID) -> None:
    if person_id == actor.person_id and actor.can(CREATE_PUNCH):
        return
    actor.scope(MANAGE_SITE)
    if person_id not in visible_person_ids(actor, {person_id}):
        raise Forbidden(MANAGE_SITE)


def _check_pin(pin: str) -> None:
    if not (pin.isascii() and pin.isdigit() and FEWEST_DIGITS <= len(pin) <= MOST_DIGITS):
        raise ValidationError({"pin": _("密码为 4 至 8 位数字。")})
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)}
    if steps <= {0} or steps in ({1}, {-1}):
        raise ValidationError({"pin": _("这个密码太容易猜，请不要用连续或相同的数字。")})


def try_pin(*, person_id: UUID, pin: str) -> str:
    """Try a PIN typed at the door; returns "" when it is right, else what to tell.

    Wrong tries are counted, and five lock it; call it in a transaction that stays.
    """
    wrong = _("工号或密码不对。忘记密码可在“我的考勤”里重设，或请人事重设。")
    known = PunchPin.objects.select_for_update().filter(person_id=person_id).first()
    if known is None:
        make_password(pin)  # as long as a real try, so that nobody learns who has one
        return wrong
    now = timezone.now()
    if known.locked_until and known.locked_until > now:
        return _("错误次数过多，请 15 分钟后再试，或请人事重设密码。")
    if check_password(pin, known.pin_hash):
        PunchPin.objects.filter(id=known.id).exclude(failed_count=0).update(failed_count=0, locked_until=None)
        return ""
    known.failed_count += 1
    known.locked_until = now + LOCKED_FOR if known.failed_count % MOST_FAILURES == 0 else None
    known.save(update_fields=["failed_count", "locked_until"])
    return wrong


def own_pin(*, actor: Actor, pin: str, person_id: UUID) -> UUID:
    """Say whose number a PIN of terminals is; returns the row's id."""
    actor.scope(MANAGE_SITE)
    person = persons_by_id([person_id]).get(person_id)
    if person is None or person_id not in visible_person_ids(actor, {person_id}):
        raise ValidationError({"person": _("没有找到这位员工。")})
    row = PinOwner(pin=pin.strip(), person_id=person_id, legal_entity_id=person.legal_entity_id)
    row.full_clean(exclude=["person", "legal_entity"])
    row.save()
    payload = {"pin": row.pin, "person": person_id}
    record(actor, "attendance.pin_owner.create", subject=("attendance.pin_owner", row.id), payload=payload)
    return row.id


def disown_pin(*, actor: Actor, pin_owner_id: UUID) -> None:
    """Forget whose number a PIN is; punches taken by it stay."""
    actor.scope(MANAGE_SITE)
    gone = PinOwner.objects.filter(id=pin_owner_id).first()
    if gone is None:
        raise Http404
    payload = {"pin": gone.pin, "person": gone.person_id}
    gone.delete()
    record(
        actor, "attendance.pin_owner.delete", subject=("attendance.pin_owner", pin_owner_id), payload=payload
    )
