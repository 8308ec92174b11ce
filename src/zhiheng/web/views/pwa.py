"""What makes the phone pages an app of their own: manifest and service worker, both at the root.

The worker keeps styles, scripts and one page without anybody's data; pages of people are never kept.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhiheng.access.http import public_page
from zhiheng.webkit.templatetags.ui import sprite_url

ENTRY = "src/entries/mobile.js"


@public_page
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app to the phone."""
    made = {
        "name": _("知衡"),
        "short_name": _("知衡"),
        "description": _("打卡、考勤与目标"),
        "start_url": reverse("attendance:punch_page"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f6fa",
        "theme_color": "#3155e7",
        "icons": [
            {"src": static("web/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
            for purpose in ("any", "maskable")
        ],
    }
    answer = JsonResponse(made, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Type"] = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@public_page
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker; browsers ask for it again each time, so a new build replaces the old."""
    assets = [static("web/favicon.svg"), sprite_url(), *mobile_assets()]
    shell = reverse("attendance:punch_offline")
    mark = hashlib.sha256(json.dumps([*assets, shell]).encode()).hexdigest()[:12]
    context = {
        "assets": json.dumps(assets),
        "shell": shell,
        "mark": mark,
        "punch": reverse("attendance:punch_page"),
    }
    answer = render(request, "web/sw.js", context, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@cache
def mobile_assets() -> tuple[str, ...]:
    """Return the addresses of the phone bundle: scripts with what they import, and styles."""
    found = finders.find("dist/manifest.json")
    if not found:
        return ()
    with open(found, encoding="utf-8") as text:
        known = json.load(text)
    seen: dict[str, None] = {}
    waiting = [ENTRY]
    while waiting:
        part = known.get(waiting.pop(), {})
        for name in [part.get("file"), *part.get("css", ())]:
            if name:
                seen[static(f"dist/{name}")] = None
        waiting += [each for each in part.get("imports", ()) if f"{each}" in known]
    return tuple(seen)
