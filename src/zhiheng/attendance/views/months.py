"""Pages of months: the sheet of symbols, what has to be handled, reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhiheng.access.http import requires
from zhiheng.attendance.choices import Anomaly, DaySymbol
from zhiheng.attendance.explain import duration
from zhiheng.attendance.models import AttendanceDay
from zhiheng.attendance.policies import CLOSE_MONTH, CREATE_REQUEST, READ_DAY, REVIEW_PUNCH
from zhiheng.attendance.queries.anomalies import (
    WHICH,
    anomalous_days,
    anomaly_counts,
    anomaly_of,
    devices_to_mind,
    over_cap,
    punches_waiting,
)  # fmt: skip
from zhiheng.attendance.queries.days import (
    below_unit,
    by_person,
    company_zone,
    days_for_actor,
    matching_people,
    people_of,
    unit_choices,
)  # fmt: skip
from zhiheng.attendance.queries.months import (
    Totals,
    adjustments_for_actor,
    month_bounds,
    month_totals,
    symbols_of,
)  # fmt: skip
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.audit.public import record
from zhiheng.rosters.public import day_types
from zhiheng.webkit.columns import printable
from zhiheng.webkit.export import xlsx_response
from zhiheng.webkit.lists import ChoiceFilter, Column, Filter, ListPage, RowAction

PEOPLE_A_PAGE = 50
ONE_DAY = dt.timedelta(days=1)
MINUTE = 60
WEEKDAYS = (
    pgettext_lazy("weekday", "一"), pgettext_lazy("weekday", "二"), pgettext_lazy("weekday", "三"),
    pgettext_lazy("weekday", "四"), pgettext_lazy("weekday", "五"), pgettext_lazy("weekday", "六"),
    pgettext_lazy("weekday", "日"),
)  # fmt: skip
NO_TOTALS = Totals(dict.fromkeys(("scheduled", "worked", "late", "early", "absent", "leave", "unresolved", "unapproved",
                                  "ot_150", "ot_200", "ot_300", "ot_requested", "ot_punched", "ot_comp", "outing",
                                  "present"), 0), {})  # fmt: skip


def month_of(text: str) -> dt.date:
    """Return the month of the query string, its first day; this month where it is none."""
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.now().astimezone(company_zone()).date().replace(day=1)


@dataclass(frozen=True)
class Asked:
    """What a page of a month is asked for."""

    month: dt.date
    unit: str
    text: str

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Read it from the query string."""
        given = request.GET
        return cls(
            month_of(given.get("month", "")), given.get("unit", ""), printable(given.get("q", ""))[:100]
        )

    def rows(self, request: HttpRequest):
        """Return the days of the month that match."""
        found = days_for_actor(request.actor).filter(on__range=month_bounds(self.month))
        return matching_people(below_unit(found, self.unit), self.text)

    def context(self, request: HttpRequest) -> dict[str, object]:
        """Return what the toolbar of such a page shows."""
        return {
            "month": self.month,
            "earlier": self.month - ONE_DAY,
            "later": month_bounds(self.month)[1] + ONE_DAY,
            "unit": self.unit,
            "q": self.text,
            "units": unit_choices(request.actor),
            "can_close": request.actor.can(CLOSE_MONTH),
        }


# --- The sheet --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A person's line of the sheet."""

    person_id: UUID
    number: str
    name: str
    unit: str
    cells: Sequence[tuple[AttendanceDay | None, str, str]]  # day, symbols, what it says in words
    totals: Totals


@requires(READ_DAY)
def month_table(request: HttpRequest) -> HttpResponseBase:
    """Show a month as person by day, with symbols and totals; all matching people as a file."""
    asked = Asked.of(request)
    people = people_of(asked.rows(request))
    first, last = month_bounds(asked.month)
    dates = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    if request.GET.get("export") == "xlsx":
        return _sheet(request, asked, _lines(request, asked, people, dates), dates)
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page", 1))
    kinds = day_types(first, last)
    context = {
        **asked.context(request),
        "page": page,
        "lines": _lines(request, asked, page.object_list, dates),
        "dates": [
            (on, WEEKDAYS[on.weekday()], kinds.get(on, "") not in ("WORKDAY", "ADJUSTED_WORKDAY"))
            for on in dates
        ],
        "total": len(people),
        "legend": [(each.value, each.label) for each in DaySymbol],
    }
    template = "attendance/month_table.html#table" if request.htmx else "attendance/month_table.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _lines(
    request: HttpRequest, asked: Asked, people: Sequence[tuple[UUID, str, str, str]], dates: Sequence[dt.date]
) -> list[Line]:
    ids = [each[0] for each in people]
    rows = list(asked.rows(request).filter(person_id__in=ids).order_by("on"))
    adjusted = adjustments_for_actor(request.actor, asked.month).filter(person_id__in=ids)
    totals, days = month_totals(rows, adjusted, settlement_rules()), by_person(rows)
    return [
        Line(
            person_id, number, name, unit or "", [_cell(days.get(person_id, {}).get(on)) for on in dates],
            totals.get(person_id, NO_TOTALS),
        )
        for person_id, number, name, unit in people
    ]  # fmt: skip


def _cell(row: AttendanceDay | None) -> tuple[AttendanceDay | None, str, str]:
    if row is None:
        return None, "", ""
    parts = [
        (name, getattr(row, name))
        for name in ("worked", "late", "early", "absent", "leave", "unresolved", "ot_150", "ot_200", "ot_300")
    ]
    words = [
        f"{row._meta.get_field(name).verbose_name} {duration(minutes)}" for name, minutes in parts if minutes
    ]
    return row, "".join(each.value for each in symbols_of(row)[:2]), "、".join([row.rule.name, *words])


def _sheet(
    request: HttpRequest, asked: Asked, lines: list[Line], dates: Sequence[dt.date]
) -> HttpResponseBase:
    head = [
        _("工号"),
        _("姓名"),
        _("部门"),
        *(str(on.day) for on in dates),
        _("应出勤（小时）"),
        _("出勤（小时）"),
        _("迟到（次）"),
        _("迟到（分钟）"),
        _("早退（次）"),
        _("旷工（小时）"),
        _("请假（小时）"),
        _("待处理（小时）"),
        _("工作日加班（小时）"),
        _("休息日加班（小时）"),
        _("法定节假日加班（小时）"),
        _("转调休加班（小时）"),
        _("未批准加班（小时）"),
    ]
    names = ("absent", "leave", "unresolved", "ot_150", "ot_200", "ot_300", "ot_comp", "unapproved")
    rows = [
        [
            line.number, line.name, line.unit, *(cell[1] for cell in line.cells), _hours(line, "scheduled"),
            _hours(line, "worked"), line.totals.late_times, line.totals.minutes["late"], line.totals.early_times,
            *(_hours(line, name) for name in names),
        ]
        for line in lines
    ]  # fmt: skip
    payload = {"month": asked.month, "rows": len(rows)}
    record(request.actor, "attendance.month.export", subject=("attendance.month", ""), payload=payload)
    return xlsx_response(f"{_('考勤月报')} {asked.month:%Y-%m}", head, rows)


def _hours(line: Line, name: str) -> float:
    return round(line.totals.minutes[name] / MINUTE, 2)


# --- What has to be handled -------------------------------------------------------------------------------------


KIND_TAGS = {
    Anomaly.MISSING: ("warn", Anomaly.MISSING.label),
    Anomaly.ABSENT: ("bad", Anomaly.ABSENT.label),
    Anomaly.UNAPPROVED: ("warn", Anomaly.UNAPPROVED.label),
    Anomaly.ORPHAN: ("warn", Anomaly.ORPHAN.label),
    Anomaly.LATE: ("bad", Anomaly.LATE.label),
    Anomaly.UNSYNCED: ("", Anomaly.UNSYNCED.label),
}


def _what(row: AttendanceDay) -> str:
    """Return what is the matter with a day, in figures."""
    names = ("unresolved", "absent", "late", "unapproved")
    return "、".join(
        f"{row._meta.get_field(name).verbose_name} {duration(getattr(row, name))}"
        for name in names
        if getattr(row, name)
    )


class MonthFilter(Filter):
    """A month, as YYYY-MM; the page itself reads its days."""

    widget = "month"
    label_text = gettext_lazy("月份")

    def clean(self, text: str) -> str:
        """Return the month, this one for a text that is none."""
        return f"{month_of(text):%Y-%m}"


class AnomalyList(ListPage):
    """The days of a month that need somebody."""

    key = "attendance.anomaly"
    title = gettext_lazy("考勤异常")
    sub = gettext_lazy("缺卡、旷工和没有批准的加班，逐条处理；处理后自动重新计算。")
    template_name = "attendance/anomaly_list.html"
    columns = [
        Column("person", gettext_lazy("员工"), value="person.name", sort="person__name", is_fixed=True,
               url=lambda row: reverse("attendance:day_detail", args=[row.id])),
        Column("number", gettext_lazy("工号"), value="person.employee_number", sort="person__employee_number"),
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("on", gettext_lazy("日期"), sort="on", kind="date"),
        Column("shift", gettext_lazy("班次"), value="rule.name"),
        Column("kind", gettext_lazy("异常"), value=anomaly_of, tags=KIND_TAGS),
        Column("what", gettext_lazy("数值"), value=_what),
        Column("first_in_at", gettext_lazy("上班打卡"), kind="time", is_default=False),
        Column("last_out_at", gettext_lazy("下班打卡"), kind="time", is_default=False),
    ]  # fmt: skip
    filters = [
        MonthFilter("month", MonthFilter.label_text, apply=lambda rows, _month: rows),
        ChoiceFilter("kind", gettext_lazy("异常"), choices=Anomaly.choices, is_segmented=True,
                     apply=lambda rows, value: rows.filter(WHICH[Anomaly(value)])),
        ChoiceFilter("unit", gettext_lazy("部门"), choices=lambda page: unit_choices(page.actor),
                     apply=lambda rows, value: below_unit(rows, value)),
    ]  # fmt: skip
    search_fields = ["person__search_text"]
    search_label = gettext_lazy("姓名 / 拼音 / 工号")
    default_sort = "-on"
    total_label = gettext_lazy("共 {count} 个异常")
    empty_icon = "circle-check"
    empty_title = gettext_lazy("没有要处理的异常")
    empty_text = gettext_lazy("缺卡、旷工、时段外打卡和未批准的加班会出现在这里。")

    @cached_property
    def month(self) -> dt.date:
        """Return the month shown."""
        return month_of(self.request.GET.get("month", ""))

    @property
    def is_filtered(self) -> bool:
        """Tell whether something else than the month narrows the list."""
        return bool(self.query) or any(
            value is not None for each, value in self.bound_filters if each.name != "month"
        )

    def _active_filters(self):
        return [each for each in super()._active_filters() if each[0] != str(MonthFilter.label_text)]

    def rows(self):
        return anomalous_days(self.actor, *month_bounds(self.month))

    def row_actions(self, row):
        actions = [RowAction(_("时间线"), reverse("attendance:day_detail", args=[row.id]), is_drawer=True)]
        if self.actor.can(CREATE_REQUEST):
            kind, label = (
                ("overtime", _("补加班申请"))
                if row.unapproved and not row.unresolved
                else ("correction", _("补卡"))
            )
            url = reverse("attendance:request_new", args=[kind])
            end = "in" if "missing_in" in row.flags else "out"
            query = urlencode({"on": row.on.isoformat(), "person": row.person.employee_number, "end": end})
            actions.append(RowAction(label, f"{url}?{query}"))
        return actions

    def extra_context(self):
        counts = anomaly_counts(self.actor, *month_bounds(self.month))
        return {
            "month": self.month,
            "earlier": self.month - ONE_DAY,
            "later": month_bounds(self.month)[1] + ONE_DAY,
            "counts": [(kind, kind.label, count) for kind, count in counts.items() if count],
            "over_cap": over_cap(self.actor, self.month),
            "cap_hours": settlement_rules().cap_hours,
            "to_review": punches_waiting(self.actor),
            "can_review": self.actor.can(REVIEW_PUNCH),
            "devices": devices_to_mind(self.actor, timezone.now()),
        }

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "rows": count}
        record(self.actor, "attendance.anomaly.export", subject=("attendance.day", ""), payload=payload)


@requires(READ_DAY)
def anomaly_list(request: HttpRequest) -> HttpResponse:
    """Show the days that need somebody, and what stands beside them."""
    return AnomalyList(request).response()


# --- Reports ----------------------------------------------------------------------------------------------------


REPORTS = {
    "late": gettext_lazy("迟到早退"),
    "overtime": gettext_lazy("加班"),
    "leave": gettext_lazy("请假与缺勤"),
}


@requires(READ_DAY)
def report(request: HttpRequest) -> HttpResponseBase:
    """Show a month's lateness, overtime (three figures) or leave by person, with totals; or as a file."""
    asked, kind = Asked.of(request), request.GET.get("kind", "late")
    kind = kind if kind in REPORTS else "late"
    head, lines = _report(request, asked, kind)
    if request.GET.get("export") == "xlsx":
        payload = {"kind": kind, "month": asked.month, "rows": len(lines)}
        record(request.actor, "attendance.report.export", subject=("attendance.month", ""), payload=payload)
        return xlsx_response(
            f"{REPORTS[kind]} {asked.month:%Y-%m}", [_("工号"), _("姓名"), _("部门"), *head], lines
        )
    page: Page = Paginator(lines, PEOPLE_A_PAGE).get_page(request.GET.get("page", 1))
    sums = [sum(line[at] for line in lines) for at in range(3, 3 + len(head))]
    context = {
        **asked.context(request),
        "kind": kind,
        "tabs": [
            {"label": label, "url": f"?kind={each}&month={asked.month:%Y-%m}", "current": each == kind}
            for each, label in REPORTS.items()
        ],
        "head": head,
        "page": page,
        "sums": [round(each, 2) for each in sums],
        "total": len(lines),
    }
    template = "attendance/report.html#table" if request.htmx else "attendance/report.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _report(request: HttpRequest, asked: Asked, kind: str) -> tuple[list[str], list[list]]:
    rows = list(asked.rows(request).order_by("on"))
    adjusted = adjustments_for_actor(request.actor, asked.month)
    totals = month_totals(rows, adjusted, settlement_rules())
    people = {row.person_id: row.person for row in rows}
    head, values = _VALUES[kind]
    lines = [
        [
            person.employee_number,
            person.name,
            person.org_unit.name if person.org_unit else "",
            *values(totals[each]),
        ]
        for each, person in sorted(people.items(), key=lambda item: item[1].employee_number)
    ]
    return [str(each) for each in head], [line for line in lines if any(line[3:])]


def _in_hours(found: Totals, *names: str) -> list[float]:
    return [round(found.minutes[name] / MINUTE, 2) for name in names]


_VALUES = {
    "late": (
        (
            gettext_lazy("迟到（次）"),
            gettext_lazy("迟到（分钟）"),
            gettext_lazy("计迟到（次）"),
            gettext_lazy("计迟到（分钟）"),
            gettext_lazy("早退（次）"),
            gettext_lazy("早退（分钟）"),
        ),
        lambda found: [
            found.late_times,
            found.minutes["late"],
            *found.late_counted,
            found.early_times,
            found.minutes["early"],
        ],
    ),
    "overtime": (
        (
            gettext_lazy("申请（小时）"),
            gettext_lazy("打卡（小时）"),
            gettext_lazy("工作日加班（小时）"),
            gettext_lazy("休息日加班（小时）"),
            gettext_lazy("法定节假日加班（小时）"),
            gettext_lazy("转调休加班（小时）"),
            gettext_lazy("未批准加班（小时）"),
            gettext_lazy("超过上限（小时）"),
        ),
        lambda found: [
            *_in_hours(
                found, "ot_requested", "ot_punched", "ot_150", "ot_200", "ot_300", "ot_comp", "unapproved"
            ),
            round(found.over_cap / MINUTE, 2),
        ],
    ),
    "leave": (
        (
            gettext_lazy("应出勤（小时）"),
            gettext_lazy("出勤（小时）"),
            gettext_lazy("请假（小时）"),
            gettext_lazy("外出（小时）"),
            gettext_lazy("旷工（小时）"),
            gettext_lazy("待处理（小时）"),
        ),
        lambda found: _in_hours(found, "scheduled", "worked", "leave", "outing", "absent", "unresolved"),
    ),
}
