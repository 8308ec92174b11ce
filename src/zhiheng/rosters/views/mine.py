"""One's own roster on the phone, and its calendar feed."""

from __future__ import annotations

import calendar as weeks
import datetime as dt
from typing import Any

import icalendar
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiheng.access.http import public_page, requires
from zhiheng.access.secrets import parse_credential
from zhiheng.rosters.calc.clock import frame_of
from zhiheng.rosters.policies import READ_ROSTER
from zhiheng.rosters.queries.board import shift_colours
from zhiheng.rosters.queries.mine import OwnDay, feed_of, instants, own_days, person_of_feed
from zhiheng.rosters.services.feeds import close_feed, open_feed
from zhiheng.rosters.views.shared import shift_text, weekdays
from zhiheng.tenancy.context import tenant_context

DAY = dt.timedelta(days=1)
FEED_BEFORE, FEED_AFTER = dt.timedelta(days=30), dt.timedelta(days=90)


@requires(READ_ROSTER)
def my_roster(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's shifts of a week or month."""
    return _page(request)


def _page(request: HttpRequest, address: str = "", error: str = "") -> HttpResponse:
    today = timezone.localdate()
    is_month = request.GET.get("view") == "month"
    first = _first(request.GET.get("on", ""), today, is_month=is_month)
    last = (first + 31 * DAY).replace(day=1) - DAY if is_month else first + 6 * DAY
    person_id = request.actor.person_id
    colours = shift_colours()
    days = [_drawn(each, colours, today) for each in own_days(person_id, first, last)] if person_id else []
    by_day = {each["on"]: each for each in days}
    before = (first - DAY).replace(day=1) if is_month else first - 7 * DAY
    view = "month" if is_month else "week"
    context = {
        "days": days,
        "weekdays": weekdays(),
        "is_month": is_month,
        "weeks": [
            [by_day.get(on) if on.month == first.month else None for on in week]
            for week in weeks.Calendar().monthdatescalendar(first.year, first.month)
        ]
        if is_month
        else (),
        "first": first,
        "last": last,
        "previous": f"?view={view}&on={before}",
        "next": f"?view={view}&on={last + DAY}",
        "views": [
            {
                "label": _("周"),
                "url": f"?view=week&on={max(first, min(today, last))}",
                "current": not is_month,
            },
            {"label": _("月"), "url": f"?view=month&on={first}", "current": is_month},
        ],
        "has_person": person_id is not None,
        "feed": feed_of(request.actor),
        "address": address,
        "error": error,
    }
    return render(request, "rosters/my_roster.html", context, status=422 if error else 200)


def _first(text: str, today: dt.date, *, is_month: bool) -> dt.date:
    try:
        on = dt.date.fromisoformat(text)
    except ValueError:
        on = today
    if not dt.date(2000, 1, 3) <= on < dt.date(2100, 1, 1):
        on = today
    return on.replace(day=1) if is_month else on - DAY * on.weekday()


def _drawn(each: OwnDay, colours: dict, today: dt.date) -> dict[str, Any]:
    template = each.template
    return {
        "on": each.on,
        "weekday": weekdays()[each.on.weekday()],
        "name": template.name,
        "short": template.code or template.name[:1],
        "times": "" if template.is_rest else frame_of(template.shift) or shift_text(template.shift),
        "colour": colours.get(template.shift_id, "rest" if template.is_rest else "plain"),
        "is_rest": template.is_rest,
        "is_today": each.on == today,
        "day_type": each.day_type,
    }


@requires(READ_ROSTER)
@require_POST
def feed_open(request: HttpRequest) -> HttpResponse:
    """Make the secret address of one's own shifts and show it once."""
    try:
        credential = open_feed(actor=request.actor)
    except ValidationError as error:
        return _page(request, error=" ".join(error.messages))
    path = reverse("rosters:feed", args=[str(credential)])
    answer = _page(request, address=request.build_absolute_uri(path))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(READ_ROSTER)
@require_POST
def feed_close(request: HttpRequest) -> HttpResponse:
    """Revoke the secret address."""
    close_feed(actor=request.actor)
    return HttpResponseRedirect(reverse("rosters:my_roster"))


@public_page
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Return somebody's published shifts as iCalendar; whoever knows the address may read it."""
    credential = parse_credential(secret)
    if credential is None:
        raise Http404
    today = timezone.localdate()
    with tenant_context(credential.tenant_id):
        person_id = person_of_feed(credential)
        days = own_days(person_id, today - FEED_BEFORE, today + FEED_AFTER) if person_id else None
    if days is None:
        raise Http404
    answer = HttpResponse(_ical(days, credential.id.hex), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=900"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _ical(days: list[OwnDay], key: str) -> bytes:
    found = icalendar.Calendar()
    found.add("prodid", "-//Zhiheng//Rosters//ZH")
    found.add("version", "2.0")
    found.add("x-wr-calname", _("我的排班"))
    for each in days:
        span = instants(each)
        if span is None:
            continue
        event = icalendar.Event()
        event.add("uid", f"{each.on:%Y%m%d}-{key}@zhiheng")
        event.add("summary", each.template.name)
        event.add("description", shift_text(each.template.shift))
        event.add("dtstart", span[0].astimezone(dt.UTC))
        event.add("dtend", span[1].astimezone(dt.UTC))
        event.add("dtstamp", timezone.now())
        found.add_component(event)
    return found.to_ical()
