"""What the pages of leave share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from zhiheng.access.actor import Actor
from zhiheng.leave.policies import READ_BALANCE, READ_CALENDAR, READ_LEAVE, READ_TYPE

_PAGES = {
    "leave:balance_list": (gettext_lazy("假期余额"), READ_BALANCE),
    "leave:request_list": (gettext_lazy("请假单"), READ_LEAVE),
    "leave:calendar": (gettext_lazy("团队日历"), READ_CALENDAR),
    "leave:type_list": (gettext_lazy("假期类型"), READ_TYPE),
}


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """Return the pages of leave that the actor may open."""
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, (label, permission) in _PAGES.items()
        if actor.can(permission)
    ]


def act_on(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    done: str,
    go_to: str | Callable[[Any], str],
    cancel: str,
    crumbs: Sequence[tuple[str, str | None]] = (),
    submit: str = "",
    note: str = "",
    template: str = "leave/form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form and carry it out by a service, whose refusals appear at the fields (status 422)."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                result = act(form.values() if hasattr(form, "values") else form.cleaned_data)
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(go_to(result) if callable(go_to) else go_to)
    context = {
        "form": form, "title": title, "cancel": cancel, "crumbs": [*crumbs, (title, None)], "submit": submit,
        "note": note, **more,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)
