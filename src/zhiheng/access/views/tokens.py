"""API tokens: list, create, revoke."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.access import queries, services
from zhiheng.access.forms import TokenForm, take_errors
from zhiheng.access.http import requires
from zhiheng.access.policies import MANAGE_TOKEN, WRITE_TOKEN


@requires(WRITE_TOKEN)
@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """Show the tokens."""
    context = {
        "tokens": queries.tokens_for_actor(request.actor)[:500],
        "can_manage": request.actor.can(MANAGE_TOKEN),
        "now": timezone.now(),
    }
    return render(request, "access/token_list.html", context)


@requires(WRITE_TOKEN)
@require_http_methods(["GET", "POST"])
@never_cache
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token; the answer shows it, this once."""
    form = TokenForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            token, text = services.create_token(
                actor=request.actor, name=data["name"], codes=data["codes"], expires_at=form.expires_at()
            )
        except ValidationError as error:
            take_errors(form, error)
        else:
            return render(request, "access/token_shown.html", {"token": token, "text": text})
    return render(request, "access/token_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(WRITE_TOKEN)
@require_POST
def token_revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token."""
    services.revoke_token(actor=request.actor, token_id=token_id)
    messages.success(request, _("已吊销令牌，使用它的程序立即失去访问。"))
    return redirect("access:token_list")
