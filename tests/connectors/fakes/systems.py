"""Systems of the catalogue, as their public documentation describes their answers; all data are invented.

Each is a class: `DATA` by stream (what a connector should bring), and a call that answers a request. They check the
credentials, page as the real ones do, and leave out what is older than what was asked for.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

from tests.connectors.fakes.server import Answer, Request

Rows = list[dict[str, Any]]


def _rows(count: int, **fields: Any) -> Rows:
    """Return rows numbered from 1; a field may be a function of the number."""
    return [
        {name: value(number) if callable(value) else value for name, value in fields.items()}
        for number in range(1, count + 1)
    ]


def _day(number: int) -> str:
    return str(dt.date(2025, 1, 1) + dt.timedelta(days=number))


class Redmine:
    """Redmine's REST API: pages of at most 100 by offset and limit; key in X-Redmine-API-Key."""

    SETTINGS = {"api_key": "0011223344556677"}
    KEYS = {"issues": "id", "time_entries": "id", "projects": "id"}

    def __init__(self) -> None:
        self.data = {
            "issues": _rows(
                205, id=int, subject=lambda n: f"任务 {n}", project={"id": 1, "name": "云杉"},
                status={"id": 5, "name": "已关闭"}, assigned_to={"id": 9, "name": "沈清"}, estimated_hours=6.5,
                updated_on=lambda n: f"{_day(n)}T08:00:00Z",
            ),
            "time_entries": _rows(3, id=int, hours=1.25, spent_on=_day, comments="评审"),
            "projects": _rows(2, id=int, name=lambda n: f"项目 {n}", identifier=lambda n: f"p{n}"),
        }  # fmt: skip

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("X-Redmine-Api-Key") != self.SETTINGS["api_key"]:
            return Answer(b"", 401)
        name = request.path.removeprefix("/").removesuffix(".json")
        since = request.query.get("updated_on", "").removeprefix(">=")
        rows = [each for each in self.data[name] if each.get("updated_on", "9") >= since]
        offset, limit = int(request.query.get("offset", 0)), min(int(request.query.get("limit", 25)), 100)
        page = rows[offset : offset + limit]
        return Answer({name: page, "total_count": len(rows), "offset": offset, "limit": limit})


class ERPNext:
    """Frappe's REST API: ``limit_start`` and ``limit_page_length``; ``Authorization: token KEY:SECRET``."""

    SETTINGS = {"api_key": "k1", "api_secret": "s1-secret"}
    KEYS = {"sales_orders": "name", "customers": "name", "work_orders": "name"}
    PATHS = {"Sales%20Order": "sales_orders", "Customer": "customers", "Work%20Order": "work_orders"}

    def __init__(self) -> None:
        stamp = {"modified": lambda n: f"{_day(n)} 09:30:00.123456"}
        self.data = {
            "sales_orders": _rows(
                405, name=lambda n: f"SAL-ORD-2026-{n:05}", customer="青禾客户", transaction_date=_day, docstatus=1,
                grand_total=lambda n: n * 12.5, **stamp,
            ),
            "customers": _rows(2, name=lambda n: f"CUST-{n}", customer_name="华东纺织"),
            "work_orders": _rows(3, name=lambda n: f"MFG-WO-{n}", production_item="法兰", produced_qty=120.0, **stamp),
        }  # fmt: skip

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("Authorization") != "token k1:s1-secret":
            return Answer({"exc_type": "AuthenticationError"}, 401)
        rows = self.data[self.PATHS[request.path.removeprefix("/api/resource/")]]
        for field, operator, value in json.loads(request.query.get("filters", "[]")):
            assert (field, operator) == ("modified", ">=")
            rows = [each for each in rows if each["modified"] >= value]
        start, length = int(request.query["limit_start"]), int(request.query["limit_page_length"])
        return Answer({"data": rows[start : start + length]})


class WooCommerce:
    """WooCommerce's REST API v3: numbered pages; basic authentication with consumer key and secret."""

    SETTINGS = {"consumer_key": "ck_1", "consumer_secret": "cs_secret"}
    KEYS = {"orders": "id", "customers": "id", "products": "id"}

    def __init__(self) -> None:
        self.data = {
            "orders": _rows(
                230, id=int, status="completed", currency="CNY", total=lambda n: f"{n}.50",
                line_items=[{"id": 1, "name": "茶叶", "quantity": 2}],
                date_modified_gmt=lambda n: f"{_day(n)}T10:00:00",
            ),
            "customers": _rows(1, id=int, email="buyer@example.com", first_name="王"),
            "products": _rows(2, id=int, name="茶叶", price="88.00"),
        }  # fmt: skip

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(b"ck_1:cs_secret").decode():
            return Answer({"code": "woocommerce_rest_cannot_view"}, 401)
        name = request.path.removeprefix("/wp-json/wc/v3/")
        since = request.query.get("modified_after", "")
        rows = [each for each in self.data[name] if each.get("date_modified_gmt", "9") >= since]
        page, size = int(request.query["page"]), int(request.query["per_page"])
        return Answer(rows[(page - 1) * size : page * size])


class GitLab:
    """GitLab's REST API v4: pages by the Link header; PRIVATE-TOKEN."""

    SETTINGS = {"token": "glpat-invented"}
    KEYS = {"issues": "id", "merge_requests": "id"}

    def __init__(self) -> None:
        row = {"title": "改进导入", "state": "closed", "updated_at": lambda n: f"{_day(n)}T11:00:00.000Z"}
        self.data = {"issues": _rows(210, id=int, iid=int, **row), "merge_requests": _rows(5, id=int, **row)}

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("Private-Token") != self.SETTINGS["token"]:
            return Answer({"message": "401 Unauthorized"}, 401)
        name = request.path.removeprefix("/api/v4/")
        rows = [each for each in self.data[name] if each["updated_at"] >= request.query["updated_after"]]
        page = int(request.query.get("page", 1))
        headers = {}
        if page * 100 < len(rows):
            query = f"updated_after={request.query['updated_after']}&page={page + 1}"
            host = request.headers["Host"]
            headers["Link"] = (
                f'<http://{host}{request.path}?{query}>; rel="next", <http://{host}/>; rel="first"'
            )
        return Answer(rows[(page - 1) * 100 : page * 100], headers=headers)


SYSTEMS = {"redmine": Redmine, "erpnext": ERPNext, "woocommerce": WooCommerce, "gitlab": GitLab}
