"""The phone page: where somebody punches, what came of it, and what a phone keeps when there is no network."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import public_page, requires
from zhiheng.attendance.calc.geo import to_wgs84
from zhiheng.attendance.choices import PunchMethod, PunchRisk
from zhiheng.attendance.forms.phone import BROWSER_COOKIE, PlaceForm, PunchForm
from zhiheng.attendance.policies import CREATE_PUNCH
from zhiheng.attendance.queries.phone import phone_day, placed_near
from zhiheng.attendance.services.taking import Taken, take_punch
from zhiheng.people.public import persons_by_id

YEAR_SECONDS = 365 * 24 * 3600
WAYS = {
    PunchMethod.GPS: ("map-pin", gettext_lazy("定位")),
    PunchMethod.FACE: ("face-id", gettext_lazy("人脸")),
    PunchMethod.WIFI: ("wifi", "Wi-Fi"),
    PunchMethod.QR: ("qrcode", gettext_lazy("扫码")),
}


@requires(CREATE_PUNCH)
def punch_page(request: HttpRequest) -> HttpResponse:
    """Show the page where somebody punches; htmx gets today's punches only."""
    template = "attendance/punch.html#today" if request.htmx else "attendance/punch.html"
    answer = render(request, template, punch_context(request))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "HX-Request"
    return with_browser_id(request, answer)


def punch_context(request: HttpRequest) -> dict[str, object]:
    """Return what `attendance/_punch_entry.html` needs; other pages that include it answer by `with_browser_id`."""
    actor, now = request.actor, timezone.now()
    person = persons_by_id([actor.person_id]).get(actor.person_id) if actor.person_id else None
    if person is None:
        return {"punch": None}
    day = phone_day(person.id, now)
    return {
        "punch": {
            "person": person,
            "day": day,
            "greeting": greeting(timezone.localtime(now).hour),
            "ways": [(way, *WAYS[way]) for way in day.ways],
            "now": now.isoformat(),
            "owner": str(actor.membership_id or actor.person_id),
            "has_face": PunchMethod.FACE in day.ways,
            "browser_id": browser_id_of(request),
            "door": request.GET.get("door", "")[:300],
            "risk_labels": dict(PunchRisk.choices),
            "correction_url": reverse("attendance:request_new", args=["correction"]),
        }
    }


def greeting(hour: int) -> str:
    """Return the greeting of an hour of the day."""
    if hour < 5 or hour >= 18:
        return _("晚上好")
    return _("上午好") if hour < 12 else _("下午好")


def browser_id_of(request: HttpRequest) -> str:
    """Return the name of the browser: the one it has, or the one this answer gives it."""
    if BROWSER_COOKIE not in request.COOKIES:
        request.COOKIES[BROWSER_COOKIE] = request.new_browser_id = secrets.token_hex(16)
    return request.COOKIES[BROWSER_COOKIE]


def with_browser_id(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Give the browser a name of its own, so that a phone used by several people is noticed."""
    name = browser_id_of(request)
    if getattr(request, "new_browser_id", None) == name:
        answer.set_cookie(
            BROWSER_COOKIE, name, max_age=5 * YEAR_SECONDS, samesite="Lax", httponly=True,
            secure=request.is_secure(),
        )  # fmt: skip
    return answer


@requires(CREATE_PUNCH)
@require_POST
def punch_take(request: HttpRequest) -> HttpResponse:
    """Take a punch; answers in JSON what became of it, 422 with a text when nothing was taken."""
    form = PunchForm(request.POST)
    if not form.is_valid():
        return refusal(ValidationError(form.errors.as_data()))
    browser_id_of(request)
    try:
        taken = take_punch(actor=request.actor, punch=form.punch(request))
    except ValidationError as error:
        return refusal(error)
    return with_browser_id(request, JsonResponse(taken_json(taken)))


def refusal(error: ValidationError) -> JsonResponse:
    """Return a refusal as the phone shows it."""
    return JsonResponse({"state": "refused", "message": " ".join(error.messages)}, status=422)


def taken_json(taken: Taken) -> dict[str, object]:
    """Return what became of a punch, for the phone."""
    return {
        "state": taken.state,
        "message": taken.message,
        "at": taken.punched_at.isoformat(),
        "clock": f"{timezone.localtime(taken.punched_at):%H:%M:%S}",
        "site": taken.site_name,
        "distance": taken.distance,
        "risks": [str(PunchRisk(each).label) for each in taken.risks],
        "id": str(taken.punch_id or ""),
    }


@requires(CREATE_PUNCH)
@require_POST
def punch_where(request: HttpRequest) -> HttpResponse:
    """Tell how a place lies to the person's sites; nothing is kept of it."""
    form = PlaceForm(request.POST)
    given = form.place() if form.is_valid() else None
    if given is None or request.actor.person_id is None:
        return refusal(ValidationError(_("坐标无效，请重新定位。")))
    point = to_wgs84((float(given.latitude), float(given.longitude)), given.datum)
    site, placed = placed_near(request.actor.person_id, point, given.accuracy)
    found: dict[str, object] = {
        "title": _("没有适用的打卡地点"),
        "text": _("打卡后由人事复核。"),
        "is_inside": False,
    }
    if site and placed:
        text = _("距{site} {distance} 米 · 精度 ±{accuracy} 米")
        found = {
            "title": _("已进入打卡范围") if placed.is_inside else _("不在打卡范围内"),
            "text": text.format(site=site.name, distance=placed.distance, accuracy=given.accuracy or "?"),
            "is_inside": placed.is_inside,
        }
    return JsonResponse(found)


@requires(CREATE_PUNCH)
def punch_token(request: HttpRequest) -> HttpResponse:
    """Give a fresh CSRF token and say whose session this is: a page kept on the phone has neither."""
    owner = str(request.actor.membership_id or request.actor.person_id)
    answer = JsonResponse({"token": get_token(request), "owner": owner})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public_page
def punch_offline(request: HttpRequest) -> HttpResponse:
    """Show the page a phone keeps for the time without network; it holds nothing of anybody."""
    return render(request, "attendance/punch_offline.html", {"now": timezone.now().isoformat()})
