"""What the page shells need, as one lazy object: nothing is worked out that a template does not ask for."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import get_language

from zhiheng.web import navigation

THEME_COOKIE = "hr_theme"
THEMES = ("light", "dark", "auto")


class Shell:
    """The frame around a page: theme, language, and, for members, the tenant and the navigation.

    Asks the database for nothing; without an actor it has no tenant and no navigation.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def theme(self) -> str:
        """Return the theme of the cookie, or "auto" (the system's choice)."""
        chosen = self._request.COOKIES.get(THEME_COOKIE)
        return chosen if chosen in THEMES else "auto"

    @cached_property
    def is_english(self) -> bool:
        """Tell whether the page is shown in English; otherwise it is in Chinese."""
        return (get_language() or "").startswith("en")

    @cached_property
    def html_language(self) -> str:
        """Return the language as HTML names it."""
        return "en" if self.is_english else "zh-Hans"

    @cached_property
    def other_language(self) -> str:
        """Return the code of the language that the switch leads to."""
        return "zh-hans" if self.is_english else "en"

    @cached_property
    def actor(self) -> object | None:
        """Return the actor of the request, ``None`` on public pages."""
        return getattr(self._request, "actor", None)

    @cached_property
    def tenant_name(self) -> str:
        """Return the name of the actor's tenant."""
        return getattr(self.actor, "tenant_name", "")

    @cached_property
    def tenants(self) -> list:
        """Return the user's places in other tenants, which the middleware left on the request."""
        here = getattr(self.actor, "tenant_id", None)
        return [each for each in getattr(self._request, "places", ()) if each.tenant_id != here]

    @cached_property
    def groups(self) -> list[navigation.LinkGroup]:
        """Return the sidebar."""
        return navigation.sidebar(self._request) if self.actor else []

    @cached_property
    def tabs(self) -> tuple[navigation.Link, ...]:
        """Return the phone's bottom tabs."""
        return navigation.phone_tabs(self._request) if self.actor else ()

    @cached_property
    def shortcuts(self) -> tuple[navigation.Link, ...]:
        """Return what people do on a phone."""
        return navigation.shortcuts(self._request) if self.actor else ()


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: the frame as ``shell``."""
    return {"shell": Shell(request)}
