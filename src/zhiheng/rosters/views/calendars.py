"""Pages of work calendars."""

from __future__ import annotations

import calendar as weeks
import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.rosters.calc.calendar import day_types, totals_of, unpublished_years, year_pack
from zhiheng.rosters.calc.clock import minutes_text
from zhiheng.rosters.choices import DayKind
from zhiheng.rosters.forms.calendars import CalendarDayForm, CalendarForm, CalendarUseForm
from zhiheng.rosters.policies import MANAGE_SHIFT, READ_SHIFT
from zhiheng.rosters.queries.definitions import calendar_for_actor, calendars_for_actor, days_of, uses_of
from zhiheng.rosters.services.calendars import save_calendar, set_calendar_day, use_calendar
from zhiheng.rosters.views.definitions import DefinitionList
from zhiheng.rosters.views.shared import form_page, tabs, weekdays
from zhiheng.webkit.lists import Column, RowAction

FIRST_YEAR, LAST_YEAR = 2000, 2099


class CalendarList(DefinitionList):
    """The company's calendars; the published one of China is always there."""

    key = "rosters.work_calendar"
    filters = []
    columns = [
        Column(
            "name",
            gettext_lazy("工作日历"),
            sort="name",
            value="label",
            is_fixed=True,
            url=lambda row: reverse("rosters:calendar_detail", args=[row.id]),
        ),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column(
            "country",
            gettext_lazy("法定日历"),
            value=lambda row: _("中国大陆") if row.country else _("自行填写"),
        ),
        Column("zone", gettext_lazy("时区"), value=lambda row: row.zone or _("公司时区")),
        Column(
            "is_default",
            gettext_lazy("默认日历"),
            tags={True: ("brand", gettext_lazy("默认")), False: ("", gettext_lazy("否"))},
        ),
    ]
    total_label = gettext_lazy("共 {count} 个工作日历")
    empty_icon = "calendar"
    empty_title = gettext_lazy("使用公布的法定日历")
    empty_text = gettext_lazy("有公司自己的假日，或有中国大陆以外的同事时，新建一个工作日历。")
    page_name, edit_name, new_name = "calendar_list", "calendar_edit", "calendar_new"
    new_label = gettext_lazy("新建工作日历")

    def rows(self):
        return calendars_for_actor(self.actor)

    def row_actions(self, row: Any) -> list[RowAction]:
        view = RowAction(_("查看"), reverse("rosters:calendar_detail", args=[row.id]))
        return [view, *super().row_actions(row)]

    def extra_context(self) -> dict[str, object]:
        return {**super().extra_context(), "more": (_("中国法定日历"), reverse("rosters:calendar_published"))}


@requires(READ_SHIFT)
def calendar_list(request: HttpRequest) -> HttpResponseBase:
    """List the company's calendars."""
    return CalendarList(request).response()


@requires(MANAGE_SHIFT)
def calendar_edit(request: HttpRequest, calendar_id: UUID | None = None) -> HttpResponse:
    """Make a calendar or change one."""
    page = reverse("rosters:calendar_list")
    row = calendar_for_actor(request.actor, calendar_id) if calendar_id else None
    names = ("code", "name", "name_en", "country", "zone", "is_default")
    initial = {name: getattr(row, name) for name in names} if row else None
    form = CalendarForm(request.POST or None, actor=request.actor, initial=initial)
    return form_page(
        request, form, act=lambda values: save_calendar(actor=request.actor, calendar_id=calendar_id, **values),
        done=_("工作日历已保存。"), title=_("修改工作日历") if row else _("新建工作日历"), cancel=page,
        crumbs=[(_("工作日历"), page)],
    )  # fmt: skip


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else timezone.localdate().year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _year_context(
    year: int, country: str, own: dict[dt.date, tuple[str, str]] | None = None
) -> dict[str, Any]:
    """Return the months of a year with their days and totals."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    own = own or {}
    types = day_types(first, last, {on: kind for on, (kind, _note) in own.items()}, country=country)
    missing = bool(country and unpublished_years(first, last, country))
    names = _names(year, country, missing=missing) | {on: note for on, (_kind, note) in own.items() if note}
    labels = dict(DayKind.choices)
    months = []
    for month in range(1, 13):
        rows = [
            [_drawn(on, types, names, labels, own) if on.month == month else None for on in week]
            for week in weeks.Calendar().monthdatescalendar(year, month)
        ]
        mine = {on: kind for on, kind in types.items() if on.month == month}
        months.append((dt.date(year, month, 1), rows, totals_of(mine)))
    totals = totals_of(types)
    source = year_pack(year, country).source if country and not missing else ()
    return {
        "year": year, "months": months, "weekdays": weekdays(), "totals": totals,
        "hours": minutes_text(totals.standard_minutes),
        "is_missing": missing, "source": source, "previous": year - 1, "next": year + 1,
    }  # fmt: skip


def _drawn(on: dt.date, types, names, labels, own) -> dict[str, Any]:
    kind = types[on]
    text = " ".join(filter(None, [str(labels[kind]), names.get(on, "")]))
    return {"on": on, "kind": kind.lower(), "text": text, "is_own": on in own}


def _names(year: int, country: str, *, missing: bool) -> dict[dt.date, str]:
    if not country or missing:
        return {}
    is_english = (get_language() or "").startswith("en")
    named = year_pack(year, country).statutory.items()
    return {on: name.name_en if is_english else name.name for on, name in named}


@requires(READ_SHIFT)
def calendar_published(request: HttpRequest) -> HttpResponse:
    """Show a year of the calendar that China published."""
    page = reverse("rosters:calendar_list")
    context = {
        "tabs": tabs(request.actor, "calendar_list"), "title": _("中国法定日历"),
        "crumbs": [(_("工作日历"), page), (_("中国法定日历"), None)], **_year_context(_year(request), "CN"),
    }  # fmt: skip
    return render(request, "rosters/calendar.html", context)


@requires(READ_SHIFT)
def calendar_detail(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    """Show a year of one of the company's calendars."""
    return _detail(request, calendar_id)


def _detail(request: HttpRequest, calendar_id: UUID, **forms: Any) -> HttpResponse:
    calendar = calendar_for_actor(request.actor, calendar_id)
    year = _year(request)
    own = {row.on: (row.kind, row.note) for row in days_of(calendar, year)}
    can_manage = request.actor.can(MANAGE_SHIFT)
    labels = dict(DayKind.choices)
    context = {
        "tabs": tabs(request.actor, "calendar_list"),
        "title": calendar.label,
        "calendar": calendar,
        "crumbs": [(_("工作日历"), reverse("rosters:calendar_list")), (calendar.label, None)],
        "own": [(on, labels[kind], note) for on, (kind, note) in own.items()],
        "uses": uses_of(calendar),
        "can_manage": can_manage,
        "day_form": CalendarDayForm(actor=request.actor) if can_manage else None,
        "use_form": CalendarUseForm(actor=request.actor) if can_manage else None,
        **_year_context(year, calendar.country, own),
        **forms,
    }
    is_refused = any(each.errors for each in forms.values())
    return render(request, "rosters/calendar.html", context, status=422 if is_refused else 200)


@requires(MANAGE_SHIFT)
@require_POST
def calendar_day(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    """Say what some days are."""
    form = CalendarDayForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            set_calendar_day(actor=request.actor, calendar_id=calendar_id, **form.values())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("日历已更新。"))
            year = form.cleaned_data["on"].year
            return HttpResponseRedirect(
                f"{reverse('rosters:calendar_detail', args=[calendar_id])}?year={year}"
            )
    return _detail(request, calendar_id, day_form=form)


@requires(MANAGE_SHIFT)
@require_POST
def calendar_use(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    """Let an org unit and below work by the calendar, or no longer."""
    form = CalendarUseForm(request.POST, actor=request.actor)
    if form.is_valid():
        wanted = None if request.POST.get("remove") else calendar_id
        use_calendar(actor=request.actor, calendar_id=wanted, org_unit_id=form.cleaned_data["org_unit_id"])
        messages.success(request, _("适用范围已更新。"))
        return HttpResponseRedirect(reverse("rosters:calendar_detail", args=[calendar_id]))
    return _detail(request, calendar_id, use_form=form)
