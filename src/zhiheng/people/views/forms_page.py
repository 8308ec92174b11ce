"""One page for all forms of people: shown, refused with reasons, or carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from zhiheng.people.forms import ActorForm


def form_page(
    request: HttpRequest,
    make_form: Callable[..., ActorForm],
    *,
    title: str,
    cancel: str,
    submit: str,
    act: Callable[[dict], object],
    done: str,
    go_to: str | Callable[[object], str] = "",
    initial: dict | None = None,
    crumbs: Sequence[tuple[str, str | None]] = (),
    note: str = "",
    ask: str = "",
) -> HttpResponse:
    """Show a form and carry it out.

    ``act`` calls the service with the form's values; its refusals appear at the fields (status 422). ``ask``
    is the question before an act that harms; ``go_to`` is where to go afterwards, ``cancel`` if empty.
    """
    form = make_form(request.POST or None, actor=request.actor, initial=initial)
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
        "note": note, "ask": ask,
    }  # fmt: skip
    return render(request, "people/form.html", context, status=422 if form.errors else 200)
