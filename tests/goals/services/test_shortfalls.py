"""Why a goal was missed, from the records; and the right of reply."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from tests.factories import actor_for, make_legal_entity, make_member, make_org_unit, make_tenant
from tests.factories.performance import add_orders, make_orders_stream, make_worker

from zhiheng.access.actor import system_actor
from zhiheng.goals.models import Goal
from zhiheng.goals.queries.goals import goal_for_actor
from zhiheng.goals.queries.shortfalls import explained
from zhiheng.goals.services.goals import set_target
from zhiheng.goals.services.negotiations import Offer, impose_target, open_negotiation
from zhiheng.goals.services.replies import reply_to_goal
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 2, 20)


class House:
    """Five salespeople who sold 100 in each month of 2025; January brought everybody 80, one of them 50."""

    def __init__(self) -> None:
        self.tenant = make_tenant()
        unit = make_org_unit(make_legal_entity(self.tenant))
        self.people = [make_worker(unit, name, f"E{name}") for name in "甲乙丙丁戊"]
        self.system = system_actor(self.tenant.id)
        with tenant_context(self.tenant.id):
            self.stream = make_orders_stream(self.system)
            create_metric(
                actor=self.system,
                code="revenue",
                name="收入",
                stream="orders",
                aggregate="sum",
                field="subtotal",
            )
            orders = []
            for person in self.people:
                code = person.employee_number
                orders += [
                    (f"{code}-{n}", f"2025-{n:02}-10", "C", person, str(100 + n % 2)) for n in range(1, 13)
                ]
                orders.append(
                    (f"{code}-j", "2026-01-10", "C", person, "50" if person is self.people[0] else "80")
                )
                orders.append((f"{code}-f", "2026-02-10", "C", person, "1"))
            add_orders(self.stream, orders)
            self.period_id = create_period(
                actor=self.system, code="2026-01", name="一月", period_from=dt.date(2026, 1, 1),
                period_to=dt.date(2026, 2, 1),
            )  # fmt: skip
            self.goals = [self.set(person, 120) for person in self.people]

    def set(self, person, target: int) -> Goal:
        goal_id = set_target(
            actor=self.system, person_id=person.id, metric_code="revenue", period_id=self.period_id,
            target=Decimal(target),
        )  # fmt: skip
        return self.goal(goal_id)

    def goal(self, goal_id) -> Goal:
        return goal_for_actor(self.system, goal_id)


@pytest.fixture
def house():
    found = House()
    with tenant_context(found.tenant.id):
        yield found


def test_a_miss_is_split_by_the_records(house):
    found = explained(house.goals[0], TODAY)
    split = found.shortfall
    middle = found.evidence.calibration.p50
    assert Decimal(99) <= middle <= Decimal(101)
    assert split.total == 70
    assert split.target == 120 - middle
    assert split.others == pytest.approx(Decimal(80) / middle)
    assert split.execution == 30  # what the others sold more
    assert (split.data, split.main, split.is_usual, found.colleagues) == (0, "execution", False, 4)
    assert explained(house.goals[1], TODAY).shortfall.execution == 0


def test_nothing_to_explain(house):
    assert explained(house.goals[0], dt.date(2026, 1, 20)) is None  # the period runs
    assert explained(house.set(house.people[0], 50), TODAY) is None  # reached


def test_the_range_is_the_one_that_lay_on_the_table(house):
    made = open_negotiation(
        actor=house.system, person_id=house.people[0].id, metric_code="revenue", period_id=house.period_id,
        offer=Offer(Decimal(150), "集团要求"),
    )  # fmt: skip
    impose_target(actor=house.system, negotiation_id=made, reason="年度预算")
    goal = house.goal(house.goals[0].id)
    assert goal.basis == "imposed"
    assert explained(goal, TODAY).shortfall.target == 150 - explained(goal, TODAY).evidence.calibration.p50


def test_replies_stay_and_are_ones_own(house):
    first, other = house.people[:2]
    mine = actor_for(make_member(house.tenant, role="employee", person=first), house.tenant)
    assert reply_to_goal(actor=mine, goal_id=house.goals[0].id, text=" 客户推迟下单 ").text == "客户推迟下单"
    with pytest.raises(ValidationError, match="请写下说明"):
        reply_to_goal(actor=mine, goal_id=house.goals[0].id, text=" ")
    with pytest.raises(Http404):
        reply_to_goal(actor=mine, goal_id=house.goals[1].id, text="不是我的")
    assert other


def test_pages_and_operation(house, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    client = Client()
    client.force_login(make_member(house.tenant, role="hr"))
    goal = house.goals[0]
    part = reverse("goals:goal_shortfall", args=[goal.id])
    assert part in client.get(reverse("goals:goal_detail", args=[goal.id])).content.decode()
    page = client.get(part).content.decode()
    assert all(each in page for each in ("差距从何而来", "差 70", "主要是执行", "4 位同事"))
    said = client.post(reverse("goals:goal_reply", args=[goal.id]), {"text": "设备停机两周"}, follow=True)
    assert "说明已保存" in said.content.decode()
    assert "设备停机两周" in client.get(part).content.decode()
    empty = client.post(reverse("goals:goal_reply", args=[goal.id]), {"text": ""}, follow=True)
    assert "请写下说明" in empty.content.decode()
    answer = client.get(f"/api/v1/goals/{goal.id}/shortfall").json()
    assert (Decimal(answer["total"]), Decimal(answer["execution"]), answer["is_usual"]) == (70, 30, False)
    reached = house.set(house.people[1], 10)
    assert client.get(f"/api/v1/goals/{reached.id}/shortfall").json() is None
