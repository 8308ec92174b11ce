"""All pages and operations of the application, as the application itself lists them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from zhiheng.access.permissions import Permission
from zhiheng.web.api import api

# Their own guards: allauth's pages of sign-in, static files of the API's description.
FOREIGN = ("allauth.", "ninja.", "whitenoise.")


@dataclass(frozen=True)
class Route:
    """A page or an operation: how to call it and what it says it needs."""

    method: str
    pattern: str
    name: str
    permission: Permission | str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} /{self.pattern}"


def _patterns(
    resolver: URLResolver, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _patterns(each, path, inner)
        else:
            yield path, namespace, each


def pages() -> list[Route]:
    """Return every page of ours (no API operations, no pages of libraries)."""
    found = []
    for path, namespace, each in _patterns(get_resolver()):
        module = getattr(each.callback, "__module__", "")
        if path.startswith("api/v1/") or module.startswith(FOREIGN):
            continue
        permission = getattr(each.callback, "permission", None)
        arguments = tuple(each.pattern.converters)
        found.append(Route("GET", path, f"{namespace}{each.name}", permission, arguments))
    return found


def operations() -> list[Route]:
    """Return every operation of the API."""
    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                permission = getattr(operation.view_func, "permission", None)
                full = f"api/v1/{prefix.strip('/')}/{path.strip('/')}".replace("//", "/").rstrip("/")
                arguments = tuple(
                    part.strip("{}").split(":")[-1] for part in full.split("/") if part.startswith("{")
                )
                found += [
                    Route(method, full, operation.view_func.__name__, permission, arguments)
                    for method in operation.methods
                ]
    return found
