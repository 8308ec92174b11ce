"""Members: list, detail, and what can be done to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access import queries, services
from zhiheng.access.forms import AddRoleForm, LinkPersonForm, take_errors
from zhiheng.access.http import requires
from zhiheng.access.models import Membership
from zhiheng.access.policies import READ_MEMBER, WRITE_MEMBER
from zhiheng.access.views.shared import refuse, settings_tabs
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

STATES = [("true", _("启用")), ("false", _("已停用"))]


def _role_choices(page: ListPage) -> list[tuple[str, str]]:
    return [(str(role.id), str(role)) for role in queries.role_names(page.actor)]


class MemberList(ListPage):
    """Who can sign in to the company."""

    key = "access.member"
    title = _("成员与角色")
    sub = _("谁能登录、以什么角色、看到谁的数据")
    total_label = _("共 {count} 人")
    template_name = "access/member_list.html"
    columns = [
        Column(
            "name",
            _("成员"),
            value="user.name",
            sort="user__name",
            template="access/_member.html",
            is_fixed=True,
        ),
        Column("email", _("邮箱"), value="user.email", sort="user__email", is_default=False),
        Column("person", _("关联员工"), value="person.name", sort="person__name"),
        Column("roles", _("角色"), value=lambda row: _role_text(row), template="access/_roles.html"),
        Column(
            "is_active",
            _("状态"),
            sort="is_active",
            tags={True: ("ok", _("启用")), False: ("", _("已停用"))},
        ),
        Column("last_login", _("上次登录"), value="user.last_login", sort="user__last_login", kind="time"),
        Column("created_at", _("加入时间"), sort="created_at", kind="date"),
    ]
    filters = [
        ChoiceFilter(
            "role",
            _("角色"),
            choices=_role_choices,
            apply=lambda rows, value: rows.filter(assignments__role_id=value).distinct(),
        ),
        ChoiceFilter(
            "active",
            _("状态"),
            choices=STATES,
            is_segmented=True,
            apply=lambda rows, value: rows.filter(is_active=value == "true"),
        ),
    ]
    search_fields = ["user__name", "user__email", "person__name", "person__employee_number"]
    search_label = _("姓名 / 邮箱 / 工号")
    default_sort = "name"

    def rows(self) -> QuerySet[Membership]:
        return queries.members_for_actor(self.actor)

    def row_actions(self, row: Membership) -> Sequence[RowAction]:
        return [RowAction(_t("查看"), reverse("access:member_detail", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        return {
            "tabs": settings_tabs(self.request, "members"),
            "can_invite": self.actor.can(WRITE_MEMBER),
        }


def _role_text(row: Membership) -> str:
    return "、".join(str(each.role) for each in row.assignments.all())


@requires(READ_MEMBER)
@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Show the members."""
    return MemberList(request).response()


@requires(READ_MEMBER)
@require_safe
def member_detail(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Show one member with their roles."""
    return _detail(request, queries.member_for_actor(request.actor, membership_id))


def _detail(
    request: HttpRequest,
    member: Membership,
    *,
    role_form: AddRoleForm | None = None,
    person_form: LinkPersonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    context = {"member": member, "tabs": settings_tabs(request, "members")}
    if actor.can(WRITE_MEMBER):
        number = member.person.employee_number if member.person else ""
        context["role_form"] = role_form or AddRoleForm(actor=actor)
        context["person_form"] = person_form or LinkPersonForm(initial={"employee_number": number})
    return render(request, "access/member_detail.html", context, status=status)


@requires(WRITE_MEMBER)
@require_POST
def role_add(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Give the member a role."""
    member = queries.member_for_actor(request.actor, membership_id, WRITE_MEMBER)
    form = AddRoleForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            services.add_role(actor=request.actor, membership_id=membership_id, **form.role_arguments())
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _t("已授予角色。"))
            return redirect("access:member_detail", membership_id)
    return _detail(request, member, role_form=form, status=422)


@requires(WRITE_MEMBER)
@require_POST
def person_link(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Say which employee the member is."""
    member = queries.member_for_actor(request.actor, membership_id, WRITE_MEMBER)
    form = LinkPersonForm(request.POST)
    if form.is_valid():
        try:
            person_id = services.person_of_number(form.cleaned_data["employee_number"])
            services.link_person(actor=request.actor, membership_id=membership_id, person_id=person_id)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _t("已保存。"))
            return redirect("access:member_detail", membership_id)
    return _detail(request, member, person_form=form, status=422)


def _act(request: HttpRequest, membership_id: UUID, act: Callable[[], None], done: str) -> HttpResponse:
    """Do something to a member, say so, or why not, and go back to their page."""
    try:
        act()
    except ValidationError as error:
        refuse(request, error)
    else:
        messages.success(request, done)
    return redirect("access:member_detail", membership_id)


@requires(WRITE_MEMBER)
@require_POST
def role_remove(request: HttpRequest, membership_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Take a role from the member."""

    def act() -> None:
        services.remove_role(actor=request.actor, membership_id=membership_id, assignment_id=assignment_id)

    return _act(request, membership_id, act, _t("已移除角色。"))


@requires(WRITE_MEMBER)
@require_POST
def member_deactivate(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Keep the member out."""

    def act() -> None:
        services.deactivate_member(actor=request.actor, membership_id=membership_id)

    return _act(request, membership_id, act, _t("已停用，该成员不能再进入本公司。"))


@requires(WRITE_MEMBER)
@require_POST
def member_activate(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Let the member in again."""

    def act() -> None:
        services.activate_member(actor=request.actor, membership_id=membership_id)

    return _act(request, membership_id, act, _t("已启用。"))
