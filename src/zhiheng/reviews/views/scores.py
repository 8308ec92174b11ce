"""The page of a score: from the number down to the orders."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.http import requires
from zhiheng.reviews.calc.explain import explain, shown, terms
from zhiheng.reviews.models import ReviewCycle
from zhiheng.reviews.policies import READ_SCORE
from zhiheng.reviews.queries.evidence import evidence, sources
from zhiheng.reviews.queries.reports import (
    ScoreView,
    cycle_for_actor,
    cycles_for_actor,
    reason_text,
    score_view,
)


def score_context(actor: Actor, cycle: ReviewCycle, view: ScoreView, chosen: str) -> dict[str, object]:
    """Return what the templates of a score need; ``chosen`` names the input whose records are listed."""
    found = sources(actor, cycle, view)
    with_records = [each for each in found if each.record_ids]
    asked = [each for each in with_records if each.name == chosen]
    opened = next(iter(asked or with_records), None)
    return {
        "cycle": cycle,
        "view": view,
        "points": view.value * 100 if view.value is not None else None,
        "reason": reason_text(view.reason, get_language() or "zh"),
        "tree": explain(view.trace),
        "exact": shown(view.trace[-1]["value"]),
        "terms": terms(view.trace),
        "sources": found,
        "record_names": {each.name for each in with_records},
        "opened": opened,
        "evidence": evidence(actor, opened) if opened else None,
    }


def _wants_evidence(request: HttpRequest) -> bool:
    """Say whether only the records below the score are asked for; htmx 4 names a target ``tag#id``."""
    return (request.htmx.target or "").rpartition("#")[2] == "evidence"


@requires(READ_SCORE)
def score_detail(request: HttpRequest, cycle_id: UUID, person_id: UUID) -> HttpResponse:
    """Show one person's score in a cycle."""
    cycle = cycle_for_actor(request.actor, cycle_id)
    view = score_view(request.actor, cycle, person_id)
    context = score_context(request.actor, cycle, view, request.GET.get("input", ""))
    context["crumbs"] = [
        (_("绩效考核"), reverse("reviews:cycle_list")),
        (cycle.period.label, reverse("reviews:cycle_detail", args=[cycle.id])),
        (view.name, None),
    ]
    template = "reviews/_evidence.html" if _wants_evidence(request) else "reviews/score.html"
    return render(request, template, context)


@requires(READ_SCORE)
def my_score(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's score, on a phone: of the latest cycle, or of the one asked for."""
    person_id = request.actor.person_id
    cycles = list(cycles_for_actor(request.actor).order_by("-period__period_from"))
    if person_id is None or not cycles:
        return render(request, "reviews/my_score.html", {"view": None})
    wanted = request.GET.get("cycle", "")
    tried = [each for each in cycles if str(each.id) == wanted] or cycles
    for cycle in tried:
        try:
            view = score_view(request.actor, cycle, person_id)
        except Http404:
            continue
        context = score_context(request.actor, cycle, view, request.GET.get("input", ""))
        context |= {"cycles": cycles, "keep": f"cycle={cycle.id}"}
        template = "reviews/_evidence.html" if _wants_evidence(request) else "reviews/my_score.html"
        return render(request, template, context)
    return render(request, "reviews/my_score.html", {"view": None})
