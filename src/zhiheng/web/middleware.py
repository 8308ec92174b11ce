"""Request to actor and tenant: who asks, in which company, and the transaction their request runs in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden, NotSignedIn
from zhiheng.access.queries import Place, actor_at, actor_of_token, places_of_user
from zhiheng.access.secrets import parse_token
from zhiheng.access.sessions import TENANT_SESSION_KEY
from zhiheng.tenancy.context import tenant_context

API_PREFIX = "/api/"


class ActorMiddleware:
    """Sets ``request.actor`` and ``request.places``, and answers those who may not do what they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor, request.places = identify(request)
        speak_language_of(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what access refused to a page into an answer; the API has its own."""
        if isinstance(error, NotSignedIn):
            return to_sign_in(request)
        return forbidden(request, error) if isinstance(error, Forbidden) else None


class TenantMiddleware:
    """Runs the request inside the actor's tenant and subsidiaries, as one transaction.

    The transaction is undone when the view raised, whatever answer that became, and when the answer reports a
    failure (status 400 and above): a refused request leaves nothing behind.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = request.actor
        if actor is None:
            return self.get_response(request)
        request.has_raised = False
        with tenant_context(actor.tenant_id, actor.legal_entity_ids):
            response = self.get_response(request)
            if request.has_raised or response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Note that the view raised, and leave the answer to the other middleware."""
        request.has_raised = True


def identify(request: HttpRequest) -> tuple[Actor | None, list[Place]]:
    """Return the request's actor and the user's places of work.

    An API token counts for the API only, and then the session does not: a bad token is nobody.
    """
    if request.path.startswith(API_PREFIX) and "Authorization" in request.headers:
        return actor_of_header(request.headers["Authorization"]), []
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None, []
    places = places_of_user(request.user)
    place = chosen_place(places, request.session.get(TENANT_SESSION_KEY))
    return (actor_at(place) if place else None), places


def actor_of_header(header: str) -> Actor | None:
    """Return the actor of an ``Authorization: Bearer`` header; ``None`` unless it carries a valid token."""
    scheme, _, token = header.partition(" ")
    credential = parse_token(token.strip()) if scheme.lower() == "bearer" else None
    return credential and actor_of_token(credential)


def chosen_place(places: list[Place], tenant_id: str | None) -> Place | None:
    """Return the place the session chose if the user may work there, else the one they chose last."""
    chosen = next((each for each in places if str(each.tenant_id) == tenant_id), None)
    return chosen or next(iter(places), None)


def speak_language_of(request: HttpRequest) -> None:
    """Use the language of the user's account where the browser has not chosen one."""
    user = getattr(request, "user", None)
    if request.actor is None or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return
    if user.is_authenticated and user.language:
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody unknown to the sign-in page and back; a user without a company to a page that says so."""
    if request.user.is_authenticated:
        return render(request, "access/no_company.html", status=403)
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": answer.url})
    return answer


def forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    """Say which permission is missing and who can grant it."""
    return render(request, "403.html", {"permission": error.permission}, status=403)
