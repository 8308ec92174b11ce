"""Calling every page and operation with ids of a company of the world, and reading what came back."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.http import HttpResponseBase
from django.test import Client
from tests.contracts.routes import Route
from tests.contracts.things import merged
from tests.contracts.world import Company

from zhiheng.web.api import api

# Argument of an address -> kind of thing. A new argument needs a line here, and the world needs such a thing.
KINDS = {
    "person_id": "person",
    "unit_id": "unit",
    "position_id": "position",
    "legal_entity_id": "legal_entity",
    "batch_id": "batch",
    "record_id": "record",
    "stream_id": "stream",
    "metric_id": "metric",
    "observation_id": "observation",
    "goal_id": "goal",
    "scorecard_id": "scorecard",
    "cycle_id": "cycle",
    "job_id": "job",
    "entry_id": "entry",
    "file_id": "file",
    "membership_id": "membership",
    "invitation_id": "invitation",
    "role_id": "role",
    "token_id": "token",
} | merged("KINDS")
# The same name for different things, by the beginning of the address.
KINDS_BELOW = {
    ("people/", "assignment_id"): "assignment",
    ("settings/", "assignment_id"): "role_assignment",
    ("api/v1/members/", "assignment_id"): "role_assignment",
} | merged("KINDS_BELOW")
WORDS = {
    ("imports/template/", "target"): "people.person",
    ("jobs/start/", "kind"): "audit.chain.verify",
    ("people/", "kind"): "phone",
} | merged("WORDS")
# Names of ids in bodies and queries, as far as they differ from those of addresses.
FIELD_KINDS = (
    KINDS
    | {
        "org_unit_id": "unit",
        "manager_id": "person",
        "period_id": "open_period",
        "within_legal_entity_id": "legal_entity",
        "within_org_unit_id": "unit",
        "parent_id": "unit",
        "subject_id": "person",
    }
    | merged("FIELD_KINDS")
)
# Things in another state have other code behind them.
OTHER_STATES = {"cycle": "open_cycle", "job": "failed_job", "batch": "open_batch"} | merged("OTHER_STATES")
_ARGUMENT = re.compile(r"<\w+:(\w+)>|\{(?:\w+:)?(\w+)\}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def kinds_in(route: Route) -> list[str]:
    """Return the kinds of things that the address of a route names; fails for an unknown argument."""
    return [kind for name in route.arguments if (kind := _kind(route, name))]


def _kind(route: Route, name: str) -> str | None:
    for (prefix, argument), kind in KINDS_BELOW.items():
        if name == argument and route.pattern.startswith(prefix):
            return kind
    if any(name == argument and route.pattern.startswith(prefix) for prefix, argument in WORDS):
        return None
    assert name in KINDS, f"{route}: which kind of thing is <{name}>? Say so in tests/contracts/calls.py"
    return KINDS[name]


def addresses(route: Route, company: Company, code: str) -> list[str]:
    """Return the addresses of a route with ids of a department, in each state that things can be in."""
    kinds = kinds_in(route)
    plain = [_address(route, company.ids_of(code))]
    if not set(kinds) & set(OTHER_STATES):
        return plain
    others = {kind: company.ids_of(code)[other] for kind, other in OTHER_STATES.items()}
    return [*plain, _address(route, company.ids_of(code) | others)]


def _address(route: Route, ids: dict[str, UUID]) -> str:
    def value(match: re.Match) -> str:
        name = match[1] or match[2]
        kind = _kind(route, name)
        if kind:
            return str(ids[kind])
        return next(
            word
            for (prefix, argument), word in WORDS.items()
            if name == argument and route.pattern.startswith(prefix)
        )

    return "/" + _ARGUMENT.sub(value, route.pattern)


@functools.cache
def sign_in(company: Company, role: str) -> Client:
    """Return a browser of one of the company's users; the same one for all tests."""
    client = Client(raise_request_exception=False)
    client.force_login(company.users[role])
    return client


def with_token(company: Company, role: str) -> Client:
    """Return a program with an API token of one of the company's users."""
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {company.tokens[role]}"})


def text_of(answer: HttpResponseBase) -> str:
    """Return all that an answer says: headers, decoded escapes, and the sheets of a workbook."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(parts.read(name) for name in parts.namelist())
    text = unescape(body.decode("utf-8", "replace"))
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return "\n".join([*(unquote(str(value)) for value in answer.headers.values()), text])


# --- Bodies -----------------------------------------------------------------------------------------------------


@functools.cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document; made once, which takes a second."""
    return api.get_openapi_schema()


def operation_of(route: Route) -> dict[str, Any]:
    """Return what the OpenAPI document says of an operation."""
    path = "/" + re.sub(r"\{\w+:(\w+)\}", r"{\1}", route.pattern)
    return document()["paths"][path][route.method.lower()]


def body_of(route: Route, ids: dict[str, UUID]) -> tuple[Any, bool]:
    """Return a body that an operation accepts, full of the ids given, and whether it is a form with a file."""
    content = operation_of(route).get("requestBody", {}).get("content", {})
    if not content:
        return None, False
    kind, declared = next(iter(content.items()))
    return sample(declared["schema"], "", ids), kind.startswith("multipart")


def sample(schema: dict[str, Any], name: str, ids: dict[str, UUID]) -> Any:
    """Return a value that fits a JSON schema; ids by the names of their fields."""
    if "$ref" in schema:
        return sample(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name, ids)
    if "anyOf" in schema:
        return sample(next(each for each in schema["anyOf"] if each.get("type") != "null"), name, ids)
    if "allOf" in schema:
        return sample(schema["allOf"][0], name, ids)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "uuid":
        return str(ids[FIELD_KINDS[name]])
    if schema.get("type") == "object":
        return {each: sample(part, each, ids) for each, part in schema.get("properties", {}).items()}
    if "prefixItems" in schema:
        return [sample(part, name, ids) for part in schema["prefixItems"]]
    if schema.get("type") == "array":
        return [sample(schema["items"], name, ids)]
    return _plain(schema, name)


_WORDS = {
    "code": "revenue", "metric_code": "revenue", "role": "employee", "target": "people.person", "stream": "orders",
    "field": "amount", "aggregate": "sum", "email": "new@example.com", "formula": "1", "country": "CN",
    "currency": "CNY", "employee_number": "S101", "reason": "为了测试",
} | merged("BODY_WORDS")  # fmt: skip


def _plain(schema: dict[str, Any], name: str) -> Any:
    by_format = {"date": "2026-05-01", "date-time": "2030-01-01T00:00:00Z", "binary": b"a,b\n1,2\n"}
    if schema.get("format") in by_format:
        return by_format[schema["format"]]
    by_type = {"integer": max(int(schema.get("minimum", 1)), 1), "number": 1, "boolean": True}
    return by_type.get(schema.get("type"), _WORDS.get(name, "文字"))


# --- Forms ------------------------------------------------------------------------------------------------------

_FIELD = re.compile(r"<(input|select|textarea)\b([^>]*)>(.*?)(?=<(?:input|select|textarea)\b|</form>)", re.S)
_NAME, _VALUE = re.compile(r'\bname="([^"]+)"'), re.compile(r'\bvalue="([^"]*)"')
_OPTION = re.compile(r"<option\b([^>]*)>", re.S)
_TYPE = re.compile(r'\btype="(\w+)"')
_BY_TYPE = {"date": "2026-05-01", "number": "1", "email": "new@example.com"}


def filled_form(page: str, ids: dict[str, UUID], number: str) -> dict[str, list[str]]:
    """Return all fields of a page's forms, filled: options among ``ids``, else the chosen one; texts as they are.

    ``number`` is what goes into empty text fields, as some ask for an employee number.
    """
    data: dict[str, list[str]] = {}
    for tag, attributes, rest in _FIELD.findall(page):
        name = _NAME.search(attributes)
        if not name or name[1] == "csrfmiddlewaretoken":
            continue
        data.setdefault(unescape(name[1]), []).append(
            _filled(tag, attributes, rest, {str(each) for each in ids.values()}, number)
        )
    return data


def _filled(tag: str, attributes: str, rest: str, wanted: set[str], number: str) -> str:
    if tag == "select":
        options = [
            (unescape(match[1]), "selected" in each)
            for each in _OPTION.findall(rest)
            if (match := _VALUE.search(each))
        ]
        options = [(value, value in wanted, is_chosen) for value, is_chosen in options if value]
        return max(options, key=lambda each: each[1:])[0] if options else ""
    value = _VALUE.search(attributes)
    if value and value[1]:
        return unescape(value[1])
    kind = _TYPE.search(attributes)
    return _BY_TYPE.get(kind[1] if kind else "", number)


_LINK = re.compile(r'(?:href|action|hx-get|hx-post|data-url|src)="(/[^"#]*)"')


def links_of(pages: Iterable[str]) -> list[str]:
    """Return the addresses that pages link to, a few of each sort."""
    found: dict[str, list[str]] = {}
    for page in pages:
        for link in _LINK.findall(page):
            sort = re.sub(r"[0-9a-f-]{36}", "*", unescape(link))
            if not sort.startswith(("/static/", "/accounts/", "/theme/", "/language/")):
                known = found.setdefault(sort, [])
                if unescape(link) not in known and len(known) < 3:
                    known.append(unescape(link))
    return [link for links in found.values() for link in links]
