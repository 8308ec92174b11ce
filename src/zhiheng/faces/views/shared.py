"""What the pages of faces share."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhiheng.faces.policies import MANAGE_SETTING, READ_FACE

TABS = (
    ("enrolments", "faces:enrolment_list", READ_FACE),
    ("checks", "faces:check_list", READ_FACE),
    ("consents", "faces:consent_list", READ_FACE),
    ("setting", "faces:setting", MANAGE_SETTING),
)


def face_tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """Return the tabs that the actor may open."""
    labels = {
        "enrolments": _("人脸登记"),
        "checks": _("人脸核验"),
        "consents": _("人脸同意书"),
        "setting": _("人脸设置"),
    }
    return [
        {"label": labels[key], "url": reverse(name), "current": key == current}
        for key, name, permission in TABS
        if request.actor.can(permission)
    ]


def photo_response(jpeg: bytes, name: str) -> HttpResponse:
    """Return a photo to be shown in the page, kept by no cache."""
    return HttpResponse(
        jpeg,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": content_disposition_header(False, f"{name}.jpg"),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
