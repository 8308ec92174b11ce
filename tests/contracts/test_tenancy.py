"""Nobody sees or changes what is another company's, another subsidiary's or another department's.

Generated from the application: every page, operation, export, download and job, called by somebody who may do such
things, with ids of what is not theirs. The world makes sure that there is something to see.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from tests.contracts.calls import (
    FIELD_KINDS,
    addresses,
    body_of,
    filled_form,
    kinds_in,
    links_of,
    operation_of,
    sign_in,
    text_of,
    with_token,
)
from tests.contracts.routes import Route, operations, pages
from tests.contracts.test_models import TENANT_MODELS
from tests.contracts.things import merged, united
from tests.contracts.world import Company, World
from tests.factories.jobs import run_job

from zhiheng.jobs.definitions import all_definitions
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.public import start_job
from zhiheng.jobs.services.errors import JobFailed
from zhiheng.jobs.services.execution import execute
from zhiheng.jobs.services.side import SameConnection
from zhiheng.tenancy.context import tenant_context

# The page of an invitation link: whoever has the secret may read it.
PAGES = [route for route in pages() if route.permission != "public"]
OPERATIONS = operations()
READS = [*PAGES, *(route for route in OPERATIONS if route.method == "GET")]
WRITES = [*PAGES, *(route for route in OPERATIONS if route.method != "GET")]
WITH_IDS = [route for route in READS if kinds_in(route)]
LISTS = [route for route in READS if not route.arguments]
QUERIES = {"list_values": "?period=2026Q1"} | merged("QUERIES")
REFUSALS = {403, 404, 405}
# Lists of what hangs on a thing: empty for one that is not there and for one that is not theirs.
LIKE_FILTERS = {"metrics:record_observations"}

OF_PEOPLE = {
    "person", "assignment", "record", "observation", "goal", "membership", "role_assignment", "invitation", "batch",
    "file", "job", "token", "entry",
} | united("OF_PEOPLE")  # fmt: skip
OF_SUBSIDIARIES = OF_PEOPLE | {"unit", "legal_entity"} | united("OF_SUBSIDIARIES")


@dataclass(frozen=True)
class Case:
    """Somebody who asks for what is not theirs: ids of a department, and kinds of which they may see none."""

    side: str
    role: str
    department: str
    markers: tuple[str, ...]
    hidden: frozenset[str] | None = None
    has_token: bool = False

    def client(self, world: World):
        make = with_token if self.has_token else sign_in
        return make(getattr(world, self.side), self.role)

    def hides(self, route: Route) -> bool:
        kinds = [] if route.name in LIKE_FILTERS else kinds_in(route)
        return bool(kinds) if self.hidden is None else bool(self.hidden & set(kinds))

    def secrets(self, world: World) -> tuple[str, ...]:
        """Return what no list may show: the markers, and the ids of what is hidden."""
        ids = world.victim.ids[self.department].items()
        return (
            *self.markers,
            *(str(each) for kind, each in ids if self.hidden is None or kind in self.hidden),
        )


CASES = {
    "another company": Case("other", "owner", "N1", ("甲密", "jiami")),
    "token of another company": Case("other", "owner", "N1", ("甲密", "jiami"), has_token=True),
    "another subsidiary": Case("victim", "hr_south", "N1", ("北密", "beimi"), frozenset(OF_SUBSIDIARIES)),
    "token of another subsidiary": Case(
        "victim", "hr_south", "N1", ("北密", "beimi"), frozenset(OF_SUBSIDIARIES), has_token=True
    ),
    "another department": Case(
        "victim", "head", "S2", ("北密", "beimi", "丁密", "dingmi"), frozenset(OF_PEOPLE)
    ),
    "a colleague": Case(
        "victim", "employee", "S2", ("北密", "beimi", "丁密", "dingmi"), frozenset(OF_PEOPLE)
    ),
}


@pytest.fixture(params=CASES, ids=lambda name: name.replace(" ", "-"))
def case(request) -> Case:
    return CASES[request.param]


def skip_pages_for_tokens(case: Case, route: Route) -> None:
    if case.has_token and not route.pattern.startswith("api/"):
        pytest.skip("tokens are for the API")


def shown(answer, markers: tuple[str, ...]) -> list[str]:
    text = text_of(answer)
    return [marker for marker in markers if marker in text]


def shown_beyond(answer, link: str, markers: tuple[str, ...]) -> list[str]:
    text = text_of(answer)
    for asked in parse_qs(urlsplit(link).query).get("q", ()):
        text = text.replace(asked, "")
    return [marker for marker in markers if marker in text]


# --- What is there to see ---------------------------------------------------------------------------------------


# Answers of figures, states and ids only.
WITHOUT_MARKER = {
    "dataimport:batch_progress", "reviews:cycle_job", "jobs:run_progress", "list_issues", "get_observation", "get_goal",
    "get_punch",
    "get_progress",
} | united("WITHOUT_MARKER")  # fmt: skip


@pytest.mark.parametrize("route", WITH_IDS, ids=str)
def test_its_own_owner_sees_it(world, route):
    client = sign_in(world.victim, "owner")
    answer = client.get(addresses(route, world.victim, "N1")[0] + QUERIES.get(route.name, ""))
    if answer.status_code == 405:
        pytest.skip("only takes POST")
    assert answer.status_code in (200, 302)
    if answer.status_code == 200 and route.name not in WITHOUT_MARKER:
        assert shown(answer, world.victim.markers)


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_its_own_owner_sees_the_list(world, route):
    client = sign_in(world.victim, "owner")
    answer = client.get(f"/{route.pattern}")
    assert answer.status_code in (200, 405)


# --- Reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", WITH_IDS, ids=str)
def test_ids_of_others_are_not_there(world, case, route):
    skip_pages_for_tokens(case, route)
    client = case.client(world)
    for address in addresses(route, world.victim, case.department):
        answer = client.get(address + QUERIES.get(route.name, ""))
        assert not shown(answer, case.markers)
        assert answer.status_code < 500
        if case.hides(route):
            assert answer.status_code in REFUSALS, text_of(answer)[-300:]


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_lists_and_exports_leave_others_out(world, case, route):
    skip_pages_for_tokens(case, route)
    client = case.client(world)
    for query in ("", "?export=xlsx", "?export=csv", "?q=员工", "?limit=200"):
        answer = client.get(f"/{route.pattern}{query}")
        assert answer.status_code in (200, 403, 404, 405)
        assert not shown(answer, case.secrets(world))


@pytest.mark.parametrize("route", [each for each in OPERATIONS if each.method == "GET"], ids=str)
def test_queries_by_ids_of_others_find_nothing(world, case, route):
    client = case.client(world)
    ids = world.victim.ids_of(case.department)
    for parameter in operation_of(route).get("parameters", []):
        name = parameter["name"]
        if parameter["in"] == "query" and "uuid" in str(parameter["schema"]):
            assert name in FIELD_KINDS, f"which kind of thing is {name}?"
            answer = client.get(f"/{route.pattern}?{name}={ids[FIELD_KINDS[name]]}")
            assert answer.status_code in (200, 403, 404)
            assert not shown(answer, case.markers)


def test_links_of_others_lead_nowhere(world, case):
    """What the victim's own pages link to, such as filters by its ids."""
    if case.has_token:
        pytest.skip("tokens are for the API")
    owner, client = sign_in(world.victim, "owner"), case.client(world)
    addresses_ = [f"/{route.pattern}" for route in LISTS]
    addresses_ += [addresses(route, world.victim, case.department)[0] for route in PAGES if kinds_in(route)]
    links = links_of(
        text_of(owner.get(address)) for address in addresses_ if not address.startswith("/api/v1/")
    )
    assert len(links) > 50
    # A page says what was searched for: only what it says beyond that is a leak.
    leaks = [link for link in links if shown_beyond(client.get(link), link, case.markers)]
    assert leaks == []


# --- Writing ----------------------------------------------------------------------------------------------------

# What changes by itself when somebody of the same company asks for anything.
BY_ASKING = {
    "audit_auditentry", "audit_auditpayload", "audit_audithead", "web_requestcount", "web_idempotentrequest",
    "access_apitoken",
}  # fmt: skip


def state_of(company: Company, leave_out: set[str] = frozenset()) -> dict[str, tuple[int, str]]:
    """Return count and digest of every table's rows of a company, read by the owner role."""
    tables = sorted({model._meta.db_table for model in TENANT_MODELS} - set(leave_out))
    parts = [
        f"SELECT '{table}', count(*), md5(string_agg(md5(t::text), '' ORDER BY t.id)) FROM {table} t "
        "WHERE tenant_id = %(tenant)s"
        for table in tables
    ]
    parts.append(
        "SELECT 'tenant', count(*), md5(string_agg(t::text, '')) FROM tenancy_tenant t WHERE id = %(tenant)s"
    )
    parts.append(
        "SELECT 'users', count(*), md5(string_agg(u.name || u.email || u.password, '' ORDER BY u.id)) FROM access_user u "
        "WHERE u.id IN (SELECT user_id FROM access_membership WHERE tenant_id = %(tenant)s)"
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"tenant": company.tenant.id})
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


@pytest.mark.parametrize("route", [route for route in WRITES if kinds_in(route)], ids=str)
def test_writing_to_what_is_not_theirs_changes_nothing(world, case, route):
    skip_pages_for_tokens(case, route)
    if not case.hides(route):
        pytest.skip("may be theirs to change")
    client = case.client(world)
    left_out = BY_ASKING if case.side == "victim" else set()
    for address in addresses(route, world.victim, case.department):
        forms = _bodies(world, route, address, case)
        before = state_of(world.victim, left_out)
        answer = _send(client, route, address, forms)
        assert state_of(world.victim, left_out) == before
        assert answer.status_code in REFUSALS, text_of(answer)[-300:]
        assert not shown(answer, case.markers)


def _bodies(world: World, route: Route, address: str, case: Case):
    if route.pattern.startswith("api/"):
        return body_of(route, world.victim.ids_of(case.department))
    page = text_of(sign_in(world.victim, "owner").get(address))
    return filled_form(page, world.victim.ids_of(case.department), f"{case.department}01"), None


def _send(client, route: Route, address: str, body):
    data, is_multipart = body
    if is_multipart is None:
        return client.post(address, data)
    send = getattr(client, route.method.lower())
    if is_multipart:
        file = SimpleUploadedFile("a.csv", data["file"])
        return send(address, {**data, "file": file})
    return send(address, data, content_type="application/json") if data is not None else send(address)


# Pages and operations that make something, with ids of others in what is sent.
MAKING_FOR_PEOPLE = {
    "people:person_hire", "people:org_unit_new", "goals:goal_set", "access:invitation_new", "hire_person", "add_goal",
    "invite_member",
}  # fmt: skip


@pytest.mark.parametrize("route", [route for route in WRITES if not route.arguments], ids=str)
def test_making_something_of_what_is_not_theirs_fails(world, case, route):
    skip_pages_for_tokens(case, route)
    if case.side == "victim" and route.name not in MAKING_FOR_PEOPLE:
        pytest.skip("names nothing that is hidden")
    left_out = BY_ASKING if case.side == "victim" else set()
    body = _bodies(world, route, f"/{route.pattern}", case)
    before = state_of(world.victim, left_out)
    answer = _send(case.client(world), route, f"/{route.pattern}", body)
    assert state_of(world.victim, left_out) == before
    assert answer.status_code < 500


# --- Jobs -------------------------------------------------------------------------------------------------------

JOB_KINDS = {"batch_id": "batch", "cycle_id": "cycle", "period_id": "period"}


@pytest.mark.parametrize("definition", all_definitions(), ids=lambda each: each.kind)
@pytest.mark.parametrize("state", ["usual", "other"])
def test_a_job_with_ids_of_others_finds_nothing(world, definition, state):
    names = list(inspect.signature(definition.function).parameters)[1:]
    required = [name for name in names if name.endswith("_id")]
    ids = world.victim.ids_of("N1")
    if state == "other":
        ids = ids | {"batch": ids["open_batch"], "cycle": ids["open_cycle"]}
    params = {name: str(ids[JOB_KINDS[name]]) for name in required}
    before = state_of(world.victim)
    with tenant_context(world.other.tenant.id):
        job_id = start_job(world.other.actor("owner"), definition, **params)
    if params:
        with pytest.raises(JobFailed):
            run_job(world.other.tenant, job_id)
    else:
        run_job(world.other.tenant, job_id)
    with tenant_context(world.other.tenant.id):
        run = JobRun.objects.get(id=job_id)
    assert run.state == ("failed" if params else "done")
    assert "甲密" not in f"{run.error}{run.result}{run.progress_text}"
    assert state_of(world.victim) == before


def test_a_job_of_another_company_is_not_run(world):
    before = state_of(world.victim)
    for job_id in (world.victim.ids["all"]["job"], world.victim.ids["all"]["failed_job"]):
        execute(
            tenant_id=world.other.tenant.id, job_id=job_id, side=SameConnection(), should_stop=lambda: False
        )
    assert state_of(world.victim) == before
