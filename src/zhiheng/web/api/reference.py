"""The API reference page, rendered from the OpenAPI document: no scripts, works under the strict CSP."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhiheng.access.http import signed_in
from zhiheng.access.permissions import Permission
from zhiheng.web.api import api


@dataclass(frozen=True)
class Operation:
    """An operation as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    permission: str
    parameters: tuple[tuple[str, str, str, bool], ...]  # name, where, type, is required
    body: tuple[tuple[str, str, bool], ...]  # name, type, is required


def permissions_by_operation() -> dict[str, Permission | str]:
    """Return what each operation needs, by its id in the OpenAPI document."""
    found = {}
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                name = operation.operation_id or api.get_openapi_operation_id(operation)
                found[name] = getattr(operation.view_func, "permission", "")
    return found


def _type_name(schema: dict) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type_name(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_type_name(schema.get('items', {}))}[]"
    return schema.get("format") or schema.get("type", "")


def _body(operation: dict, schemas: dict) -> tuple[tuple[str, str, bool], ...]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = next(iter(content.values()), {}).get("schema", {})
    if "$ref" in schema:
        schema = schemas.get(_type_name(schema), {})
    required = schema.get("required", [])
    return tuple(
        (name, _type_name(each), name in required) for name, each in schema.get("properties", {}).items()
    )


def operations_by_tag() -> dict[str, list[Operation]]:
    """Return every operation of the API, grouped by tag."""
    document = api.get_openapi_schema()
    needed = permissions_by_operation()
    schemas = document.get("components", {}).get("schemas", {})
    groups: dict[str, list[Operation]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, each in methods.items():
            permission = needed.get(each["operationId"], "")
            groups[(each.get("tags") or ["…"])[0]].append(
                Operation(
                    method=method.upper(),
                    path=path,
                    summary=each.get("summary", ""),
                    description=each.get("description", ""),
                    permission=getattr(permission, "code", permission),
                    parameters=tuple(
                        (
                            one["name"],
                            one["in"],
                            _type_name(one.get("schema", {})),
                            one.get("required", False),
                        )
                        for one in each.get("parameters", [])
                    ),
                    body=_body(each, schemas),
                )
            )
    return dict(groups)


@signed_in
def reference(request: HttpRequest) -> HttpResponse:
    """Show the API reference."""
    return render(request, "web/api_reference.html", {"groups": operations_by_tag()})
