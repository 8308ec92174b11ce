"""Pages of timesheets: one's own week as a grid, everybody's weeks, and one of them to lock or unlock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.worklog.calc.weeks import hours_text, monday_of
from zhiheng.worklog.choices import WeekState
from zhiheng.worklog.forms.projects import typed_cells
from zhiheng.worklog.policies import LOCK_WEEK, READ_ENTRY, WRITE_ENTRY
from zhiheng.worklog.queries.content import person_for_actor
from zhiheng.worklog.queries.scopes import person_in_scope
from zhiheng.worklog.queries.timesheets import week_of, weeks_for_actor
from zhiheng.worklog.services.timesheets import (
    copy_last_week,
    fill_week,
    lock_week,
    save_hours,
    submit_week,
    unlock_week,
)
from zhiheng.worklog.views.shared import act_and_return, day_asked

WEEK = dt.timedelta(days=7)


def _around(monday: dt.date) -> dict[str, object]:
    return {
        "monday": monday,
        "sunday": monday + dt.timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK,
    }


@requires(WRITE_ENTRY)
def my_week(request: HttpRequest) -> HttpResponse:
    """Show one's own week as a grid and take what was typed; the buttons copy, fill and submit."""
    actor = request.actor
    monday = monday_of(day_asked(request, "week", timezone.localdate()))
    if actor.person_id is None:
        return render(request, "worklog/week.html", {"is_nobody": True, **_around(monday)})
    person = person_in_scope(actor, WRITE_ENTRY, None)
    week = week_of(person, monday)
    status = 200
    if request.method == "POST":
        try:
            save_hours(actor=actor, cells=typed_cells(week, request.POST))
            messages.success(request, _act(request, monday)())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            status = 422
        else:
            return HttpResponseRedirect(f"{reverse('worklog:my_week')}?week={monday}")
    context = {
        "week": week,
        "typed": request.POST if status == 422 else {},
        "activities": [line.activity for line in week.lines],
        **_around(monday),
    }
    return render(request, "worklog/week.html", context, status=status)


def _act(request: HttpRequest, monday: dt.date) -> Callable[[], str]:
    """Return what the button that was pressed does after saving; it says what it did."""
    actor, wanted = request.actor, request.POST.get("act", "")

    def copy() -> str:
        count = copy_last_week(actor=actor, monday=monday)
        return _("已复制上周的 {count} 条工时。").format(count=count)

    def fill() -> str:
        try:
            activity = UUID(request.POST.get("activity", ""))
        except ValueError:
            raise ValidationError(_("请先选择要填充的活动。"), code="no_activity") from None
        count = fill_week(actor=actor, monday=monday, activity_id=activity)
        return _("已按排班填充 {count} 天。").format(count=count)

    def submit() -> str:
        submit_week(actor=actor, monday=monday)
        return _("这一周的工时已提交。")

    found = {"copy": copy, "fill": fill, "submit": submit}
    return found.get(wanted, lambda: _("工时已保存。"))


@requires(READ_ENTRY)
def week_list(request: HttpRequest) -> HttpResponse:
    """Show everybody's week: how much was logged, and whether it is submitted or locked."""
    monday = monday_of(day_asked(request, "week", timezone.localdate()))
    rows = [
        {**row, "hours": hours_text(row["minutes"]) or "0", "label": WeekState(row["state"]).label}
        for row in weeks_for_actor(request.actor, monday)
    ]
    context = {
        "rows": rows,
        "submitted": sum(row["state"] == WeekState.SUBMITTED for row in rows),
        "can_lock": request.actor.can(LOCK_WEEK),
        "crumbs": [(_("外勤与工时"), reverse("worklog:overview")), (_("工时审核"), None)],
        **_around(monday),
    }
    return render(request, "worklog/week_list.html", context)


@requires(READ_ENTRY)
def person_week(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show somebody's week; the head locks it or opens it again."""
    person = person_for_actor(request.actor, person_id)
    monday = monday_of(day_asked(request, "week", timezone.localdate()))
    context = {
        "week": week_of(person, monday),
        "person": person,
        "can_lock": request.actor.can(LOCK_WEEK),
        "crumbs": [(_("工时审核"), _list_of(monday)), (person.name, None)],
        **_around(monday),
    }
    return render(request, "worklog/person_week.html", context)


def _list_of(monday: dt.date) -> str:
    return f"{reverse('worklog:week_list')}?week={monday}"


@requires(LOCK_WEEK)
@require_POST
def week_lock(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Lock somebody's week."""
    monday = monday_of(day_asked(request, "week", timezone.localdate()))
    return act_and_return(
        request, lambda: lock_week(actor=request.actor, monday=monday, person_id=person_id),
        done=_("工时已锁定。"), go_to=_list_of(monday),
    )  # fmt: skip


@requires(LOCK_WEEK)
@require_POST
def week_unlock(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open somebody's week again, with a reason."""
    monday = monday_of(day_asked(request, "week", timezone.localdate()))
    reason = request.POST.get("reason", "")
    return act_and_return(
        request,
        lambda: unlock_week(actor=request.actor, monday=monday, person_id=person_id, reason=reason),
        done=_("工时已解锁，员工可以修改。"),
        go_to=f"{reverse('worklog:person_week', args=[person_id])}?week={monday}",
    )
