"""What every operation of the API keeps to: documents, problems, pages, idempotency and rate limits."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import schemathesis
from django.db import connections
from django.test import Client
from ninja import Schema
from tests.contracts.calls import addresses, document, operation_of, with_token
from tests.contracts.routes import Route, operations
from tests.contracts.world import World

from zhiheng.tenancy.context import tenant_context
from zhiheng.web.api import middleware
from zhiheng.web.api.reference import permissions_by_operation
from zhiheng.web.models import RequestCount

OPERATIONS = operations()
PAGED = [route for route in OPERATIONS if "cursor" in str(operation_of(route).get("parameters"))]


def address_of(world: World, route: Route) -> str:
    """Return the address of a route with things of the company whose owner asks."""
    return addresses(route, world.other, "N1")[0]


@pytest.fixture
def client(world: World) -> Client:
    return with_token(world.other, "owner")


def assert_problem(answer, status: int, code: str) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["type"], body["status"], body["code"]) == (f"urn:zhiheng:problem:{code}", status, code)
    assert body["title"]
    return body


# --- The document -----------------------------------------------------------------------------------------------


def test_the_document_is_valid_openapi():
    schemathesis.openapi.from_dict(json.loads(json.dumps(document(), default=str))).validate()


def test_no_two_schemas_have_one_name():
    """The document knows schemas by their names alone: of two it would show one."""
    document()
    ours = [each for each in subclasses_of(Schema) if each.__module__.startswith("zhiheng.")]
    count = Counter(each.__name__ for each in ours if "[" not in each.__name__)
    assert [name for name, times in count.items() if times > 1] == []


def subclasses_of(parent: type) -> set[type]:
    found = set(parent.__subclasses__())
    return found.union(*(subclasses_of(each) for each in found))


@pytest.mark.parametrize("route", OPERATIONS, ids=str)
def test_an_operation_says_what_it_does_and_needs(route):
    found = operation_of(route)
    assert found["summary"]
    assert permissions_by_operation()[found["operationId"]] == route.permission


# --- Problems ---------------------------------------------------------------------------------------------------


def test_problem_of_nobody(world):
    answer = Client().get("/api/v1/me")
    assert_problem(answer, 401, "not-signed-in")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_problem_without_permission(world):
    body = assert_problem(with_token(world.other, "employee").get("/api/v1/members"), 403, "forbidden")
    assert body["permission"] == "access.member.read"


def test_problem_of_what_is_not_there(client):
    assert_problem(client.get(f"/api/v1/persons/{uuid4()}"), 404, "not-found")


def test_problem_of_a_wrong_parameter(client):
    body = assert_problem(client.get("/api/v1/persons?limit=0"), 422, "invalid")
    assert [each["at"].endswith("limit") for each in body["errors"]] == [True]


def test_problem_of_our_own_making(client, monkeypatch):
    monkeypatch.setattr("zhiheng.people.api.persons_for_actor", lambda *_: 1 / 0)
    body = assert_problem(client.get("/api/v1/persons"), 500, "internal")
    assert len(body["error_number"]) == 8


# --- Pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", PAGED, ids=str)
def test_pages_join_without_gap_or_overlap(world, client, route):
    address = address_of(world, route)
    whole = client.get(f"{address}?limit=200").json()["items"]
    found, query = [], "limit=7"
    while query:
        page = client.get(f"{address}?{query}").json()
        assert len(page["items"]) <= 7
        found += page["items"]
        query = page["next_cursor"] and f"limit=7&cursor={page['next_cursor']}"
    assert [each["id"] for each in found][:200] == [each["id"] for each in whole]


@pytest.mark.parametrize("route", PAGED, ids=str)
def test_a_cursor_that_is_none_is_refused(world, client, route):
    assert client.get(f"{address_of(world, route)}?cursor=xyz").status_code == 422


# --- Idempotency ------------------------------------------------------------------------------------------------


def create(client: Client, key: str, name: str):
    body = {"name": name, "permissions": {"people.person.read": "tenant"}}
    headers = {"Idempotency-Key": key}
    return client.post("/api/v1/roles", body, content_type="application/json", headers=headers)


def test_the_same_key_gets_the_same_answer(client):
    first, again = create(client, "key-1", "一次"), create(client, "key-1", "一次")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (first.headers.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")


def test_the_same_key_with_another_body_is_refused(client):
    create(client, "key-2", "甲角色")
    assert_problem(create(client, "key-2", "乙角色"), 422, "idempotency-key-reused")


def test_a_key_is_the_callers_own(client, world):
    create(client, "key-3", "别人的")
    theirs = create(with_token(world.other, "hr"), "key-3", "别人的")
    assert_problem(theirs, 403, "forbidden")


def test_a_key_that_is_too_long_is_refused(client):
    assert_problem(create(client, "k" * 201, "长"), 400, "idempotency-key-too-long")


def test_two_at_once_do_it_once(client, world):
    def ask(_number: int) -> int:
        try:
            return create(with_token(world.other, "owner"), "key-4", "同时").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(ask, range(2)))
    assert found in ([201, 201], [201, 409])
    names = [each["name"] for each in client.get("/api/v1/roles?limit=200").json()["items"]]
    assert names.count("同时") == 1


# --- Rate limits ------------------------------------------------------------------------------------------------


def test_the_limit_is_in_the_headers_and_holds(client, world, monkeypatch):
    with tenant_context(world.other.tenant.id):
        RequestCount.objects.all().delete()
    monkeypatch.setattr(middleware, "REQUESTS_PER_MINUTE", 1)
    first, second = client.get("/api/v1/me"), client.get("/api/v1/me")
    assert (first.status_code, first["RateLimit-Limit"], first["RateLimit-Remaining"]) == (200, "1", "0")
    assert_problem(second, 429, "too-many-requests")
    assert 0 < int(second["Retry-After"]) <= 60
