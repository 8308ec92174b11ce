"""The tablet at the door: it has a cookie of its own and can do nothing but punch for the people of its site."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST

from zhiheng.access.http import public_page
from zhiheng.attendance.choices import PunchMethod
from zhiheng.attendance.forms.kiosk import FaceForm, PairingForm, PinPunchForm
from zhiheng.attendance.queries.sites import site_row
from zhiheng.attendance.services.door import AtDoor, deny_punch, punch_by_face, punch_by_pin
from zhiheng.attendance.services.kiosks import (
    KioskInfo,
    kiosk_of_token,
    note_beat,
    pair_kiosk,
    tenant_of_token,
)
from zhiheng.attendance.views.sites import door_svg
from zhiheng.tenancy.context import tenant_context

COOKIE = "hr_kiosk"
YEAR_SECONDS = 365 * 24 * 3600
MOST_TRIES, TRIES_SECONDS = 10, 600

View = Callable[..., HttpResponse]


def kiosk_only(view: View) -> View:
    """Let paired tablets through, inside their company; others go to the pairing page, or are told in JSON."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        token = request.COOKIES.get(COOKIE, "")
        tenant_id = tenant_of_token(token)
        if tenant_id is not None:
            with tenant_context(tenant_id):
                kiosk = kiosk_of_token(token)
                if kiosk is not None:
                    return view(request, kiosk, *args, **kwargs)
        if request.method == "POST":
            return JsonResponse({"state": "unpaired", "message": _("平板的配对已失效。")}, status=401)
        return HttpResponseRedirect(reverse("attendance:kiosk_pair"))

    return public_page(guarded)


@kiosk_only
@ensure_csrf_cookie
def kiosk(request: HttpRequest, paired: KioskInfo) -> HttpResponse:
    """Show the tablet's page; htmx gets the code at the door."""
    site, now = site_row(paired.site_id), timezone.now()
    has_code = PunchMethod.QR in site.methods
    context = {
        "kiosk": paired,
        "site": site,
        "now": now,
        "svg": door_svg(request, site, now) if has_code else "",
    }
    template = "attendance/kiosk.html#code" if request.headers.get("HX-Request") else "attendance/kiosk.html"
    answer = render(request, template, context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public_page
def kiosk_pair(request: HttpRequest) -> HttpResponse:
    """Pair this tablet by the code that HR was told."""
    form = PairingForm(request.POST or None, initial={"company": request.GET.get("company", "")})
    if request.method == "POST" and form.is_valid():
        if not _may_try(request):
            form.add_error(None, _("错误次数过多，请几分钟后再试。"))
        else:
            try:
                token = pair_kiosk(**form.cleaned_data)
            except ValidationError as error:
                _note_try(request)
                form.add_error(None, error)
            else:
                answer = HttpResponseRedirect(reverse("attendance:kiosk"))
                answer.set_cookie(
                    COOKIE, token, max_age=YEAR_SECONDS, path=reverse("attendance:kiosk"), httponly=True,
                    samesite="Strict", secure=request.is_secure(),
                )  # fmt: skip
                return answer
    return render(request, "attendance/kiosk_pair.html", {"form": form}, status=422 if form.errors else 200)


def _try_key(request: HttpRequest) -> str:
    return f"attendance-kiosk-pair-{request.META.get('REMOTE_ADDR', '')}"


def _may_try(request: HttpRequest) -> bool:
    return cache.get(_try_key(request), 0) < MOST_TRIES


def _note_try(request: HttpRequest) -> None:
    cache.set(_try_key(request), cache.get(_try_key(request), 0) + 1, TRIES_SECONDS)


@kiosk_only
@require_POST
def kiosk_pin(request: HttpRequest, paired: KioskInfo) -> HttpResponse:
    """Punch by number and PIN. Answers 200 whatever came of it, so that wrong tries stay counted."""
    form = PinPunchForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"state": "refused", "message": _("请填写工号和密码。")})
    return JsonResponse(_shown(punch_by_pin(kiosk=paired, **form.cleaned_data)))


@kiosk_only
@require_POST
def kiosk_face(request: HttpRequest, paired: KioskInfo) -> HttpResponse:
    """Punch by face."""
    form = FaceForm(request.POST)
    frame = request.FILES.get("frame")
    client_id = form.cleaned_data["client_id"] if form.is_valid() else ""
    return JsonResponse(
        _shown(punch_by_face(kiosk=paired, frame=frame.read() if frame else b"", client_id=client_id))
    )


@kiosk_only
@require_POST
def kiosk_deny(request: HttpRequest, paired: KioskInfo) -> HttpResponse:
    """Take back a punch that was not of whom it named."""
    form = FaceForm(request.POST)
    punch_id = form.punch_id() if form.is_valid() else None
    is_done = punch_id is not None and deny_punch(kiosk=paired, punch_id=punch_id)
    message = _("已撤销，请重新打卡。") if is_done else _("没有可撤销的打卡。")
    return JsonResponse({"state": "denied" if is_done else "refused", "message": message})


@kiosk_only
@require_POST
def kiosk_beat(request: HttpRequest, paired: KioskInfo) -> HttpResponse:
    """Say that the tablet is there, and what time it is."""
    note_beat(kiosk=paired)
    return JsonResponse({"now": timezone.now().isoformat()})


def _shown(found: AtDoor) -> dict[str, object]:
    clock = f"{timezone.localtime(found.at):%H:%M}" if found.at else ""
    return {
        "state": found.state,
        "message": found.message,
        "name": found.name,
        "clock": clock,
        "id": str(found.punch_id or ""),
        "is_again": found.is_again,
    }
