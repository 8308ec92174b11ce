"""A small company in the middle of its quarter: two subsidiaries, orders, goals, a scorecard, a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from tests.factories.access import system_actor
from tests.factories.performance import add_orders, make_orders_stream, make_quarter, make_worker
from tests.factories.tenancy import make_legal_entity, make_org_unit, make_tenant

from zhiheng.access.actor import Actor
from zhiheng.goals.services.goals import set_target
from zhiheng.integrations.queries.streams import StreamInfo
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.people.models import Person
from zhiheng.reviews.services.cycles import open_cycle
from zhiheng.reviews.services.scorecards import create_scorecard
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit, Tenant

INPUTS = (
    {"name": "收入", "source": "metric", "code": "revenue"},
    {"name": "目标", "source": "goal", "code": "revenue"},
    {"name": "新客户", "source": "metric", "code": "new_customers"},
)
DERIVED = ({"name": "达成率", "formula": "收入÷目标"},)
FORMULA = "达成率×80% + 新客户×10%"


@dataclass(frozen=True)
class Loop:
    """The company; ``north`` and ``south`` are departments of different subsidiaries."""

    tenant: Tenant
    actor: Actor
    north: OrgUnit
    south: OrgUnit
    ann: Person
    bob: Person
    cleo: Person
    stream: StreamInfo
    period_id: UUID
    scorecard_id: UUID
    cycle_id: UUID


def make_loop(name: str = "环路公司") -> Loop:
    """Ann (north) 150 of 100 with one new customer, Bob (south) 40 of 80, Cleo (south) has a target of zero."""
    tenant = make_tenant(name)
    actor = system_actor(tenant)
    north = make_org_unit(make_legal_entity(tenant, "北方公司"), "北方销售")
    south = make_org_unit(make_legal_entity(tenant, "南方公司"), "南方销售")
    ann, bob, cleo = make_worker(north, "安安"), make_worker(south, "白白"), make_worker(south, "陈晨")
    with tenant_context(tenant.id):
        stream = make_orders_stream(actor)
        add_orders(
            stream,
            [
                ("1", "2025-12-31", "C1", bob, "999"),
                ("2", "2026-01-05", "C1", ann, "50"),
                ("3", "2026-02-01", "C2", ann, "100"),
                ("4", "2026-03-31", "C2", bob, "40"),
            ],
        )
        period_id = make_quarter(actor)
        create_metric(
            actor=actor, code="revenue", name="收入", name_en="Revenue", unit="CNY", stream="orders",
            aggregate="sum", field="subtotal",
        )  # fmt: skip
        create_metric(
            actor=actor, code="new_customers", name="新客户", name_en="New customers", places=0,
            stream="orders", aggregate="count_first", field="customer_id",
        )  # fmt: skip
        for person, target in ((ann, 100), (bob, 80), (cleo, 0)):
            set_target(
                actor=actor, person_id=person.id, metric_code="revenue", period_id=period_id,
                target=Decimal(target),
            )  # fmt: skip
        scorecard_id = create_scorecard(
            actor=actor, code="sales", name="销售评分卡", name_en="Sales", formula=FORMULA, inputs=INPUTS,
            derived=DERIVED,
        )  # fmt: skip
        cycle_id = open_cycle(actor=actor, period_id=period_id, scorecard_id=scorecard_id)
    return Loop(tenant, actor, north, south, ann, bob, cleo, stream, period_id, scorecard_id, cycle_id)
