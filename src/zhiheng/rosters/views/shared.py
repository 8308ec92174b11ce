"""What the pages of rosters share: tabs, the page of a form, words for what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhiheng.access.actor import Actor
from zhiheng.rosters.calc.clock import frame_of, minutes_text, spans_text
from zhiheng.rosters.calc.conflicts import Conflict
from zhiheng.rosters.calc.shift import Shift
from zhiheng.rosters.choices import ConflictKind
from zhiheng.rosters.forms.fields import ActorForm
from zhiheng.rosters.policies import READ_ROSTER, READ_SHIFT

AXIS = 2880
"""Minutes that the picture of a shift spans: its day and the next one."""


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """Return the tabs that hold the pages of rosters together."""
    known = [
        ("board", _("排班板"), READ_ROSTER),
        ("assignment_list", _("排班规则"), READ_ROSTER),
        ("shift_list", _("班次"), READ_SHIFT),
        ("rotation_list", _("轮班规律"), READ_SHIFT),
        ("rule_set_list", _("考勤规则"), READ_SHIFT),
        ("calendar_list", _("工作日历"), READ_SHIFT),
        ("working_time_list", _("工时制"), READ_ROSTER),
    ]
    return [
        {"label": label, "url": reverse(f"rosters:{name}"), "current": name == current}
        for name, label, permission in known
        if actor.can(permission)
    ]


def weekdays() -> list[str]:
    """Return short names of the days of a week, Monday first."""
    return [
        pgettext("weekday", "一"), pgettext("weekday", "二"), pgettext("weekday", "三"), pgettext("weekday", "四"),
        pgettext("weekday", "五"), pgettext("weekday", "六"), pgettext("weekday", "日"),
    ]  # fmt: skip


def form_page(
    request: HttpRequest,
    form: ActorForm,
    *,
    act: Callable[[dict[str, Any]], Any],
    done: str,
    title: str,
    cancel: str,
    crumbs: Sequence[tuple[str, str | None]] = (),
    template: str = "rosters/form.html",
    submit: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form and carry it out; the service's refusals appear at the fields (status 422)."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.values())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(cancel)
    context = {
        "form": form, "title": title, "cancel": cancel, "crumbs": [*crumbs, (title, None)],
        "submit": submit or _("保存"), **more,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


def shift_text(shift: Shift) -> str:
    """Return the times of a shift in words."""
    if shift.flex:
        hours = minutes_text(shift.flex.required)
        return _("{frame} 之间上班，共 {hours} 小时").format(frame=frame_of(shift), hours=hours)
    if shift.free_mode:
        return _("不限时间，按打卡计")
    return spans_text(shift.segments) or _("休息")


def bars(shift: Shift) -> list[dict[str, int | str]]:
    """Return the bars of a shift's picture: left and width in minutes of the two days shown."""
    if shift.free_mode:
        return [{"x": shift.day_start, "width": 1440, "kind": "free"}]
    if shift.flex:
        flex = shift.flex
        pause = sum(end - start for start, end in shift.breaks)
        whole = {
            "x": flex.earliest,
            "width": flex.latest - flex.earliest + flex.required + pause,
            "kind": "free",
        }
        core = [{"x": start, "width": end - start, "kind": "work"} for start, end in flex.core]
        return [whole, *core]
    return [{"x": start, "width": end - start, "kind": "work"} for start, end in shift.segments]


def conflict_text(conflict: Conflict) -> str:
    """Return what is wrong, with its figure."""
    hours = minutes_text(conflict.amount)
    texts = {
        "overlap": _("与前一个班次重叠 {hours} 小时"),
        "short_rest": _("离前一个班次只有 {hours} 小时"),
        "long_run": _("连续上班第 {days} 天"),
        "week_hours": _("本周排班 {hours} 小时"),
        "period_hours": _("综合计算周期超标准 {hours} 小时"),
    }
    text = texts.get(conflict.kind)
    return text.format(hours=hours, days=conflict.amount) if text else str(ConflictKind(conflict.kind).label)
