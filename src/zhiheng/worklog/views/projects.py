"""Pages of projects."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.webkit.export import xlsx_response
from zhiheng.webkit.lists import Column, ListPage, RowAction
from zhiheng.worklog.forms.projects import ActivityForm, MembersForm, ProjectForm
from zhiheng.worklog.models import Project
from zhiheng.worklog.policies import IMPORT_PROJECT, MANAGE_PROJECT, READ_ENTRY, READ_PROJECT
from zhiheng.worklog.queries.projects import (
    activities_with_hours,
    hours_report,
    members_of,
    project_for_actor,
    projects_for_actor,
)
from zhiheng.worklog.services.projects import add_activity, save_project, set_members
from zhiheng.worklog.views.shared import form_page, posted, span_asked


class ProjectList(ListPage):
    """Projects in scope."""

    key = "worklog.project"
    title = gettext_lazy("项目")
    template_name = "worklog/project_list.html"
    columns = [
        Column(
            "name", gettext_lazy("项目名称"), sort="name", is_fixed=True,
            url=lambda row: reverse("worklog:project_detail", args=[row.id]),
        ),
        Column("code", gettext_lazy("项目编号"), sort="code"),
        Column("unit", gettext_lazy("负责部门"), value="org_unit.name", sort="org_unit__name"),
        Column("starts_on", gettext_lazy("开始日期"), kind="date", sort="starts_on"),
        Column("ends_on", gettext_lazy("结束日期"), kind="date", sort="ends_on"),
        Column(
            "is_active", gettext_lazy("状态"), sort="is_active",
            tags={True: ("ok", gettext_lazy("启用")), False: ("", gettext_lazy("停用"))},
        ),
    ]  # fmt: skip
    search_fields = ["name", "code"]
    search_label = gettext_lazy("项目名称 / 编号")
    default_sort = "code"
    total_label = gettext_lazy("共 {count} 个")
    empty_icon = "briefcase"
    empty_title = gettext_lazy("还没有项目")
    empty_text = gettext_lazy("导入项目计划，或逐个添加；之后员工就能按项目填报工时。")

    def rows(self):
        return projects_for_actor(self.actor).select_related("org_unit")

    def row_actions(self, row: Project):
        return [RowAction(_("明细"), reverse("worklog:project_detail", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        can_manage, can_import = self.actor.can(MANAGE_PROJECT), self.actor.can(IMPORT_PROJECT)
        return {"can_manage": can_manage, "can_import": can_import}


@requires(READ_PROJECT)
def project_list(request: HttpRequest) -> HttpResponseBase:
    """Show the projects."""
    return ProjectList(request).response()


@requires(READ_PROJECT)
def project_detail(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Show a project with its activities, their hours against the plan, and its members."""
    project = project_for_actor(request.actor, project_id)
    activities = activities_with_hours(project)
    manageable = request.actor.can(MANAGE_PROJECT)
    context = {
        "project": project,
        "activities": activities,
        "minutes": sum(each.minutes for each in activities),
        "members": members_of(project),
        "can_manage": manageable,
        "crumbs": [*_crumbs(), (project.name, None)],
    }
    return render(request, "worklog/project.html", context)


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("项目"), reverse("worklog:project_list"))]


def _page_of(project_id: UUID) -> str:
    return reverse("worklog:project_detail", args=[project_id])


@requires(MANAGE_PROJECT)
def project_add(request: HttpRequest) -> HttpResponse:
    """Add a project."""
    form = ProjectForm(posted(request), actor=request.actor)
    return form_page(
        request, form, title=_("添加项目"), cancel=reverse("worklog:project_list"), crumbs=_crumbs(),
        act=lambda values: save_project(actor=request.actor, **values), done=_("项目已添加。"), go_to=_page_of,
    )  # fmt: skip


@requires(MANAGE_PROJECT)
def project_edit(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Change a project."""
    project = project_for_actor(request.actor, project_id, MANAGE_PROJECT)
    names = ("code", "name", "org_unit_id", "starts_on", "ends_on", "is_open", "is_active")
    initial = {name: getattr(project, name) for name in names}
    form = ProjectForm(posted(request), actor=request.actor, initial=initial)
    return form_page(
        request, form, title=project.name, cancel=_page_of(project_id), crumbs=_crumbs(),
        act=lambda values: save_project(actor=request.actor, project_id=project_id, **values),
        done=_("项目已保存。"),
    )  # fmt: skip


@requires(MANAGE_PROJECT)
def activity_add(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Add an activity to a project."""
    project = project_for_actor(request.actor, project_id, MANAGE_PROJECT)
    form = ActivityForm(posted(request), actor=request.actor)
    return form_page(
        request, form, title=_("添加活动"), cancel=_page_of(project_id), done=_("活动已添加。"),
        crumbs=[*_crumbs(), (project.name, _page_of(project_id))],
        act=lambda values: add_activity(actor=request.actor, project_id=project_id, **values),
    )  # fmt: skip


@requires(MANAGE_PROJECT)
def project_members(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Say who may log hours on a project."""
    project = project_for_actor(request.actor, project_id, MANAGE_PROJECT)
    numbers = "\n".join(each.employee_number for each in members_of(project))
    form = MembersForm(posted(request), actor=request.actor, initial={"members": numbers})
    return form_page(
        request, form, title=_("项目成员"), cancel=_page_of(project_id), done=_("成员已保存。"),
        crumbs=[*_crumbs(), (project.name, _page_of(project_id))],
        act=lambda values: set_members(actor=request.actor, project_id=project_id, **values),
    )  # fmt: skip


@requires(READ_ENTRY)
def hours(request: HttpRequest) -> HttpResponseBase:
    """Report hours by project, activity and person over a period; also as a file."""
    first, last = span_asked(request)
    rows = hours_report(request.actor, first, last)
    if request.GET.get("export") == "xlsx":
        heads = [_("项目编号"), _("项目"), _("活动"), _("工号"), _("姓名"), _("部门"), _("工时（小时）")]
        lines = [
            (
                row["activity__project__code"], row["activity__project__name"], row["activity__name"],
                row["person__employee_number"], row["person__name"], row["person__org_unit__name"],
                round(row["minutes"] / 60, 2),
            )
            for row in rows
        ]  # fmt: skip
        return xlsx_response(f"{_('项目工时')} {first} {last}", heads, lines)
    context = {
        "first": first,
        "last": last,
        "rows": rows,
        "by_project": _sums(rows, "activity__project__name"),
        "by_person": _sums(rows, "person__name"),
        "minutes": sum(row["minutes"] for row in rows),
        "crumbs": [(_("外勤与工时"), reverse("worklog:overview")), (_("项目工时"), None)],
    }
    return render(request, "worklog/hours.html", context)


def _sums(rows: list[dict[str, object]], name: str) -> list[tuple[object, int]]:
    found: dict[object, int] = {}
    for row in rows:
        found[row[name]] = found.get(row[name], 0) + int(str(row["minutes"]))
    return sorted(found.items(), key=lambda each: -each[1])
