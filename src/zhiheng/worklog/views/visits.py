"""Pages of visits: the list, one visit with its evidence, and on the phone planning, check-in and check-out."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.audit.public import record
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction
from zhiheng.worklog.choices import VisitState
from zhiheng.worklog.forms.visits import EndForm, NotesForm, PlanForm, StartForm, no_customers_text
from zhiheng.worklog.models import Visit
from zhiheng.worklog.policies import READ_VISIT, WRITE_VISIT
from zhiheng.worklog.queries.visits import checks_of, visit_for_actor, visits_for_actor
from zhiheng.worklog.services.visits import cancel_visit, check_in, check_out, note_visit, plan_visit
from zhiheng.worklog.views.shared import act_and_return, form_page, posted, posted_files

STATES = {
    VisitState.PLANNED.value: ("info", VisitState.PLANNED.label),
    VisitState.STARTED.value: ("warn", VisitState.STARTED.label),
    VisitState.DONE.value: ("ok", VisitState.DONE.label),
    VisitState.CANCELLED.value: ("", VisitState.CANCELLED.label),
}


class VisitList(ListPage):
    """Visits of everybody in scope."""

    key = "worklog.visit"
    title = gettext_lazy("客户拜访")
    template_name = "worklog/visit_list.html"
    columns = [
        Column(
            "customer", gettext_lazy("客户"), value="customer.name", sort="customer__name", is_fixed=True,
            url=lambda row: reverse("worklog:visit_detail", args=[row.id]),
        ),
        Column("person", gettext_lazy("员工"), value="person.name", sort="person__name"),
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("on", gettext_lazy("日期"), kind="date", sort="on"),
        Column("started_at", gettext_lazy("签到时间"), kind="time", sort="started_at", is_default=False),
        Column("minutes", gettext_lazy("时长（分钟）"), kind="number"),
        Column("distance", gettext_lazy("距客户（米）"), kind="number", sort="distance"),
        Column("risks", gettext_lazy("标记"), value="risk_labels", template="worklog/_risks_cell.html"),
        Column("summary", gettext_lazy("拜访小结"), is_default=False),
        Column("next_step", gettext_lazy("下一步"), is_default=False),
        Column("state", gettext_lazy("状态"), tags=STATES, sort="state"),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("state", gettext_lazy("状态"), choices=VisitState.choices),
        ChoiceFilter(
            "flag", gettext_lazy("标记"),
            choices=[("far", gettext_lazy("距客户较远")), ("any", gettext_lazy("有任意标记"))],
            apply=lambda rows, value: (
                rows.filter(risks__contains=["far"]) if value == "far" else rows.exclude(risks=[])
            ),
        ),
        DateFilter("from", gettext_lazy("开始日期"), field="on__gte"),
        DateFilter("to", gettext_lazy("结束日期"), field="on__lte"),
    ]  # fmt: skip
    search_fields = ["customer__name", "person__name", "person__employee_number", "summary"]
    search_label = gettext_lazy("客户 / 员工 / 小结")
    default_sort = "-on"
    total_label = gettext_lazy("共 {count} 次")
    empty_icon = "map-pin"
    empty_title = gettext_lazy("还没有客户拜访")
    empty_text = gettext_lazy("员工在客户处用手机签到后，会自动出现在这里。")

    def rows(self):
        return visits_for_actor(self.actor)

    def row_actions(self, row: Visit):
        return [RowAction(_("明细"), reverse("worklog:visit_detail", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        return {"can_write": self.actor.can(WRITE_VISIT) and self.actor.person_id is not None}

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "rows": count}
        record(self.actor, "worklog.visit.export", subject=("worklog.visit", ""), payload=payload)


@requires(READ_VISIT)
def visit_list(request: HttpRequest) -> HttpResponseBase:
    """Show the visits."""
    return VisitList(request).response()


@requires(READ_VISIT)
def visit_detail(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Show a visit with where and when it was checked, its photos, and what came out of it."""
    visit = visit_for_actor(request.actor, visit_id)
    is_mine = visit.person_id == request.actor.person_id
    context = {
        "visit": visit,
        "checks": checks_of(visit),
        "is_mine": is_mine and request.actor.can(WRITE_VISIT),
        "crumbs": [(_("客户拜访"), reverse("worklog:visit_list")), (visit.customer.name, None)],
    }
    return render(request, "worklog/visit.html", context)


def _my_day() -> str:
    return reverse("worklog:my_day")


@requires(WRITE_VISIT)
def visit_plan(request: HttpRequest) -> HttpResponse:
    """Plan a visit."""
    soon = timezone.localtime(timezone.now() + dt.timedelta(hours=1)).replace(minute=0)
    form = PlanForm(posted(request), actor=request.actor, initial={"planned_at": soon})
    return form_page(
        request, form, title=_("计划拜访"), cancel=_my_day(), done=_("拜访已列入计划。"),
        act=lambda values: plan_visit(actor=request.actor, **values), template="worklog/phone_form.html",
        note="" if len(form.fields["customer_id"].choices) > 1 else no_customers_text(),
    )  # fmt: skip


@requires(WRITE_VISIT)
def visit_start(request: HttpRequest) -> HttpResponse:
    """Check in at a customer's from the list."""
    form = StartForm(posted(request), posted_files(request), actor=request.actor)
    return form_page(
        request, form, title=_("拜访签到"), cancel=_my_day(), submit=_("签到"), done=_("已签到。"),
        act=lambda values: check_in(actor=request.actor, **values), template="worklog/place_form.html",
        note="" if len(form.fields["customer_id"].choices) > 1 else no_customers_text(),
    )  # fmt: skip


@requires(WRITE_VISIT)
def visit_start_planned(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Check in for a planned visit."""
    visit = visit_for_actor(request.actor, visit_id, WRITE_VISIT)
    form = StartForm(posted(request), posted_files(request), actor=request.actor, visit=visit)
    return form_page(
        request, form, title=_("拜访签到"), cancel=_my_day(), submit=_("签到"), done=_("已签到。"),
        act=lambda values: check_in(actor=request.actor, **values), template="worklog/place_form.html",
        more={"visit": visit},
    )  # fmt: skip


@requires(WRITE_VISIT)
def visit_end(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Check out, with what came out of the visit."""
    visit = visit_for_actor(request.actor, visit_id, WRITE_VISIT)
    initial = {"contact": visit.customer.contact}
    form = EndForm(posted(request), posted_files(request), actor=request.actor, visit=visit, initial=initial)
    return form_page(
        request, form, title=_("拜访签退"), cancel=_my_day(), submit=_("签退"),
        done=_("拜访已完成，时间已计入今天的工作内容。"),
        act=lambda values: check_out(actor=request.actor, **values), template="worklog/place_form.html",
        more={"visit": visit},
    )  # fmt: skip


@requires(WRITE_VISIT)
def visit_notes(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Change what is written about a visit."""
    visit = visit_for_actor(request.actor, visit_id, WRITE_VISIT)
    names = ("contact", "summary", "next_step", "next_on")
    initial = {name: getattr(visit, name) for name in names}
    form = NotesForm(posted(request), actor=request.actor, initial=initial)
    return form_page(
        request, form, title=_("补充拜访记录"), cancel=reverse("worklog:visit_detail", args=[visit.id]),
        done=_("拜访记录已保存。"), template="worklog/phone_form.html", more={"visit": visit},
        act=lambda values: note_visit(actor=request.actor, visit_id=visit.id, **values),
    )  # fmt: skip


@requires(WRITE_VISIT)
@require_POST
def visit_cancel(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Take a planned visit off."""
    return act_and_return(
        request, lambda: cancel_visit(actor=request.actor, visit_id=visit_id), done=_("拜访已取消。"),
        go_to=_my_day(),
    )  # fmt: skip
