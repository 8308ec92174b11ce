"""Whatever parameters an operation that reads is given, it answers; it never fails."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from tests.contracts.calls import document, with_token
from tests.contracts.routes import operations

from zhiheng.web.api import middleware

READS = [route for route in operations() if route.method == "GET"]
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(document(), default=str)))


def path_of(pattern: str) -> str:
    return "/" + pattern.replace("{uuid:", "{").replace("{uuidstr:", "{")


@pytest.mark.parametrize("route", READS, ids=str)
def test_no_parameters_make_it_fail(world, route, monkeypatch):
    monkeypatch.setattr(middleware, "REQUESTS_PER_MINUTE", 10**9)
    client = with_token(world.other, "owner")

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=SCHEMA[path_of(route.pattern)]["GET"].as_strategy())
    def ask(case):
        answer = client.get(case.formatted_path, case.query or {})
        assert answer.status_code < 500, answer.content.decode()

    ask()
