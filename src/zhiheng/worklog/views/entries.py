"""Pages of work content: the phone page of a day, one person's days, and the categories."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.worklog.choices import PresenceBasis
from zhiheng.worklog.forms.entries import CategoryForm, EntryForm
from zhiheng.worklog.policies import MANAGE_CATEGORY, READ_ENTRY, WRITE_ENTRY
from zhiheng.worklog.queries.categories import categories
from zhiheng.worklog.queries.content import content_of, person_for_actor
from zhiheng.worklog.queries.overview import slices, time_of_person
from zhiheng.worklog.queries.visits import visits_of_day
from zhiheng.worklog.services.entries import add_entry, delete_entry, save_category
from zhiheng.worklog.views.shared import day_asked, form_page, posted, span_asked

WEEK = dt.timedelta(days=6)


def _page_of(on: dt.date) -> str:
    return f"{reverse('worklog:my_day')}?day={on}"


@requires(READ_ENTRY)
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's day on a phone: visits, work content, and the effective share."""
    actor, today = request.actor, timezone.localdate()
    on = min(day_asked(request, "day", today), today)
    if actor.person_id is None:
        return render(request, "worklog/my_day.html", {"on": on, "is_nobody": True})
    known = categories()
    days, week = time_of_person(actor, actor.person_id, on - WEEK, on)
    day = next((each for each in days if each.on == on), None)
    context = {
        "on": on,
        "is_today": on == today,
        "before": on - dt.timedelta(days=1),
        "after": on + dt.timedelta(days=1),
        "visits": visits_of_day(actor, actor.person_id, on),
        "content": content_of(actor.person_id, on, on, known).get(on, []),
        "day": day,
        "slices": slices(day.time, known) if day else (),
        "week": week,
        "form": EntryForm(actor=actor, initial={"on": on}),
        "can_write": actor.can(WRITE_ENTRY),
    }
    return render(request, "worklog/my_day.html", context)


@requires(WRITE_ENTRY)
def entry_add(request: HttpRequest) -> HttpResponse:
    """Write down something done."""
    on = day_asked(request, "on" if request.method == "POST" else "day", timezone.localdate())
    form = EntryForm(posted(request), actor=request.actor, initial={"on": on})
    return form_page(
        request, form, title=_("添加工作内容"), cancel=_page_of(on), done=_("已记录。"),
        act=lambda values: add_entry(actor=request.actor, **values), template="worklog/phone_form.html",
    )  # fmt: skip


@requires(WRITE_ENTRY)
@require_POST
def entry_delete(request: HttpRequest, work_entry_id: UUID) -> HttpResponse:
    """Take an entry away."""
    on = delete_entry(actor=request.actor, entry_id=work_entry_id)
    return HttpResponseRedirect(_page_of(on))


@requires(READ_ENTRY)
def person_time(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show where somebody's time went over a period, day by day, down to the entries."""
    person = person_for_actor(request.actor, person_id)
    first, last = span_asked(request)
    known = categories()
    days, whole = time_of_person(request.actor, person_id, first, last)
    basis = {each.value: each.label for each in PresenceBasis}
    content = content_of(person_id, first, last, known)
    context = {
        "person": person,
        "first": first,
        "last": last,
        "time": whole,
        "visits": sum(each.visits for each in days),
        "slices": slices(whole, known),
        "days": [
            (each, slices(each.time, known), basis[each.basis], content.get(each.on, []))
            for each in reversed(days)
        ],
        "crumbs": [(_("外勤与工时"), f"{reverse('worklog:overview')}?from={first}&to={last}"), (person.name, None)],
    }  # fmt: skip
    return render(request, "worklog/person_time.html", context)


@requires(MANAGE_CATEGORY)
def category_list(request: HttpRequest) -> HttpResponse:
    """Show the kinds of work and which of them are effective."""
    crumbs = [(_("外勤与工时"), reverse("worklog:overview")), (_("工作类别"), None)]
    return render(
        request, "worklog/category_list.html", {"categories": categories().values(), "crumbs": crumbs}
    )


@requires(MANAGE_CATEGORY)
def category_set(request: HttpRequest) -> HttpResponse:
    """Add a kind of work or change one (``?code=``)."""
    known = categories().get(request.GET.get("code", ""))
    initial = (
        {"code": known.code, "name": known.label, "is_effective": known.is_effective, "is_active": known.is_active}
        if known
        else {}
    )  # fmt: skip
    form = CategoryForm(posted(request), actor=request.actor, initial=initial)
    return form_page(
        request, form, title=_("工作类别"), cancel=reverse("worklog:category_list"),
        done=_("工作类别已保存，之后重新计算的日子按新设置。"),
        act=lambda values: save_category(actor=request.actor, **values),
        crumbs=[(_("外勤与工时"), reverse("worklog:overview"))],
    )  # fmt: skip
