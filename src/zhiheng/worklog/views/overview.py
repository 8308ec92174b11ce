"""The page of effective working time: who, how much of the time present, and where it went."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhiheng.access.http import requires
from zhiheng.audit.public import record
from zhiheng.webkit.export import xlsx_response
from zhiheng.worklog.calc.effective import DayTime
from zhiheng.worklog.policies import MANAGE_CATEGORY, READ_CLAIM, READ_ENTRY, WRITE_ENTRY
from zhiheng.worklog.queries.overview import Overview, overview_for_actor
from zhiheng.worklog.views.shared import span_asked

MOST_BARS = 62


@requires(READ_ENTRY)
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show effective working time over a period, by team and person, with the picture of where time goes."""
    first, last = span_asked(request)
    unit, text = request.GET.get("unit", ""), request.GET.get("q", "")
    everything = overview_for_actor(request.actor, first, last)
    found = (
        overview_for_actor(request.actor, first, last, unit=unit, text=text) if unit or text else everything
    )
    if request.GET.get("export") == "xlsx":
        payload = {"format": "xlsx", "rows": len(found.people)}
        record(request.actor, "worklog.entry.export", subject=("worklog.entry", ""), payload=payload)
        return _file(found, first, last)
    context = {
        "first": first,
        "last": last,
        "unit": unit,
        "q": text,
        "units": [each.unit for each in everything.teams],
        "is_filtered": bool(unit or text),
        "found": found,
        "chart": _chart(found.by_day),
        "can_set": request.actor.can(MANAGE_CATEGORY),
        "can_claim": request.actor.can(READ_CLAIM),
        "can_write": request.actor.can(WRITE_ENTRY) and request.actor.person_id is not None,
    }
    template = "worklog/overview.html#found" if request.htmx else "worklog/overview.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _chart(by_day: tuple[tuple[dt.date, DayTime], ...]) -> dict[str, object]:
    """Return the chart of hours by day: effective, logged besides, and of which nothing is known."""
    days = by_day[-MOST_BARS:]

    def bars(name: str, colour: str, minutes: list[int]) -> dict[str, object]:
        hours = [round(each / 60, 1) for each in minutes]
        return {"name": name, "type": "bar", "stack": "time", "data": hours, "itemStyle": {"color": colour}}

    return {
        "legend": {"top": 4},
        "xAxis": {"type": "category", "data": [f"{on:%m-%d}" for on, _time in days]},
        "yAxis": {"type": "value", "name": _("小时")},
        "series": [
            bars(_("有效"), "var(--c1)", [time.effective for _on, time in days]),
            bars(_("其他已记录"), "var(--c4)", [time.logged - time.effective for _on, time in days]),
            bars(_("未记录"), "var(--line-strong)", [time.unlogged for _on, time in days]),
        ],
    }


def _file(found: Overview, first: dt.date, last: dt.date) -> HttpResponseBase:
    heads = [
        _("部门"), _("工号"), _("姓名"), _("在岗小时"), _("有效小时"), _("有效工时占比"), _("已记录小时"),
        _("拜访次数"),
    ]  # fmt: skip
    rows = [
        (
            each.person.unit, each.person.number, each.person.name, _hours(each.time.present),
            _hours(each.time.effective), None if each.time.share is None else round(float(each.time.share), 4),
            _hours(each.time.logged), each.visits,
        )
        for each in found.people
    ]  # fmt: skip
    return xlsx_response(f"{_('有效工时')} {first} {last}", heads, rows)


def _hours(minutes: int | None) -> float | None:
    return None if minutes is None else round(minutes / 60, 2)
