"""Who may open a page or call an operation: decorators for views of both kinds."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable

from django.http import HttpRequest

from zhiheng.access.errors import NotSignedIn
from zhiheng.access.permissions import Permission

View = Callable[..., object]


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only actors with ``permission`` through; the rest of the check is the scope of the queries."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> object:
            actor_of(request).scope(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return _with_signature_of(view, guarded)

    return decorate


def signed_in(view: View) -> View:
    """Let every member of a tenant through."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> object:
        actor_of(request)
        return view(request, *args, **kwargs)

    guarded.permission = "signed_in"
    return _with_signature_of(view, guarded)


def public_page(view: View) -> View:
    """Mark a view that anybody may open, so that the permission matrix knows it was meant."""
    view.permission = "public"
    return view


def _with_signature_of(view: View, guarded: View) -> View:
    """Give ``guarded`` the view's own annotations, as types; the API would look their names up here."""
    guarded.__signature__ = inspect.signature(view, eval_str=True)
    return guarded


def actor_of(request: HttpRequest):
    """Return the request's actor; raise `NotSignedIn` without one."""
    actor = getattr(request, "actor", None)
    if actor is None:
        raise NotSignedIn
    return actor
