"""Pages of days: one's own on the phone, everybody's of a date, one day with its trace down to the raw punches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.attendance.choices import DayFlag, DayState, Presence
from zhiheng.attendance.explain import Line, duration, explained, verdicts
from zhiheng.attendance.models import AttendanceDay
from zhiheng.attendance.picture import Picture, picture_of
from zhiheng.attendance.policies import CREATE_PUNCH, CREATE_REQUEST, READ_DAY, SETTLE_DAY
from zhiheng.attendance.queries.days import (
    adjustments_of_day,
    below_unit,
    company_zone,
    day_for_actor,
    days_for_actor,
    explain_day,
    matching_people,
    own_days,
    punches_of_settled_day,
    revisions_of_day,
    unit_choices,
)  # fmt: skip
from zhiheng.attendance.queries.live import counted, standings
from zhiheng.attendance.queries.months import month_bounds, month_totals, symbols_of
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.attendance.services.recalculation import settle_day_again
from zhiheng.attendance.views.phone import punch_context

ONE_DAY = dt.timedelta(days=1)
TONES = {
    Presence.MISSING: "bad", Presence.LATE: "warn", Presence.ABSENT: "bad", Presence.UNRESOLVED: "warn",
    Presence.IN: "ok", Presence.LEFT: "ok", Presence.DONE: "ok", Presence.ON_LEAVE: "info", Presence.AWAY: "info",
    Presence.NOT_YET: "", Presence.RESTING: "",
}  # fmt: skip
PHONE_WIDTH, PC_WIDTH = 360, 760
STATE_TONES = {DayState.WAITING: "", DayState.JUDGED: "ok", DayState.LOCKED: "info"}
PAGE_SIZE = 50


def date_of(text: str, otherwise: dt.date) -> dt.date:
    """Return a date of the query string."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return otherwise


# --- One's own days, on the phone ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A day of the calendar."""

    on: dt.date
    row: AttendanceDay | None
    tone: str
    symbol: str
    is_today: bool
    is_chosen: bool
    is_outside: bool


@requires(CREATE_PUNCH)
def my_attendance(request: HttpRequest) -> HttpResponse:
    """Show today's state, the week and month, and the chosen day as a picture with the reasons in words."""
    today = timezone.now().astimezone(company_zone()).date()
    chosen = date_of(request.GET.get("on", ""), today)
    first, last = month_bounds(chosen)
    begin = first - dt.timedelta(days=first.weekday())
    end = last + dt.timedelta(days=6 - last.weekday())
    rows = own_days(request.actor, begin, end)
    cells = [_cell(begin + n * ONE_DAY, rows, today, chosen) for n in range((end - begin).days + 1)]
    month = [row for on, row in sorted(rows.items()) if first <= on <= last]
    totals = month_totals(month, (), settlement_rules()).get(request.actor.person_id)
    context = {
        "today": today,
        "chosen": chosen,
        "weeks": [cells[at : at + 7] for at in range(0, len(cells), 7)],
        "strip": next(
            (
                cells[at : at + 7]
                for at in range(0, len(cells), 7)
                if cells[at].on <= chosen <= cells[at + 6].on
            ),
            [],
        ),
        "earlier": first - ONE_DAY,
        "later": last + ONE_DAY,
        "totals": totals,
        "day": shown_day(rows.get(chosen), PHONE_WIDTH),
        "can_ask": request.actor.can(CREATE_REQUEST),
        **punch_context(request),
    }
    template = "attendance/my_attendance.html#day" if request.htmx else "attendance/my_attendance.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cell(on: dt.date, rows: dict[dt.date, AttendanceDay], today: dt.date, chosen: dt.date) -> Cell:
    row = rows.get(on)
    return Cell(
        on, row, tone_of(row), symbols_of(row)[0].value if row else "", on == today, on == chosen,
        on.month != chosen.month,
    )  # fmt: skip


def tone_of(row: AttendanceDay | None) -> str:
    """Return the colour of a day: bad, warn, ok, info, or none for rest and what is to come."""
    if row is None or (row.state == DayState.WAITING and not row.late):
        return ""
    if row.absent:
        return "bad"
    if row.late or row.early or (row.unresolved and row.state != DayState.WAITING):
        return "warn"
    if row.leave:
        return "info"
    return "ok" if row.worked else ""


@dataclass(frozen=True)
class ShownDay:
    """A day as pages show it: picture, verdict and all steps in words."""

    row: AttendanceDay
    picture: Picture
    verdicts: Sequence[Line]
    lines: Sequence[Line]
    flags: Sequence[str]
    tone: str
    is_waiting: bool


def shown_day(row: AttendanceDay | None, width: int) -> ShownDay | None:
    """Return a day ready to be shown."""
    if row is None:
        return None
    found, is_waiting = explain_day(row), row.state == DayState.WAITING
    labels = dict(DayFlag.choices)
    return ShownDay(
        row, picture_of(found.given, found.result, width), verdicts(found.result.trace),
        explained(found.result.trace), [str(labels.get(each, each)) for each in row.flags], tone_of(row), is_waiting,
    )  # fmt: skip


# --- Everybody's of a date --------------------------------------------------------------------------------------


@requires(READ_DAY)
def team_day(request: HttpRequest) -> HttpResponse:
    """Show who is where on a date, live; counts by place filter the list."""
    now = timezone.now()
    today = now.astimezone(company_zone()).date()
    on = date_of(request.GET.get("on", ""), today)
    unit, text, place = (request.GET.get(name, "") for name in ("unit", "q", "place"))
    rows = matching_people(below_unit(days_for_actor(request.actor).filter(on=on), unit), text)
    found = standings(rows, now)
    counts = counted(found)
    wanted = [each for each in found if not place or each.presence == place]
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page", 1))
    by_id = {
        row.id: row for row in days_for_actor(request.actor).filter(id__in=[each.day_id for each in page])
    }
    context = {
        "on": on,
        "today": today,
        "is_today": on == today,
        "earlier": on - ONE_DAY,
        "later": on + ONE_DAY,
        "unit": unit,
        "q": text,
        "place": place,
        "units": unit_choices(request.actor),
        "places": [
            (each.value, each.label, TONES[each], counts[each.value])
            for each in Presence
            if counts[each.value]
        ],
        "total": len(found),
        "page": page,
        "people": [
            (by_id[each.day_id], each.presence, TONES[each.presence]) for each in page if each.day_id in by_id
        ],
        "updated": now,
    }
    template = "attendance/team_day.html#list" if request.htmx else "attendance/team_day.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


# --- One day ----------------------------------------------------------------------------------------------------


@requires(READ_DAY)
def day_detail(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """Show a day: figures, picture, the steps in words, raw punches, what it said before."""
    row = day_for_actor(request.actor, day_id)
    context = {
        "day": shown_day(row, PC_WIDTH),
        "row": row,
        "state_tone": STATE_TONES[DayState(row.state)],
        "figures": _figures(row),
        "punches": punches_of_settled_day(row),
        "revisions": revisions_of_day(row),
        "adjustments": [(each, _differences(each.figures)) for each in adjustments_of_day(row)],
        "can_settle": request.actor.can(SETTLE_DAY),
        "can_ask": request.actor.can(CREATE_REQUEST),
        "crumbs": [(_("考勤日报"), f"{reverse('attendance:team_day')}?on={row.on}"), (row.person.name, None)],
    }
    template = "attendance/_day_drawer.html" if request.htmx else "attendance/day.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _figures(row: AttendanceDay) -> list[tuple[str, str, str]]:
    """Return label, value and tone of the figures of a day; those that are nothing are left out after the first."""
    names = (
        ("scheduled", ""), ("present", ""), ("worked", "ok"), ("late", "bad"), ("early", "bad"), ("absent", "bad"),
        ("leave", "info"), ("outing", "info"), ("unresolved", "warn"), ("ot_requested", ""), ("ot_punched", ""),
        ("ot_150", "info"), ("ot_200", "info"), ("ot_300", "info"), ("ot_comp", ""), ("unapproved", "warn"),
    )  # fmt: skip
    return [
        (label(name), duration(minutes), tone)
        for name, tone in names
        if (minutes := getattr(row, name)) or name in ("scheduled", "present", "worked")
    ]


def label(name: str) -> str:
    """Return what a figure is called."""
    return str(AttendanceDay._meta.get_field(name).verbose_name)


def _differences(figures: dict[str, int]) -> list[tuple[str, str]]:
    return [
        (label(name), f"{'+' if minutes > 0 else '−'}{duration(abs(minutes))}")
        for name, minutes in figures.items()
    ]


@requires(SETTLE_DAY)
@require_POST
def day_settle(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """Settle a day again, now."""
    row = day_for_actor(request.actor, day_id)
    settle_day_again(actor=request.actor, day_id=row.id)
    messages.success(request, _("已重新结算。"))
    return HttpResponseRedirect(reverse("attendance:day_detail", args=[row.id]))
