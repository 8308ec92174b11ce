"""The team calendar: who is away in a month. Colleagues see that, and not why."""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhiheng.access.actor import Actor
from zhiheng.access.http import requires
from zhiheng.leave.choices import LeaveState
from zhiheng.leave.models import LeaveDay
from zhiheng.leave.policies import READ_CALENDAR, READ_LEAVE
from zhiheng.leave.queries.requests import away_for_actor
from zhiheng.leave.views.common import tabs
from zhiheng.people.public import org_units
from zhiheng.rosters.public import day_types

WORKING = ("WORKDAY", "ADJUSTED_WORKDAY")
MOST_PEOPLE = 300


@requires(READ_CALENDAR)
@require_safe
def team_calendar(request: HttpRequest) -> HttpResponse:
    """Show who is away on which day of a month."""
    first = _month(request.GET.get("month", ""))
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    unit = request.GET.get("unit", "")
    known = org_units(timezone.localdate())
    inside = next((each for each in known if str(each.id) == unit), None)
    rows = away_for_actor(request.actor, first, last)
    if inside:
        rows = rows.filter(person__org_unit__path__contains=[inside.id])
    people = _people(request.actor, rows)
    types = day_types(first, last)
    dates = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    counts = {on: sum(1 for each in people if _is_away(each, on)) for on in dates}
    context = {
        "first": first,
        "month": f"{first:%Y-%m}",
        "earlier": f"{first - dt.timedelta(days=1):%Y-%m}",
        "later": f"{last + dt.timedelta(days=1):%Y-%m}",
        "days": [(on, types[on] not in WORKING, on == timezone.localdate(), counts[on]) for on in dates],
        "people": [
            {**each, "cells": [(each["days"].get(on), types[on] not in WORKING) for on in dates]}
            for each in people[:MOST_PEOPLE]
        ],
        "total": len(people),
        "is_cut": len(people) > MOST_PEOPLE,
        "units": known,
        "unit": unit if inside else "",
        "tabs": tabs(request.actor, "leave:calendar"),
    }
    template = "leave/calendar.html" + ("#calendar" if request.htmx else "")
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _month(text: str) -> dt.date:
    """Return the first day of the month asked for, else of this one."""
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def _people(actor: Actor, rows) -> list[dict[str, Any]]:
    """Return the people who are away, each with their days."""
    scope = actor.scope(READ_LEAVE) if actor.can(READ_LEAVE) else None
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        person = row.person
        sees_why = scope is not None and scope.has(
            person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=row.legal_entity_id
        )
        mine = found.setdefault(
            person.id, {"person": person, "days": {}, "url_id": row.request_id if sees_why else None}
        )
        mine["days"][row.on] = _cell(row, sees_why)
    return sorted(found.values(), key=_place)


def _place(each: dict[str, Any]) -> tuple[str, str]:
    person = each["person"]
    return person.org_unit.name if person.org_unit else "", person.employee_number


def _cell(row: LeaveDay, sees_why: bool) -> dict[str, Any]:
    label = row.request.leave_type.label if sees_why else _("休假")
    is_pending = row.request.state == LeaveState.PENDING
    return {
        "label": label,
        "short": label[:1],
        "is_pending": is_pending,
        "is_part": 0 <= row.share < 1,
        "request_id": row.request_id if sees_why else None,
        "title": _("{type}（审批中）").format(type=label) if is_pending else label,
    }


def _is_away(person: dict[str, Any], on: dt.date) -> bool:
    cell = person["days"].get(on)
    return cell is not None and not cell["is_pending"]
