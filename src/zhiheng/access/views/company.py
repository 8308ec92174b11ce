"""The company's profile, and going to another company."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhiheng.access import queries, services
from zhiheng.access.forms import CompanyForm, take_errors
from zhiheng.access.http import requires, signed_in
from zhiheng.access.policies import WRITE_COMPANY
from zhiheng.access.sessions import TENANT_SESSION_KEY
from zhiheng.access.views.shared import settings_tabs


@requires(WRITE_COMPANY)
@require_http_methods(["GET", "POST"])
def company_profile(request: HttpRequest) -> HttpResponse:
    """Show and change the company's profile."""
    tenant = queries.company_of(request.actor)
    form = CompanyForm(request.POST or None, initial={"name": tenant.name, "time_zone": tenant.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            services.update_company(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("access:company_profile")
    context = {"form": form, "tenant": tenant, "tabs": settings_tabs(request, "company")}
    return render(request, "access/company_profile.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def switch_tenant(request: HttpRequest) -> HttpResponse:
    """Go to work in another company of the user's."""
    try:
        tenant_id = UUID(request.POST.get("tenant", ""))
    except ValueError:
        raise Http404 from None
    services.choose_tenant(user=request.user, tenant_id=tenant_id)
    request.session[TENANT_SESSION_KEY] = str(tenant_id)
    return redirect("/")
