"""Invitations: list, invite, and the page behind the link."""

from __future__ import annotations

from uuid import UUID

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.access import queries, services
from zhiheng.access.forms import AcceptForm, InviteForm, take_errors
from zhiheng.access.http import public_page, requires
from zhiheng.access.models import Invitation
from zhiheng.access.policies import WRITE_MEMBER
from zhiheng.access.secrets import Credential, parse_credential
from zhiheng.access.sessions import TENANT_SESSION_KEY
from zhiheng.access.views.shared import refuse, settings_tabs


@requires(WRITE_MEMBER)
@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Show the open invitations."""
    context = {
        "invitations": queries.invitations_for_actor(request.actor)[:200],
        "now": timezone.now(),
        "tabs": settings_tabs(request, "invitations"),
    }
    return render(request, "access/invitation_list.html", context)


@requires(WRITE_MEMBER)
@require_http_methods(["GET", "POST"])
@never_cache
def invitation_new(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the answer shows the link, this once."""
    initial = {key: request.GET[key] for key in ("email", "employee_number") if key in request.GET}
    form = InviteForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            invitation, credential = services.invite_member(
                actor=request.actor,
                email=data["email"],
                employee_number=data["employee_number"],
                **form.role_arguments(),
            )
        except ValidationError as error:
            take_errors(form, error)
        else:
            return _show_link(request, invitation, credential)
    context = {"form": form, "tabs": settings_tabs(request, "invitations")}
    return render(request, "access/invitation_new.html", context, status=422 if form.errors else 200)


def _show_link(request: HttpRequest, invitation: Invitation, credential: Credential) -> HttpResponse:
    context = {
        "invitation": invitation,
        "link": services.link_of(credential),
        "tabs": settings_tabs(request, "invitations"),
    }
    return render(request, "access/invitation_link.html", context)


@requires(WRITE_MEMBER)
@require_POST
@never_cache
def invitation_resend(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Make a new link; the answer shows it."""
    try:
        return _show_link(
            request, *services.resend_invitation(actor=request.actor, invitation_id=invitation_id)
        )
    except ValidationError as error:
        refuse(request, error)
    return redirect("access:invitation_list")


@requires(WRITE_MEMBER)
@require_POST
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    try:
        services.revoke_invitation(actor=request.actor, invitation_id=invitation_id)
    except ValidationError as error:
        refuse(request, error)
    else:
        messages.success(request, _("已撤回邀请，链接不再有效。"))
    return redirect("access:invitation_list")


@public_page
@require_http_methods(["GET", "POST"])
@never_cache
def invitation_accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Join a company by a link: signed in with one click, otherwise by name and password."""
    credential = parse_credential(secret)
    offer = services.offer_of(credential)
    if offer is None:
        return render(request, "access/invitation_bad.html", status=404)
    user = request.user if request.user.is_authenticated else None
    if user is None and offer.has_user:
        return redirect_to_login(request.get_full_path())
    form = AcceptForm(request.POST or None) if user is None else None
    error_text = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            data = form.cleaned_data if form else {}
            joined = services.accept_invitation(credential=credential, user=user, **data)
        except ValidationError as error:
            if form:
                take_errors(form, error)
            error_text = " ".join(error.messages)
        else:
            return _enter(request, joined, credential, is_new=user is None)
    context = {"offer": offer, "form": form, "error_text": error_text, "secret": secret}
    status = 422 if error_text or (form and form.errors) else 200
    return render(request, "access/invitation_accept.html", context, status=status)


def _enter(request: HttpRequest, user: object, credential: Credential, *, is_new: bool) -> HttpResponse:
    answer = perform_login(request, user, redirect_url="/") if is_new else redirect("/")
    request.session[TENANT_SESSION_KEY] = str(credential.tenant_id)
    return answer
