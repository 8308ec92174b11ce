"""How the reader wants to see the pages: kept in a cookie, so that it works before sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zhiheng.access.http import public_page
from zhiheng.web.context import THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 24 * 3600


@public_page
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme (light, dark, auto) and go back; with JavaScript the page does it by itself."""
    back = request.headers.get("Referer", "/")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if is_ours else "/")
    theme = request.POST.get("theme")
    if theme in THEMES:
        # Not HttpOnly: the theme switch of the page writes it too.
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    return response
