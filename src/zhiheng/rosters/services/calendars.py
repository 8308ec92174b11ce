"""Calendars: the company's own, their days, and whose they are."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.people.public import org_units
from zhiheng.rosters.calc.calendar import published_years
from zhiheng.rosters.choices import DayKind
from zhiheng.rosters.models import CalendarDay, CalendarUse, WorkCalendar
from zhiheng.rosters.policies import MANAGE_SHIFT
from zhiheng.rosters.services.changes import tell_of_all

DAY = dt.timedelta(days=1)
LONG_AGO = dt.date(2000, 1, 1)


def save_calendar(
    *,
    actor: Actor,
    code: str,
    name: str,
    name_en: str = "",
    country: str = "CN",
    zone: str = "",
    is_default: bool = False,
    calendar_id: UUID | None = None,
) -> UUID:
    """Make a calendar or change one. Raises ValidationError for a code in use, an unknown country or time zone."""
    actor.scope(MANAGE_SHIFT)
    if country and not published_years(country):
        raise ValidationError({"country": _("没有该国家或地区的法定日历，请留空并自行填写节假日。")})
    if zone and zone not in zoneinfo.available_timezones():
        raise ValidationError({"zone": _("没有这个时区。")})
    calendar = calendar_by_id(calendar_id) if calendar_id else WorkCalendar()
    was = (calendar.country, calendar.zone, calendar.is_default)
    if is_default:
        WorkCalendar.objects.filter(is_default=True).exclude(id=calendar.id).update(is_default=False)
    values = {
        "code": code, "name": name, "name_en": name_en, "country": country, "zone": zone, "is_default": is_default,
    }  # fmt: skip
    for key, value in values.items():
        setattr(calendar, key, value)
    calendar.full_clean()
    calendar.save()
    verb = "rosters.work_calendar.update" if calendar_id else "rosters.work_calendar.create"
    record(actor, verb, subject=("rosters.workcalendar", calendar.id), payload=values)
    if was != (country, zone, is_default):
        tell_of_all(LONG_AGO)
    return calendar.id


def calendar_by_id(calendar_id: UUID) -> WorkCalendar:
    """Return a calendar; raises Http404."""
    found = WorkCalendar.objects.filter(id=calendar_id).first()
    if found is None:
        raise Http404
    return found


def set_calendar_day(
    *,
    actor: Actor,
    calendar_id: UUID,
    on: dt.date,
    kind: str | None,
    note: str = "",
    until: dt.date | None = None,
) -> None:
    """Say what a day, or each day to ``until``, is in a calendar; ``None`` goes back to what is published."""
    actor.scope(MANAGE_SHIFT)
    calendar = calendar_by_id(calendar_id)
    last = until or on
    if not on <= last <= on + dt.timedelta(days=366):
        raise ValidationError(_("结束日期不能早于开始日期，一次最多一年。"), code="span")
    days = [on + number * DAY for number in range((last - on).days + 1)]
    CalendarDay.objects.filter(calendar=calendar, on__in=days).delete()
    if kind is not None:
        CalendarDay.objects.bulk_create(
            [CalendarDay(calendar=calendar, on=day, kind=DayKind(kind), note=note) for day in days]
        )
    payload = {"from": on, "to": last, "kind": kind, "note": note}
    record(actor, "rosters.calendar_day.set", subject=("rosters.workcalendar", calendar.id), payload=payload)
    tell_of_all(on - DAY)  # the day before runs into it


def use_calendar(
    *,
    actor: Actor,
    calendar_id: UUID | None,
    legal_entity_id: UUID | None = None,
    org_unit_id: UUID | None = None,
) -> None:
    """Let a subsidiary, or an org unit and below, work by a calendar; ``None`` goes back to what is above it."""
    actor.scope(MANAGE_SHIFT)
    if org_unit_id:
        unit = next((each for each in org_units() if each.id == org_unit_id), None)
        if unit is None:
            raise Http404
        legal_entity_id = unit.legal_entity_id
    mine = CalendarUse.objects.filter(legal_entity_id=legal_entity_id, org_unit_id=org_unit_id)
    mine.delete()
    if calendar_id:
        calendar = calendar_by_id(calendar_id)
        CalendarUse.objects.create(
            calendar=calendar, legal_entity_id=legal_entity_id, org_unit_id=org_unit_id
        )
    payload = {"legal_entity": legal_entity_id, "org_unit": org_unit_id, "calendar": calendar_id}
    subject = ("tenancy.orgunit", org_unit_id) if org_unit_id else ("tenancy.legalentity", legal_entity_id)
    record(actor, "rosters.calendar_use.set", subject=subject, payload=payload)
    tell_of_all(LONG_AGO)
