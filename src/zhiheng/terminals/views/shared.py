"""What the pages of a terminal share: crumbs, tabs, and how an action is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhiheng.terminals.models import Terminal

TABS = (
    ("overview", "terminals:terminal_detail"),
    ("people", "terminals:user_list"),
    ("commands", "terminals:command_list"),
    ("uploads", "terminals:upload_list"),
    ("events", "terminals:event_list"),
)


def terminal_tabs(terminal: Terminal, current: str) -> list[dict[str, object]]:
    """Return the tabs of a terminal."""
    labels = {
        "overview": _("概况"), "people": _("设备人员"), "commands": _("命令记录"), "uploads": _("上传记录"),
        "events": _("事件记录"),
    }  # fmt: skip
    counts = {"commands": terminal.waiting_commands, "events": terminal.alarms}
    return [
        {
            "label": labels[key], "url": reverse(name, args=[terminal.id]), "current": key == current,
            "count": counts.get(key) or "",
        }
        for key, name in TABS
    ]  # fmt: skip


def crumbs_of(terminal: Terminal, last: str = "") -> list[tuple[str, str | None]]:
    """Return the way to a page of a terminal."""
    found = [(pgettext("page", "考勤机"), reverse("terminals:terminal_list"))]
    if not last:
        return [*found, (terminal.name, None)]
    return [*found, (terminal.name, reverse("terminals:terminal_detail", args=[terminal.id])), (last, None)]


def answer(
    request: HttpRequest, act: Callable[[], object], done: str, url_name: str, *args: object
) -> HttpResponse:
    """Do something, say so, or why not, and go on to a page."""
    try:
        act()
    except ValidationError as error:
        transaction.set_rollback(True)
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, done)
    return redirect(url_name, *args)
