"""The main pages on a company of 1,000 employees: server time, queries, and what row-level security adds."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import time
from contextlib import contextmanager

from bench._database import scratch_database
from bench._measure import reference_ms, report

PEOPLE, UNITS, ORDERS, ROUNDS = 1000, 40, 20_000, 40
P50_LIMIT, P95_LIMIT, MOST_QUERIES = 30.0, 100.0, 15
QUARTERS = [dt.date(2025, month, 1) for month in (1, 4, 7, 10)] + [
    dt.date(2026, month, 1) for month in (1, 4, 7, 10)
]
FIELDS = (
    {"name": "order_id", "label": "订单号", "kind": "text"},
    {"name": "order_date", "label": "下单日期", "kind": "date"},
    {"name": "customer", "label": "客户", "kind": "text"},
    {"name": "seller", "label": "销售员工号", "kind": "text"},
    {"name": "amount", "label": "订单金额", "kind": "decimal", "places": 2},
)


class Company:
    """A company filled by importer and services; everything belongs to what somebody would really have."""

    def __init__(self) -> None:
        from zhiheng.access.actor import system_actor
        from zhiheng.access.models import User
        from zhiheng.access.public import sign_up_company

        tenant = sign_up_company(company_name="千人公司", name="业主", email="o@example.com", password=None)
        self.tenant_id, self.actor = tenant.id, system_actor(tenant.id)
        self.owner = User.objects.get(email="o@example.com")
        self.chance = random.Random(47)
        for step in (self._add_people, self._define, self._add_facts, self._review):
            with self.context():
                step()

    def context(self):
        """Return the tenant's context."""
        from zhiheng.tenancy.context import tenant_context

        return tenant_context(self.tenant_id)

    def _import(self, target: str, *lines: str) -> None:
        from zhiheng.dataimport.public import import_file, issue_text

        done = import_file(self.actor, target, name=f"{target}.csv", content="\n".join(lines).encode())
        if done.state != "committed":
            raise RuntimeError([issue_text(each) for each in done.issues[:3]])

    def _add_people(self) -> None:
        units = [
            f"U{number:02},部门{number},{'' if number == 0 else f'U{(number - 1) // 4:02}'}"
            for number in range(UNITS)
        ]
        self._import(
            "people.org_unit", "部门编码,部门名称,上级部门编码,法人实体", *(f"{unit},HQ" for unit in units)
        )
        people = [
            f"E{number:04},{self.chance.choice('王李张刘陈杨黄赵')}{self.chance.choice('伟芳娜敏静强磊军')}{number},"
            f"U{number % UNITS:02},岗位{number % 25},20{10 + number % 14}-03-01,E{number // 12:04}"
            for number in range(1, PEOPLE + 1)
        ]
        people[0] = people[0].rpartition(",")[0] + ","
        people = [line.replace(",E0000", ",") for line in people]
        self._import("people.person", "工号,姓名,部门,职位,入职日期,直属上级工号", *people)

    def _define(self) -> None:
        from zhiheng.integrations.services.streams import create_source, create_stream
        from zhiheng.metrics.services.metrics import create_metric
        from zhiheng.metrics.services.periods import create_period

        source = create_source(actor=self.actor, code="erp", name="ERP", kind="erp")
        create_stream(
            actor=self.actor, source_id=source, code="orders", name="订单", fields=FIELDS,
            key_fields=["order_id"], occurred_field="order_date", subject_field="seller",
        )  # fmt: skip
        for since, until in zip(QUARTERS, [*QUARTERS[1:], dt.date(2027, 1, 1)], strict=True):
            code = f"{since.year}Q{since.month // 3 + 1}"
            create_period(actor=self.actor, code=code, name=code, period_from=since, period_to=until)
        create_metric(
            actor=self.actor, code="revenue", name="收入", unit="CNY", stream="orders", aggregate="sum",
            field="amount",
        )  # fmt: skip
        create_metric(
            actor=self.actor, code="customers", name="新客户", places=0, stream="orders",
            aggregate="count_first", field="customer",
        )  # fmt: skip

    def _add_facts(self) -> None:
        first, days = QUARTERS[0], 690
        orders = [
            f"{number},{first + dt.timedelta(days=number * days // ORDERS)},C{self.chance.randrange(3000)},"
            f"E{self.chance.randrange(1, PEOPLE + 1):04},{self.chance.randrange(100, 9999)}.50"
            for number in range(ORDERS)
        ]
        self._import("integrations.record:orders", "订单号,下单日期,客户,销售员工号,订单金额", *orders)
        goals = [f"E{number:04},{QUARTERS[-1]},{9000 + number}" for number in range(1, PEOPLE + 1)]
        goals += [f"E{number:04},{QUARTERS[-2]},{9000 + number}" for number in range(1, PEOPLE + 1)]
        self._import("goals.goal:revenue", "工号,期间开始日期,目标值", *goals)

    def _review(self) -> None:
        from zhiheng.metrics.public import period_by_code
        from zhiheng.metrics.services.live import refresh_live_values
        from zhiheng.reviews.services.cycles import close_cycle, open_cycle
        from zhiheng.reviews.services.scorecards import create_scorecard

        card = create_scorecard(
            actor=self.actor, code="sales", name="评分卡", formula="MIN(达成率, 120%)×80% + 新客户÷10×20%",
            inputs=(
                {"name": "收入", "source": "metric", "code": "revenue"},
                {"name": "新客户", "source": "metric", "code": "customers"},
                {"name": "目标", "source": "goal", "code": "revenue"},
            ),
            derived=({"name": "达成率", "formula": "收入÷目标"},),
        )  # fmt: skip
        opened = [
            open_cycle(actor=self.actor, period_id=period_by_code(code).id, scorecard_id=card)
            for code in ("2026Q3", "2026Q4")
        ]
        close_cycle(actor=self.actor, cycle_id=opened[0])
        refresh_live_values()
        self.closed, self.open = opened

    def pages(self) -> dict[str, tuple[str, bool]]:
        """Return the main pages: name -> address, and whether it is a list."""
        from zhiheng.goals.models import Goal
        from zhiheng.metrics.models import Metric
        from zhiheng.people.models import Person

        with self.context():
            person = Person.objects.get(employee_number="E0500").id
            goal = Goal.objects.get(person_id=person, period__code="2026Q4").id
            metric = Metric.objects.get(code="revenue").id
        return {
            "dashboard": ("/", False),
            "people": ("/people/", True),
            "people_search": ("/people/?q=张", True),
            "profile": (f"/people/{person}/", False),
            "org_chart": ("/people/org/", False),
            "records": ("/records/", True),
            "metrics": ("/metrics/", True),
            "metric": (f"/metrics/{metric}/", False),
            "goals": ("/goals/", True),
            "goal": (f"/goals/{goal}/", False),
            "cycles": ("/reviews/", True),
            "cycle_closed": (f"/reviews/{self.closed}/", True),
            "cycle_open": (f"/reviews/{self.open}/", True),
            "score_closed": (f"/reviews/{self.closed}/{person}/", False),
            "score_open": (f"/reviews/{self.open}/{person}/", False),
            "members": ("/settings/members/", True),
            "imports": ("/imports/", True),
            "jobs": ("/jobs/", True),
            "audit": ("/audit/", True),
            "search": ("/search/?q=张", True),
        }


@contextmanager
def connected_as(alias: str):
    """Serve requests as the application's role, or as the owner, whom no policy binds."""
    from django.db import connections

    default = connections["default"]
    usual = default.settings_dict.copy()
    default.close()
    for name in ("USER", "PASSWORD"):
        default.settings_dict[name] = (
            connections[alias].settings_dict[name] if alias != "default" else usual[name]
        )
    try:
        yield
    finally:
        default.close()
        default.settings_dict.update(usual)


def times_of(client, address: str, rounds: int) -> list[float]:
    """Return the milliseconds of some requests, after two to warm up."""
    taken = []
    for number in range(rounds + 2):
        started = time.perf_counter()
        answer = client.get(address)
        if number >= 2:
            taken.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return taken


def queries_of(client, address: str) -> int:
    """Return how many queries a page takes, transaction control aside."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
    return sum(not each["sql"].upper().startswith(control) for each in captured.captured_queries)


def measure(client, name: str, address: str, is_list: bool, rounds: int) -> tuple[float, list[float]]:
    """Print a page's line; return the ratio of its time to that without row security, and its times."""
    taken: dict[str, list[float]] = {"default": [], "owner": []}
    for _turn in range(4):  # by turns, so that both see the same machine
        for alias, times in taken.items():
            with connected_as(alias):
                times += times_of(client, address, rounds // 4)
    queries = queries_of(client, address)
    p50, p95 = statistics.median(taken["default"]), statistics.quantiles(taken["default"], n=20)[-1]
    ratio = statistics.median(taken["default"]) / statistics.median(taken["owner"])
    is_ok = p50 < P50_LIMIT and p95 < P95_LIMIT and (not is_list or queries <= MOST_QUERIES)
    report(
        "pages", page=name, people=PEOPLE, p50_ms=round(p50, 1), p95_ms=round(p95, 1), queries=queries,
        best_ms=round(min(taken["default"]), 1), rls_ratio=round(ratio, 3), ok=is_ok,
    )  # fmt: skip
    return ratio, taken["default"]


def main() -> None:
    """Print one line a page, and one for row security over all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="the name of one page")
    given = parser.parse_args()
    with scratch_database():
        from django.db import connections
        from django.test import Client

        import zhiheng.config.wsgi  # noqa: F401 - sets the process up as the server's

        company = Company()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "ANALYZE"
            )  # as autovacuum does within a minute; pages are measured as they are from then on
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(company.owner)
        measured = [
            measure(client, name, address, is_list, given.rounds)
            for name, (address, is_list) in company.pages().items()
            if given.only in ("", name)
        ]
        overhead = statistics.median(ratio for ratio, _times in measured) - 1
        pooled = [each for _ratio, times in measured for each in times]
        report(
            "pages", page="all", p50_ms=round(statistics.median(pooled), 1),
            p95_ms=round(statistics.quantiles(pooled, n=20)[-1], 1), rls_overhead=round(overhead, 3),
            reference_ms=round(reference_ms(), 1), ok=overhead < 0.1,
        )  # fmt: skip


if __name__ == "__main__":
    main()
