"""Work calendars with their days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from zhiheng.rosters.calc import calendar as published
from zhiheng.rosters.calc.plan import CalendarInfo
from zhiheng.rosters.models import CalendarDay, CalendarUse, WorkCalendar
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.models import Tenant

BUILT_IN = "CN"


@dataclass(frozen=True)
class Calendars:
    """The calendars of a span: types of days by code, the default's code, and whose calendar is which."""

    by_code: Mapping[str, CalendarInfo]
    default: str
    of_place: Mapping[str, str]


def calendars_between(first: dt.date, last: dt.date) -> Calendars:
    """Return all calendars of the tenant in force with the types of the days of a span, both ends included."""
    zone = Tenant.objects.values_list("time_zone", flat=True).get(id=current_tenant_id())
    own: dict[object, dict[dt.date, str]] = {}
    for calendar_id, on, kind in CalendarDay.objects.filter(on__range=(first, last)).values_list(
        "calendar_id", "on", "kind"
    ):
        own.setdefault(calendar_id, {})[on] = kind
    found = {BUILT_IN: CalendarInfo(published.day_types(first, last), zone)}
    default, codes = BUILT_IN, {}
    for row in WorkCalendar.objects.all():
        types = published.day_types(first, last, own.get(row.id), country=row.country)
        found[row.code] = CalendarInfo(types, row.zone or zone)
        default = row.code if row.is_default else default
        codes[row.id] = row.code
    uses = {
        str(unit or entity): codes[calendar_id]
        for unit, entity, calendar_id in CalendarUse.objects.values_list(
            "org_unit_id", "legal_entity_id", "calendar_id"
        )
    }
    return Calendars(found, default, uses)


def day_types(first: dt.date, last: dt.date, calendar_code: str = BUILT_IN) -> dict[dt.date, str]:
    """Return the type of each day, both ends included, in a calendar; raises LookupError for an unknown one."""
    found = calendars_between(first, last).by_code
    if calendar_code not in found:
        raise LookupError(calendar_code)
    return dict(found[calendar_code].types)
