"""How many queries each page takes: kept in a file that is changed on purpose only, and no more with more rows.

``ZHIHENG_UPDATE_QUERY_COUNTS=1 pytest tests/contracts/test_query_counts.py`` writes the file anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.contracts.calls import addresses, kinds_in, sign_in, with_token
from tests.contracts.routes import Route, operations, pages
from tests.contracts.world import Company, World

SNAPSHOT = Path(__file__).with_name("query_counts.json")
MOST_ON_A_LIST = 15
# These plan whole units: where people are, shifts, rules, calendars and rosters are read once each, beside the list.
MOST_ON_A_PLAN = 33
PLANS = {"GET /rosters/", "GET /rosters/export/", "GET /api/v1/planned-days"}
# Pages that only take POST, and files.
COUNTED = [
    route
    for route in [*pages(), *(each for each in operations() if each.method == "GET")]
    if route.permission != "public" and not {"token_id"} & set(route.arguments)
]
LISTS = [route for route in COUNTED if not route.arguments]
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


def queries_of(company: Company, route: Route) -> list[str] | None:
    """Return the statements of a page asked for by the owner, transaction control aside; ``None`` if it shows nothing."""
    is_api = route.pattern.startswith("api/")
    client = (with_token if is_api else sign_in)(company, "owner")
    address = addresses(route, company, "S1")[0]
    client.get(address)  # fills what is remembered between requests
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        return None
    statements = [each["sql"] for each in captured.captured_queries]
    return [each for each in statements if not each.lstrip().upper().startswith(CONTROL)]


@pytest.fixture(scope="module")
def kept() -> dict[str, int]:
    return json.loads(SNAPSHOT.read_text()) if SNAPSHOT.exists() else {}


@pytest.mark.skipif("ZHIHENG_UPDATE_QUERY_COUNTS" in os.environ, reason="the snapshot is being written")
@pytest.mark.parametrize("route", COUNTED, ids=str)
def test_a_page_takes_as_many_queries_as_kept(world, kept, route):
    found = queries_of(world.victim, route)
    if found is None:
        assert str(route) not in kept
        pytest.skip("only takes POST")
    assert len(found) == kept.get(str(route)), "\n".join(found)
    if not kinds_in(route):
        assert len(found) <= (MOST_ON_A_PLAN if str(route) in PLANS else MOST_ON_A_LIST)


@pytest.mark.skipif("ZHIHENG_UPDATE_QUERY_COUNTS" not in os.environ, reason="see the module")
def test_the_snapshot_is_written(world):
    counts = {str(route): queries_of(world.victim, route) for route in COUNTED}
    counts = {name: len(found) for name, found in counts.items() if found is not None}
    SNAPSHOT.write_text(json.dumps(counts, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def test_no_page_is_kept_that_is_gone(kept):
    assert set(kept) <= {str(route) for route in COUNTED}


@pytest.fixture(scope="session")
def larger(_world_database, django_db_blocker) -> Company:
    """A company with as many people more as make twenty times the rows."""
    from tests.conftest import _use_database

    usual, name, _world = _world_database
    with django_db_blocker.unblock():
        _use_database(name)
        made = Company("丙方", "bingfang", extra_people=48).build()
        made.crowd()
        _use_database(usual)
    return made


@pytest.mark.parametrize("route", COUNTED, ids=str)
def test_more_rows_take_no_more_queries(world: World, larger: Company, route: Route):
    few, many = queries_of(world.victim, route), queries_of(larger, route)
    assert (few is None) == (many is None)
    assert len(many or []) <= len(few or []), "\n".join(many or [])
