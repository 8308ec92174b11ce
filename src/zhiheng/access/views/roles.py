"""Roles: list, detail, and the editor of custom ones."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.access import queries, services
from zhiheng.access.choices import ScopeKind
from zhiheng.access.forms import RoleForm, domain_label, take_errors
from zhiheng.access.http import requires
from zhiheng.access.models import Role
from zhiheng.access.permissions import all_permissions
from zhiheng.access.policies import READ_ROLE, WRITE_ROLE
from zhiheng.access.views.shared import refuse, settings_tabs


@requires(READ_ROLE)
@require_safe
def role_list(request: HttpRequest) -> HttpResponse:
    """Show the roles."""
    roles = [(role, len(queries.kinds_of(role))) for role in queries.roles_for_actor(request.actor)]
    return render(
        request,
        "access/role_list.html",
        {"roles": roles, "can_write": request.actor.can(WRITE_ROLE), "tabs": settings_tabs(request, "roles")},
    )


@requires(READ_ROLE)
@require_safe
def role_detail(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Show what a role permits and who has it."""
    role = queries.role_for_actor(request.actor, role_id)
    context = {
        "role": role,
        "groups": _permission_table(role),
        "members": queries.members_of_role(request.actor, role),
        "can_write": request.actor.can(WRITE_ROLE),
        "tabs": settings_tabs(request, "roles"),
    }
    return render(request, "access/role_detail.html", context)


def _permission_table(role: Role) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the permissions of a role with their scope, under the name of their domain."""
    kinds = queries.kinds_of(role)
    found: dict[str, list[tuple[str, str]]] = {}
    for each in all_permissions():
        if each.code in kinds:
            scope = ScopeKind(kinds[each.code]).label if each.is_scoped else _("全企业")
            found.setdefault(each.domain, []).append((str(each.label), str(scope)))
    return [(domain_label(domain), rows) for domain, rows in found.items()]


@requires(WRITE_ROLE)
@require_http_methods(["GET", "POST"])
def role_new(request: HttpRequest) -> HttpResponse:
    """Make a role, from nothing or from another one (``?from=``)."""
    initial = _initial_of(request) if request.method == "GET" else {}
    form = RoleForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            role = services.create_role(
                actor=request.actor, name=form.cleaned_data["name"], kinds=form.kinds()
            )
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("已创建角色。"))
            return redirect("access:role_detail", role.id)
    return _editor(request, form, None)


def _initial_of(request: HttpRequest) -> dict[str, str]:
    try:
        role_id = UUID(request.GET.get("from", ""))
    except ValueError:
        return {}
    role = queries.role_for_actor(request.actor, role_id)
    return {"name": _("%(name)s（副本）") % {"name": role}, **queries.kinds_of(role)}


@requires(WRITE_ROLE)
@require_http_methods(["GET", "POST"])
def role_edit(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Change a custom role."""
    role = queries.role_for_actor(request.actor, role_id)
    initial = {"name": role.name, **queries.kinds_of(role)}
    form = RoleForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_role(
                actor=request.actor, role_id=role_id, name=form.cleaned_data["name"], kinds=form.kinds()
            )
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("已保存角色，持有它的成员立即生效。"))
            return redirect("access:role_detail", role.id)
    return _editor(request, form, role)


def _editor(request: HttpRequest, form: RoleForm, role: Role | None) -> HttpResponse:
    context = {"form": form, "role": role, "tabs": settings_tabs(request, "roles")}
    return render(request, "access/role_edit.html", context, status=422 if form.errors else 200)


@requires(WRITE_ROLE)
@require_POST
def role_delete(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Delete a custom role."""
    try:
        services.delete_role(actor=request.actor, role_id=role_id)
    except ValidationError as error:
        refuse(request, error)
        return redirect("access:role_detail", role_id)
    messages.success(request, _("已删除角色。"))
    return redirect("access:role_list")
