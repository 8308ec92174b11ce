"""What terminals call. These are no pages: no session, no language, no cookies; a process of its own serves them."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from zhiheng.terminals.services.gateway import MAX_BODY_BYTES, Incoming, Reply, answer

logger = logging.getLogger(__name__)
UNAVAILABLE = Reply(503, b"ERROR: try again")
BAD_REQUEST = Reply(400, b"ERROR: incomplete")


@csrf_exempt
def receive(request: HttpRequest, path: str) -> HttpResponse:
    """Hand a terminal's request to the gateway; when the database is away, let the terminal come again."""
    try:
        reply = answer(_incoming(request, path))
    except UnreadablePostError:
        reply = BAD_REQUEST
    except DatabaseError:
        logger.exception("gateway: %s", path)
        reply = UNAVAILABLE
    headers = {"Cache-Control": "no-store", "Connection": "close"}
    return HttpResponse(reply.body, status=reply.status, content_type="text/plain", headers=headers)


def health(request: HttpRequest) -> HttpResponse:
    """Say that the process is there."""
    return HttpResponse(b"OK", content_type="text/plain")


def _incoming(request: HttpRequest, path: str) -> Incoming:
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    body = b"" if size > MAX_BODY_BYTES else _body(request)
    return Incoming(
        path=path.strip("/").removesuffix(".aspx").lower(),
        params={key.upper(): value for key, value in request.GET.items()},
        body=body[:MAX_BODY_BYTES],
        ip_address=address_of(request.META),
        received_at=timezone.now(),
        is_post=request.method == "POST",
        is_too_large=size > MAX_BODY_BYTES or len(body) > MAX_BODY_BYTES,
    )


def _body(request: HttpRequest) -> bytes:
    """Return the body, at most one byte more than is taken; Django itself takes a chunked one for empty."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return request.environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
    return request.body


def address_of(meta: Mapping[str, str]) -> str | None:
    """Return the caller's address: behind a proxy, the one that the proxy saw."""
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "") if settings.IS_BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or meta.get("REMOTE_ADDR") or None
