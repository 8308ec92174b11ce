"""Error pages. None of them asks the database for anything."""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from zhiheng.access.http import public_page

logger = logging.getLogger(__name__)


@public_page
@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a number that is also in the log. Rendered without context processors."""
    number = secrets.token_hex(4).upper()
    logger.error("error number %s: %s %s", number, request.method, request.path)
    page = render_to_string("500.html", {"error_number": number})
    return HttpResponse(page, status=500, headers={"X-Error-Number": number})


@public_page
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or too old (``CSRF_FAILURE_VIEW``)."""
    return render(request, "403_csrf.html", status=403)
