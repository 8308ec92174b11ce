"""Pages of shift assignments and working-time systems."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.rosters.choices import SettlementPeriod, WorkingTimeKind
from zhiheng.rosters.forms.assignments import AssignmentForm, EndForm, WorkingTimeForm
from zhiheng.rosters.policies import MANAGE_ASSIGNMENT, READ_ROSTER
from zhiheng.rosters.queries.definitions import (
    assignment_for_actor,
    assignments_for_actor,
    working_time_for_actor,
    working_times_for_actor,
)
from zhiheng.rosters.services.assignments import (
    assign_shift,
    end_assignment,
    end_working_time,
    set_working_time,
)
from zhiheng.rosters.views.shared import form_page, tabs
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

DAY = dt.timedelta(days=1)


def _who(row: Any) -> str:
    return f"{row.person.name}（{row.person.employee_number}）" if row.person else row.org_unit.name


def _until(row: Any) -> dt.date | None:
    return row.valid.upper and row.valid.upper - DAY


def _current(rows: Any, value: str) -> Any:
    today = timezone.localdate()
    return rows.filter(valid__contains=today) if value == "now" else rows.exclude(valid__contains=today)


class HeldList(ListPage):
    """What the lists of things that hold of people and units share."""

    template_name = "rosters/list.html"
    filters = [
        ChoiceFilter(
            "valid", gettext_lazy("有效期"), apply=_current, is_segmented=True,
            choices=[("now", gettext_lazy("当前有效")), ("other", gettext_lazy("以前或以后"))],
        )
    ]  # fmt: skip
    search_fields = ["person__name", "person__employee_number", "org_unit__name"]
    search_label = gettext_lazy("姓名 / 工号 / 部门")
    total_label = gettext_lazy("共 {count} 条")
    default_sort = "-from"
    page_name = ""
    new_name = ""
    end_name = ""
    new_label = ""

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("排班")

    def row_actions(self, row: Any) -> list[RowAction]:
        is_over = row.valid.upper is not None and row.valid.upper <= timezone.localdate()
        if is_over or not self.actor.can(MANAGE_ASSIGNMENT):
            return []
        return [RowAction(_("结束"), reverse(f"rosters:{self.end_name}", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        can_add = self.actor.can(MANAGE_ASSIGNMENT)
        return {
            "tabs": tabs(self.actor, self.page_name),
            "new_url": reverse(f"rosters:{self.new_name}") if can_add else "",
            "new_label": self.new_label,
        }


class AssignmentList(HeldList):
    """Shift assignments."""

    key = "rosters.shift_assignment"
    columns = [
        Column("who", gettext_lazy("适用"), value=_who, is_fixed=True),
        Column(
            "level", gettext_lazy("范围"), value=lambda row: _("员工") if row.person_id else _("部门及下级")
        ),
        Column("what", gettext_lazy("班次或轮班规律"), value=lambda row: (row.shift or row.rotation).label),
        Column("how", gettext_lazy("方式"), value=lambda row: _how(row)),
        Column(
            "from",
            gettext_lazy("从"),
            value=lambda row: row.valid.lower,
            sort="valid__startswith",
            kind="date",
        ),
        Column("until", gettext_lazy("到（含）"), value=_until, kind="date"),
    ]
    empty_icon = "calendar-time"
    empty_title = gettext_lazy("还没有排班规则")
    empty_text = gettext_lazy("给部门或员工指定班次或轮班规律；没有指定的人按周一至周五 9:00–18:00。")
    page_name, new_name, end_name = "assignment_list", "assignment_new", "assignment_end"
    new_label = gettext_lazy("新建排班规则")

    def rows(self):
        return assignments_for_actor(self.actor)


def _how(row: Any) -> str:
    if row.rotation_id:
        return _("轮班，第 1 天 {day}").format(day=row.anchor_on)
    return _("只在工作日上班") if row.follows_calendar else _("每天上班")


class WorkingTimeList(HeldList):
    """Working-time systems."""

    key = "rosters.working_time"
    columns = [
        Column("who", gettext_lazy("适用"), value=_who, is_fixed=True),
        Column(
            "level", gettext_lazy("范围"), value=lambda row: _("员工") if row.person_id else _("部门及下级")
        ),
        Column("kind", gettext_lazy("工时制"), value=lambda row: WorkingTimeKind(row.kind).label),
        Column(
            "period",
            gettext_lazy("计算周期"),
            value=lambda row: SettlementPeriod(row.period).label if row.period else "",
        ),
        Column("approval_number", gettext_lazy("批准文号")),
        Column(
            "from",
            gettext_lazy("从"),
            value=lambda row: row.valid.lower,
            sort="valid__startswith",
            kind="date",
        ),
        Column("until", gettext_lazy("到（含）"), value=_until, kind="date"),
    ]
    empty_icon = "hourglass"
    empty_title = gettext_lazy("都按标准工时制")
    empty_text = gettext_lazy("经批准实行综合计算工时制或不定时工作制的部门和员工在这里登记。")
    page_name, new_name, end_name = "working_time_list", "working_time_new", "working_time_end"
    new_label = gettext_lazy("登记工时制")

    def rows(self):
        return working_times_for_actor(self.actor)


@requires(READ_ROSTER)
def assignment_list(request: HttpRequest) -> HttpResponseBase:
    """List shift assignments."""
    return AssignmentList(request).response()


@requires(READ_ROSTER)
def working_time_list(request: HttpRequest) -> HttpResponseBase:
    """List working-time systems."""
    return WorkingTimeList(request).response()


@requires(MANAGE_ASSIGNMENT)
def assignment_new(request: HttpRequest) -> HttpResponse:
    """Assign a shift or rotation."""
    page = reverse("rosters:assignment_list")
    form = AssignmentForm(
        request.POST or None, actor=request.actor, initial={"valid_from": timezone.localdate()}
    )
    return form_page(
        request, form, act=lambda values: assign_shift(actor=request.actor, **values), done=_("排班规则已保存。"),
        title=_("新建排班规则"), cancel=page, crumbs=[(_("排班规则"), page)],
    )  # fmt: skip


@requires(MANAGE_ASSIGNMENT)
def working_time_new(request: HttpRequest) -> HttpResponse:
    """Put people under a working-time system."""
    page = reverse("rosters:working_time_list")
    form = WorkingTimeForm(
        request.POST or None, actor=request.actor, initial={"valid_from": timezone.localdate()}
    )
    return form_page(
        request, form, act=lambda values: set_working_time(actor=request.actor, **values), done=_("工时制已登记。"),
        title=_("登记工时制"), cancel=page, crumbs=[(_("工时制"), page)],
    )  # fmt: skip


@requires(MANAGE_ASSIGNMENT)
def assignment_end(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """End a shift assignment."""
    row = assignment_for_actor(request.actor, assignment_id)
    page = reverse("rosters:assignment_list")
    form = EndForm(request.POST or None, actor=request.actor, initial={"last_on": timezone.localdate()})
    return form_page(
        request, form, act=lambda values: end_assignment(actor=request.actor, assignment_id=row.id, **values),
        done=_("排班规则已结束。"), title=_("结束“{who}”的排班规则").format(who=_who(row)), cancel=page,
        crumbs=[(_("排班规则"), page)], submit=_("结束"),
    )  # fmt: skip


@requires(MANAGE_ASSIGNMENT)
def working_time_end(request: HttpRequest, working_time_id: UUID) -> HttpResponse:
    """End the use of a working-time system."""
    row = working_time_for_actor(request.actor, working_time_id)
    page = reverse("rosters:working_time_list")
    form = EndForm(request.POST or None, actor=request.actor, initial={"last_on": timezone.localdate()})
    return form_page(
        request, form, act=lambda values: end_working_time(actor=request.actor, working_time_id=row.id, **values),
        done=_("工时制已结束。"), title=_("结束“{who}”的工时制").format(who=_who(row)), cancel=page,
        crumbs=[(_("工时制"), page)], submit=_("结束"),
    )  # fmt: skip
