"""Every page and operation says who may call it, and keeps to it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from tests.contracts.routes import Route, operations, pages
from tests.factories import make_member, make_tenant

from zhiheng.access.permissions import Permission, all_permissions

PUBLIC = {route.name for route in pages() if route.permission == "public"}
GUARDED = [route for route in [*pages(), *operations()] if route.permission != "public"]
NEEDING = [route for route in GUARDED if isinstance(route.permission, Permission)]


def call(client: Client, route: Route):
    """Call a route with ids that exist nowhere."""
    path = re.sub(r"<\w+:(\w+)>|\{(?:\w+:)?(\w+)\}", lambda _: str(uuid4()), route.pattern)
    return getattr(client, route.method.lower())(
        f"/{path}", content_type="application/json" if route.method != "GET" else None
    )


@pytest.fixture
def nobody(db, client):
    """A member without any role, signed in."""
    user = make_member(make_tenant(), role=None)
    client.force_login(user)
    return client


@pytest.mark.parametrize("route", [*pages(), *operations()], ids=str)
def test_it_says_who_may_call_it(route):
    assert isinstance(route.permission, Permission) or route.permission in ("public", "signed_in")


def test_only_these_pages_are_open_to_anybody():
    app = {"manifest", "service_worker", "attendance:punch_offline", "attendance:kiosk", "rosters:feed"}
    app |= {
        f"attendance:kiosk_{each}" for each in ("pair", "pin", "face", "deny", "beat")
    }  # a token of their own
    assert {"set_theme", "set_language", "style_page", "access:invitation_accept"} | app == PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_nobody_gets_in_without_signing_in(client, route):
    answer = call(client, route)
    if route.pattern.startswith("api/"):
        assert answer.status_code == 401
        assert answer.json()["code"] == "not-signed-in"
    else:
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("route", NEEDING, ids=str)
def test_nobody_gets_in_without_the_permission(nobody, route):
    answer = call(nobody, route)
    # An operation may refuse its parameters before it looks at who asks; it then shows nothing either.
    assert answer.status_code in ((403, 422) if route.pattern.startswith("api/") else (403, 405))
    if answer.status_code == 403:
        assert (
            str(route.permission.label) in answer.content.decode()
            or answer["Content-Type"] == "application/problem+json"
        )


@pytest.mark.parametrize("permission", all_permissions(), ids=lambda each: each.code)
def test_a_permission_is_named_by_its_domain_noun_and_verb(permission):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+", permission.code)
    assert str(permission.label)
