"""What the settings pages share: their tabs, and how a refusal is answered."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhiheng.access.policies import READ_MEMBER, READ_ROLE, WRITE_COMPANY, WRITE_MEMBER

TABS = (
    ("members", "access:member_list", READ_MEMBER),
    ("invitations", "access:invitation_list", WRITE_MEMBER),
    ("roles", "access:role_list", READ_ROLE),
    ("company", "access:company_profile", WRITE_COMPANY),
)


def settings_tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """Return the tabs of the settings that the actor may open."""
    labels = {
        "members": pgettext("tab", "成员"),
        "invitations": _("邀请"),
        "roles": pgettext("tab", "角色"),
        "company": _("公司资料"),
    }
    return [
        {"label": labels[key], "url": reverse(name), "current": key == current}
        for key, name, permission in TABS
        if request.actor.can(permission)
    ]


def refuse(request: HttpRequest, error: ValidationError) -> None:
    """Say on the next page why nothing was done, and undo what the request wrote."""
    transaction.set_rollback(True)
    for message in error.messages:
        messages.error(request, message)
