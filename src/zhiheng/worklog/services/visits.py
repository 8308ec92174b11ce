"""Planning, starting and ending visits to customers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import Datum
from zhiheng.audit.public import record
from zhiheng.files.public import save_file
from zhiheng.people.public import PersonRef
from zhiheng.worklog.calc.places import metres_between, to_wgs84
from zhiheng.worklog.choices import CheckKind, VisitRisk, VisitState
from zhiheng.worklog.models import Customer, Visit, VisitCheck
from zhiheng.worklog.policies import WRITE_VISIT
from zhiheng.worklog.queries.customers import customer_for_actor
from zhiheng.worklog.queries.scopes import person_in_scope
from zhiheng.worklog.queries.visits import visit_for_actor
from zhiheng.worklog.services.work_time import presence_changed, refresh_day

PHOTO_KIND = "worklog.visit_photo"
MAX_PHOTO_BYTES = 20 * 1024 * 1024
MOST_ACCURACY = 200
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"\x00\x00\x00")
"""How files of JPEG, PNG, WebP and HEIC begin."""


@dataclass(frozen=True)
class Fix:
    """Where a device says that it is; ``accuracy`` in metres."""

    latitude: Decimal
    longitude: Decimal
    datum: str = Datum.WGS84
    accuracy: int | None = None


@dataclass(frozen=True)
class Photo:
    """A picture as it was uploaded."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Notes:
    """What came out of a visit."""

    contact: str = ""
    summary: str = ""
    next_step: str = ""
    next_on: dt.date | None = None


def plan_visit(
    *,
    actor: Actor,
    customer_id: UUID,
    planned_at: dt.datetime,
    purpose: str = "",
    person_id: UUID | None = None,
) -> UUID:
    """Plan a visit; returns its id. 404 for a customer outside the actor's scope."""
    person = person_in_scope(actor, WRITE_VISIT, person_id)
    visit = _new(person, customer_for_actor(actor, customer_id), purpose)
    visit.planned_at = planned_at
    visit.on = timezone.localdate(planned_at)
    visit.full_clean(exclude=["person", "customer", "legal_entity"])
    visit.save(force_insert=True)
    _record(actor, "worklog.visit.create", visit)
    return visit.id


def cancel_visit(*, actor: Actor, visit_id: UUID) -> None:
    """Take a planned visit off; ValidationError once it began."""
    visit = _locked(actor, visit_id)
    if visit.state != VisitState.PLANNED:
        raise ValidationError(_("只有尚未开始的拜访可以取消。"), code="not_planned")
    visit.state = VisitState.CANCELLED
    visit.save(update_fields=["state"])
    _record(actor, "worklog.visit.cancel", visit)


def check_in(
    *,
    actor: Actor,
    customer_id: UUID | None = None,
    visit_id: UUID | None = None,
    fix: Fix | None = None,
    photo: Photo | None = None,
    purpose: str = "",
    person_id: UUID | None = None,
) -> UUID:
    """Begin a visit, a planned one or a new one, now by the server's clock; returns its id.

    Far away, without a place or a photo it is flagged, never refused. ValidationError while another visit is open.
    """
    now = timezone.now()
    if visit_id:
        visit = _locked(actor, visit_id)
        person = person_in_scope(actor, WRITE_VISIT, visit.person_id)
        if visit.state != VisitState.PLANNED:
            raise ValidationError(_("这次拜访已经签到或取消。"), code="not_planned")
    else:
        person = person_in_scope(actor, WRITE_VISIT, person_id)
        visit = _new(person, _customer(actor, customer_id), purpose)
    _refuse_second(person, visit)
    visit.on = timezone.localdate(now)
    visit.state, visit.started_at = VisitState.STARTED, now
    check = _check(actor, visit, CheckKind.IN, now, fix, photo)
    visit.distance, visit.risks = check.distance, _risks(visit.customer, check)
    visit.save()
    check.save(force_insert=True)
    _record(actor, "worklog.visit.check_in", visit, distance=check.distance, risks=visit.risks)
    return visit.id


def check_out(
    *,
    actor: Actor,
    visit_id: UUID,
    notes: Notes,
    fix: Fix | None = None,
    photo: Photo | None = None,
    ended_at: dt.datetime | None = None,
) -> None:
    """End a visit, now by the server's clock, or at ``ended_at`` when somebody forgot to: that is flagged.

    ValidationError for a visit that is not going on, or an end before its beginning, in the future or on another day.
    """
    visit = _locked(actor, visit_id)
    person_in_scope(actor, WRITE_VISIT, visit.person_id)
    if visit.state != VisitState.STARTED:
        raise ValidationError(_("这次拜访没有在进行中。"), code="not_started")
    now = timezone.now()
    visit.ended_at = _end(visit, ended_at, now)
    visit.state = VisitState.DONE
    if ended_at is not None:
        visit.risks = [*visit.risks, VisitRisk.TYPED_END.value]
    _take_notes(visit, notes)
    visit.save()
    _check(actor, visit, CheckKind.OUT, now, fix, photo).save(force_insert=True)
    _record(actor, "worklog.visit.check_out", visit, minutes=visit.minutes, risks=visit.risks)
    presence_changed(visit.person_id, visit.legal_entity_id, visit.on)
    refresh_day(visit.person_id, visit.on)


def note_visit(*, actor: Actor, visit_id: UUID, notes: Notes) -> None:
    """Change what is written about a visit; its times and places stay as they are."""
    visit = _locked(actor, visit_id)
    person_in_scope(actor, WRITE_VISIT, visit.person_id)
    _take_notes(visit, notes)
    visit.save(update_fields=["contact", "summary", "next_step", "next_on"])
    _record(actor, "worklog.visit.update", visit)


def _new(person: PersonRef, customer: Customer, purpose: str) -> Visit:
    return Visit(
        person_id=person.id,
        legal_entity_id=person.legal_entity_id,
        customer=customer,
        purpose=purpose.strip(),
    )


def _customer(actor: Actor, customer_id: UUID | None) -> Customer:
    if customer_id is None:
        raise ValidationError({"customer": _("请选择客户。")}, code="no_customer")
    return customer_for_actor(actor, customer_id)


def _locked(actor: Actor, visit_id: UUID) -> Visit:
    visit_for_actor(actor, visit_id, WRITE_VISIT)
    return Visit.objects.select_for_update(of=("self",)).select_related("customer").get(id=visit_id)


def _refuse_second(person: PersonRef, visit: Visit) -> None:
    others = Visit.objects.filter(person_id=person.id, state=VisitState.STARTED).exclude(id=visit.id)
    other = others.select_related("customer").first()
    if other is not None:
        text = _("您正在拜访「{name}」，请先签退。").format(name=other.customer.name)
        raise ValidationError(text, code="open_visit")


def _end(visit: Visit, ended_at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    end = ended_at or now
    if visit.started_at is None or end <= visit.started_at or end > now:
        raise ValidationError({"ended_at": _("结束时间必须晚于签到时间，并且不晚于现在。")}, code="bad_end")
    if ended_at is not None and timezone.localdate(end) != visit.on:
        raise ValidationError({"ended_at": _("手填的结束时间必须在拜访当天。")}, code="bad_end")
    return end


def _take_notes(visit: Visit, notes: Notes) -> None:
    visit.contact, visit.summary = notes.contact.strip(), notes.summary.strip()
    visit.next_step, visit.next_on = notes.next_step.strip(), notes.next_on
    visit.full_clean(exclude=["person", "customer", "legal_entity"])


def _check(
    actor: Actor, visit: Visit, kind: CheckKind, at: dt.datetime, fix: Fix | None, photo: Photo | None
) -> VisitCheck:
    check = VisitCheck(
        visit=visit,
        person_id=visit.person_id,
        legal_entity_id=visit.legal_entity_id,
        kind=kind,
        checked_at=at,
    )
    if fix is not None and (fix.latitude or fix.longitude):  # 0,0 is what a device says that knows nothing
        check.latitude, check.longitude, check.datum = fix.latitude, fix.longitude, fix.datum
        check.accuracy = fix.accuracy
        check.wgs_latitude, check.wgs_longitude = to_wgs84(fix.latitude, fix.longitude, fix.datum)
        check.distance = _distance(visit.customer, check)
    if photo is not None:
        check.photo_id = _saved(actor, visit, photo)
    return check


def _distance(customer: Customer, check: VisitCheck) -> int | None:
    if customer.latitude is None or customer.longitude is None:
        return None
    here = (float(check.wgs_latitude), float(check.wgs_longitude))
    return round(metres_between(here, (float(customer.latitude), float(customer.longitude))))


def _risks(customer: Customer, check: VisitCheck) -> list[str]:
    found = []
    if check.wgs_latitude is None:
        found.append(VisitRisk.NO_LOCATION)
    elif check.accuracy is None or check.accuracy > MOST_ACCURACY:
        found.append(VisitRisk.LOW_ACCURACY)
    if customer.latitude is None:
        found.append(VisitRisk.NO_CUSTOMER_PLACE)
    elif check.distance is not None and check.distance > customer.radius:
        found.append(VisitRisk.FAR)
    if check.photo_id is None:
        found.append(VisitRisk.NO_PHOTO)
    return [each.value for each in found]


def _saved(actor: Actor, visit: Visit, photo: Photo) -> UUID:
    if len(photo.content) > MAX_PHOTO_BYTES:
        raise ValidationError({"photo": _("照片不能超过 20 MB，请压缩后再上传。")}, code="photo_too_big")
    if not photo.content.startswith(_PICTURES):
        raise ValidationError({"photo": _("请上传照片（JPEG、PNG、WebP 或 HEIC）。")}, code="not_a_photo")
    return save_file(
        actor, name=photo.name, content=photo.content, kind=PHOTO_KIND, legal_entity_id=visit.legal_entity_id
    )


def _record(actor: Actor, verb: str, visit: Visit, **more: object) -> None:
    payload = {"customer": visit.customer.name, "on": visit.on, **more}
    record(actor, verb, subject=("worklog.visit", visit.id), payload=payload)
