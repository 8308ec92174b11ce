"""Global search: people and the pages of the product, each under the actor's own rights."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiheng.access.http import actor_of, signed_in
from zhiheng.people import public as people
from zhiheng.people.policies import READ_PERSON
from zhiheng.web.navigation import sidebar

LIMIT = 6


@dataclass(frozen=True)
class Hit:
    """Something found."""

    title: str
    note: str
    url: str


def find(request: HttpRequest, text: str) -> list[tuple[str, list[Hit]]]:
    """Return what matches, by kind; kinds without a hit are left out."""
    groups = [(_("员工"), _people(request, text)), (_("功能"), _pages(request, text))]
    return [(label, hits) for label, hits in groups if hits]


def _people(request: HttpRequest, text: str) -> list[Hit]:
    actor = actor_of(request)
    if not actor.can(READ_PERSON):
        return []
    return [
        Hit(each.name, f"{each.number} · {each.unit}", reverse("people:person_detail", args=[each.id]))
        for each in people.search(actor, text, LIMIT)
    ]


def _pages(request: HttpRequest, text: str) -> list[Hit]:
    links = [(group.label, link) for group in sidebar(request) for link in group.links]
    return [
        Hit(str(link.label), str(label), link.url)
        for label, link in links
        if text.lower() in str(link.label).lower()
    ]


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Show what matches ``q``: a page, or for htmx the list under the search field."""
    text = request.GET.get("q", "").strip()[:100]
    context = {"text": text, "groups": find(request, text) if text else []}
    template = "web/search.html#results" if request.htmx else "web/search.html"
    return render(request, template, context)
