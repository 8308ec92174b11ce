"""What the pages of the work log share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from zhiheng.worklog.forms.base import ActorForm

MOST_DAYS = 366


def form_page(
    request: HttpRequest,
    form: ActorForm,
    *,
    title: str,
    cancel: str,
    act: Callable[[dict[str, Any]], object],
    done: str,
    submit: str = "",
    go_to: str | Callable[[Any], str] = "",
    crumbs: Sequence[tuple[str, str | None]] = (),
    note: str = "",
    template: str = "worklog/form.html",
    more: dict[str, object] | None = None,
) -> HttpResponse:
    """Show a form and carry it out: ``act`` calls the service, its refusals appear at the fields (status 422).

    ``go_to`` is where to go afterwards, ``cancel`` if empty.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.values())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(go_to(result) if callable(go_to) else go_to or cancel)
    context = {
        "form": form, "title": title, "cancel": cancel, "submit": submit, "crumbs": [*crumbs, (title, None)],
        "note": note, **(more or {}),
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


def act_and_return(request: HttpRequest, act: Callable[[], object], *, done: str, go_to: str) -> HttpResponse:
    """Carry out a button: say what was done, or why it was refused, on the page it came from."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(go_to)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with, even if that is nothing; ``None`` when it was not sent."""
    return request.POST if request.method == "POST" else None


def posted_files(request: HttpRequest) -> MultiValueDict | None:
    """Return the files a form was sent with; ``None`` when it was not sent."""
    return request.FILES if request.method == "POST" else None


def day_asked(request: HttpRequest, name: str, default: dt.date) -> dt.date:
    """Return a day of the query string, or the default."""
    try:
        return dt.date.fromisoformat(request.GET.get(name) or request.POST.get(name) or "")
    except ValueError:
        return default


def span_asked(request: HttpRequest) -> tuple[dt.date, dt.date]:
    """Return first and last day of the query string (``from``, ``to``): this month up to today without any."""
    today = timezone.localdate()
    last = day_asked(request, "to", today)
    first = day_asked(request, "from", last.replace(day=1))
    if first > last:
        first = last
    return max(first, last - dt.timedelta(days=MOST_DAYS - 1)), last
