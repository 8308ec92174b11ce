"""The user's own account."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.access import services
from zhiheng.access.forms import AccountForm
from zhiheng.access.http import signed_in

THEME_COOKIE = "hr_theme"  # the page shell reads it
YEAR_SECONDS = 365 * 24 * 3600


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show and change name, language and theme; links lead to password, e-mail and two-step sign-in."""
    user = request.user
    initial = {"name": user.name, "language": user.language, "theme": user.theme}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.update_account(actor=request.actor, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"] or translation.get_language()):
            messages.success(request, _("已保存。"))
        return _with_cookies(request, form.cleaned_data)
    return render(request, "access/account.html", {"form": form}, status=422 if form.errors else 200)


def _with_cookies(request: HttpRequest, chosen: dict[str, str]) -> HttpResponse:
    """Go back to the page; the cookies make the choice hold at once, and before sign-in too."""
    answer = redirect("access:account")
    lasting = {"max_age": YEAR_SECONDS, "samesite": "Lax", "secure": request.is_secure()}
    answer.set_cookie(THEME_COOKIE, chosen["theme"], **lasting)
    if chosen["language"]:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen["language"], **lasting)
    else:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return answer
