"""Negotiating a target: from the past of the data to what both sides signed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from tests.factories import actor_for, make_legal_entity, make_member, make_org_unit, make_tenant
from tests.factories.jobs import run_job
from tests.factories.performance import add_orders, make_orders_stream, make_worker

from zhiheng.access.actor import system_actor
from zhiheng.access.errors import Forbidden
from zhiheng.goals.models import Goal, GoalRevision, Negotiation, TargetProposal
from zhiheng.goals.queries.negotiations import (
    evidence_data,
    evidence_from,
    evidence_of_people,
    negotiations_for_actor,
    waits_for,
)
from zhiheng.goals.services.goals import set_target
from zhiheng.goals.services.negotiations import (
    Offer,
    accept_target,
    cancel_negotiation,
    impose_target,
    open_negotiation,
    open_negotiations,
    propose_target,
)
from zhiheng.jobs.models import JobRun
from zhiheng.metrics.queries.definitions import period_by_id
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
SALES = (100, 110, 90, 100, 105, 95, 100, 110, 90, 100, 105, 95)
"""Of the twelve months of 2025."""


class House:
    """A company with a year of sales: a salesperson, a newcomer, a head of their department, and HR."""

    def __init__(self) -> None:
        self.tenant = make_tenant()
        self.unit = make_org_unit(make_legal_entity(self.tenant))
        self.zhang, self.new = make_worker(self.unit, "张三", "E1"), make_worker(self.unit, "新人", "E2")
        self.head = make_worker(self.unit, "主管", "E9")
        self.system = system_actor(self.tenant.id)
        with tenant_context(self.tenant.id):
            stream = make_orders_stream(self.system)
            create_metric(
                actor=self.system, code="revenue", name="收入", unit="CNY", stream="orders", aggregate="sum",
                field="subtotal",
            )  # fmt: skip
            create_metric(actor=self.system, code="double", name="翻倍", formula="[收入] * 2")
            orders = [(f"A{n}", f"2025-{n + 1:02}-10", "C1", self.zhang, str(v)) for n, v in enumerate(SALES)]
            orders += [("B1", "2025-11-10", "C2", self.new, "50"), ("B2", "2026-01-05", "C2", self.new, "7")]
            add_orders(stream, orders)
            self.period_id = create_period(
                actor=self.system, code="2026-01", name="2026 年 1 月", period_from=dt.date(2026, 1, 1),
                period_to=dt.date(2026, 2, 1),
            )  # fmt: skip
        self.users = {
            "hr": make_member(self.tenant, role="hr"),
            "head": make_member(self.tenant, role="department_head", person=self.head),
            "zhang": make_member(self.tenant, role="employee", person=self.zhang),
            "new": make_member(self.tenant, role="employee", person=self.new),
        }

    def actor(self, who: str):
        return actor_for(self.users[who], self.tenant)

    def open(self, who: str = "hr", person=None, **more: object):
        what = {"metric_code": "revenue", "period_id": self.period_id, **more}
        return open_negotiation(actor=self.actor(who), person_id=(person or self.zhang).id, **what)

    def client(self, who: str) -> Client:
        client = Client()
        client.force_login(self.users[who])
        return client


@pytest.fixture
def house():
    found = House()
    with tenant_context(found.tenant.id):
        yield found


def offer(target: object, reason: str = "市场回暖") -> Offer:
    return Offer(Decimal(str(target)), reason)


def test_the_evidence_is_the_past_that_data_cover(house):
    found = evidence_of_people("revenue", period_by_id(house.period_id))
    mine = found[house.zhang.id]
    assert [value for *_days, value in mine.past] == [Decimal(each) for each in SALES]
    assert mine.past[0][:2] == (dt.date(2025, 1, 1), dt.date(2025, 2, 1))
    assert (mine.calibration.p50, mine.last) == (Decimal("100.05"), Decimal(95))
    assert evidence_from(evidence_data(mine)) == mine
    new = found[house.new.id]
    assert [value for *_days, value in new.past] == [Decimal(50), Decimal(0)]
    assert new.calibration is None
    assert evidence_from(evidence_data(new)) == new


def test_a_formula_is_calibrated_as_well(house):
    found = evidence_of_people("double", period_by_id(house.period_id))[house.zhang.id]
    assert found.calibration.p50 == Decimal("200.11")


def test_both_sides_sign_and_the_target_says_so(house):
    made = house.open(offer=offer(130, "集团要求"))
    hr, zhang = house.actor("hr"), house.actor("zhang")
    assert TargetProposal.objects.get().probability == Decimal("0.05")
    waiting = negotiations_for_actor(zhang).get()
    assert (waits_for(waiting), waiting.target) == ("employee", 130)
    with pytest.raises(ValidationError, match="本方提出"):
        accept_target(actor=hr, negotiation_id=made)
    propose_target(actor=zhang, negotiation_id=made, offer=offer(105, "客户转化周期 30 天"))
    goal = Goal.objects.get(id=accept_target(actor=hr, negotiation_id=made))
    assert (goal.target, goal.basis, goal.person) == (105, "agreed", house.zhang)
    revision = GoalRevision.objects.get(goal=goal)
    assert (revision.basis, revision.negotiation_id, revision.set_by) == ("agreed", made, hr.name)
    closed = negotiations_for_actor(zhang).get()
    assert (closed.state, closed.closed_by, waits_for(closed)) == ("agreed", hr.name, "")
    with pytest.raises(ValidationError, match="已经结束"):
        propose_target(actor=zhang, negotiation_id=made, offer=offer(1))


def test_the_same_number_set_again_takes_nothing_from_an_agreement(house):
    made = house.open(offer=offer(105))
    goal_id = accept_target(actor=house.actor("zhang"), negotiation_id=made)
    named = {"person_id": house.zhang.id, "metric_code": "revenue", "period_id": house.period_id}
    set_target(actor=house.actor("hr"), target=Decimal(105), **named)
    assert Goal.objects.get(id=goal_id).basis == "agreed"
    set_target(actor=house.actor("hr"), target=Decimal(120), **named)
    assert Goal.objects.get(id=goal_id).basis == "set"


def test_an_imposed_target_is_marked_so_and_needs_a_reason(house):
    made = house.open()
    head = house.actor("head")
    with pytest.raises(ValidationError, match="请先代表公司提出数字"):
        impose_target(actor=head, negotiation_id=made, reason="年度预算")
    propose_target(actor=head, negotiation_id=made, offer=offer(130))
    propose_target(actor=house.actor("zhang"), negotiation_id=made, offer=offer(100))
    with pytest.raises(ValidationError, match="写明理由"):
        impose_target(actor=head, negotiation_id=made, reason=" ")
    goal = Goal.objects.get(id=impose_target(actor=head, negotiation_id=made, reason="年度预算"))
    assert (goal.target, goal.basis) == (130, "imposed")
    assert Negotiation.objects.get().closing_reason == "年度预算"


def test_nobody_decides_for_the_company_about_oneself(house):
    made = house.open(person=house.head)
    head = house.actor("head")
    assert propose_target(actor=head, negotiation_id=made, offer=offer(1)).side == "employee"
    with pytest.raises(Forbidden):
        impose_target(actor=head, negotiation_id=made, reason="自己")
    with pytest.raises(Forbidden):
        cancel_negotiation(actor=house.actor("zhang"), negotiation_id=house.open())


def test_what_is_not_ones_own_is_not_there(house):
    made = house.open(offer=offer(100))
    with pytest.raises(Http404):
        accept_target(actor=house.actor("new"), negotiation_id=made)
    with pytest.raises(Forbidden):
        house.open("new")
    assert not negotiations_for_actor(house.actor("new")).exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Offer(Decimal(-1), "少"), "不能是负数"),
        (Offer(Decimal(1), " "), "请写明理由"),
        (Offer(Decimal(1), "测算", "machines", {"人数": "五"}), "产能测算没有结果"),
        (Offer(Decimal(1), "测算", "magic"), "产能测算没有结果"),
    ],
)
def test_offers_that_are_refused(house, given, said):
    made = house.open()
    with pytest.raises(ValidationError, match=said):
        propose_target(actor=house.actor("hr"), negotiation_id=made, offer=given)
    assert not TargetProposal.objects.exists()


def test_the_constraints_behind_a_number_stay_with_it(house):
    made = house.open()
    inputs = {"人数": "5", "人均日产量": "8", "工作日": "25", "设备故障率": "5%"}
    given = Offer(Decimal(950), "故障率 5%", "machines", inputs)
    assert propose_target(actor=house.actor("hr"), negotiation_id=made, offer=given).capacity == {
        "model": "machines", "inputs": inputs, "value": "950.0000",
    }  # fmt: skip


def test_one_negotiation_at_a_time(house):
    made = house.open()
    with pytest.raises(ValidationError, match="正在协商中"):
        house.open()
    cancel_negotiation(actor=house.actor("hr"), negotiation_id=made, reason="改为季度目标")
    assert house.open() != made


def test_what_cannot_be_negotiated(house):
    with pytest.raises(ValidationError, match="没有编码为「none」的指标"):
        house.open(metric_code="none")
    with pytest.raises(Http404):
        house.open(period_id=house.zhang.id)


def test_everybody_at_once(house):
    what = {"metric_code": "revenue", "period_id": house.period_id}
    assert open_negotiations(actor=house.actor("head"), from_median=True, **what) == 2
    assert TargetProposal.objects.get().target == 100  # of 100.05; the newcomer has no range to begin with
    assert open_negotiations(actor=house.actor("hr"), **what) == 0


# --- Pages ------------------------------------------------------------------------------------------------------


def test_the_room(house):
    hr, zhang = house.client("hr"), house.client("zhang")
    given = {"metric_code": "revenue", "period_id": str(house.period_id), "person_id": "E1"}
    page = hr.post(reverse("goals:negotiation_open"), given, follow=True)
    made = Negotiation.objects.get()
    text = page.content.decode()
    assert all(
        each in text for each in ("保守（九成把握）", "100.05", "近期水平", "其中本人 9 次", "产能测算")
    )
    room = reverse("goals:negotiation_detail", args=[made.id])
    worth = reverse("goals:probability", args=[made.id])
    assert "达成概率 50%" in hr.get(worth, {"target": "100.05"}).content.decode()
    assert "请输入不小于零的数字" in hr.get(worth, {"target": "x"}).content.decode()
    assert "输入数字" in hr.get(worth).content.decode()
    send = reverse("goals:propose", args=[made.id])
    refused = hr.post(send, {"target": "130", "reason": ""})
    assert refused.status_code == 422
    assert (
        "数字已提出" in hr.post(send, {"target": "130", "reason": "集团要求"}, follow=True).content.decode()
    )
    seen = zhang.get(room).content.decode()
    assert all(each in seen for each in ("集团要求", "同意并签字", "提出我的数字"))
    assert "单方下达" not in seen
    mine = zhang.get(reverse("goals:my_goals")).content.decode()
    assert "协商中" in mine
    capacity = zhang.get(room, {"model": "effective_time", "可达有效占比": "80%"}).content.decode()
    assert all(each in capacity for each in ('value="95"', "114", "按此数提出"))
    wrong = zhang.get(room, {"model": "machines", "人数": "五"}).content.decode()
    assert "请输入数字，可带千分位或百分号" in wrong
    inputs = {"上期实际": "95", "现有有效占比": "70%", "可达有效占比": "80%", "单位工时产出提升": "5%"}
    zhang.post(send, {"target": "114", "reason": "少开会", "model": "effective_time", **inputs})
    assert "可达有效占比 80%" in hr.get(room).content.decode()
    close = reverse("goals:negotiation_close", args=[made.id])
    assert "本方提出" in zhang.post(close, {"act": "accept"}, follow=True).content.decode()
    assert zhang.post(close, {"act": "explode"}).status_code == 404
    assert "双方已签字" in hr.post(close, {"act": "accept"}, follow=True).content.decode()
    goal = Goal.objects.get()
    assert "协商一致" in hr.get(reverse("goals:goal_detail", args=[goal.id])).content.decode()
    listed = hr.get(reverse("goals:negotiation_list")).content.decode()
    assert all(each in listed for each in ("张三", "已达成一致", "114"))


def test_opening_for_everybody_imposing_and_cancelling(house):
    hr = house.client("hr")
    given = {"metric_code": "revenue", "period_id": str(house.period_id), "from_median": "on"}
    page = hr.post(reverse("goals:negotiation_open"), given, follow=True)
    assert "正在后台发起" in page.content.decode()
    run = run_job(house.tenant, JobRun.objects.get().id)
    assert (run.state, run.result) == ("done", {"count": 2})
    refused = hr.post(reverse("goals:negotiation_open"), {**given, "person_id": "E1"})
    assert (refused.status_code, "正在协商中" in refused.content.decode()) == (422, True)
    unknown = hr.post(reverse("goals:negotiation_open"), {**given, "person_id": "E0"})
    assert "没有工号为「E0」的员工" in unknown.content.decode()
    first, second = Negotiation.objects.order_by("person__employee_number")
    close = reverse("goals:negotiation_close", args=[first.id])
    done = hr.post(close, {"act": "impose", "reason": "年度预算"}, follow=True).content.decode()
    assert "并标明未经员工签字" in done
    close = reverse("goals:negotiation_close", args=[second.id])
    assert "协商已取消" in hr.post(close, {"act": "cancel"}, follow=True).content.decode()
    short = hr.get(reverse("goals:negotiation_detail", args=[second.id])).content.decode()
    assert "给不出可信的区间" in short


# --- API --------------------------------------------------------------------------------------------------------


def test_operations(house):
    hr, zhang = house.client("hr"), house.client("zhang")

    def post(client: Client, path: str, body: dict | None = None):
        return client.post(f"/api/v1/negotiations{path}", body or {}, content_type="application/json")

    body = {"person_id": str(house.zhang.id), "metric_code": "revenue", "period_id": str(house.period_id)}
    made = post(hr, "", body)
    assert made.status_code == 201
    assert made.json()["range"] == {
        "p10": "87.34", "p50": "100.05", "p90": "109.36", "method": "level", "errors": 9, "own_errors": 9, "hits": 1,
        "tried": 1, "data_until": "2026-01-05",
    }  # fmt: skip
    one = f"/{made.json()['id']}"
    worth = hr.get(f"/api/v1/negotiations{one}/probability?target=100.05")
    assert worth.json() == {"target": "100.05", "probability": "0.5"}
    assert hr.get(f"/api/v1/negotiations{one}/probability?target=-1").status_code == 422
    capacity = {
        "model": "machines",
        "inputs": {"人数": "5", "人均日产量": "8", "工作日": "25", "设备故障率": "5%"},
    }
    offered = post(
        zhang, f"{one}/proposals", {"target": "950", "reason": "设备故障率 5%", "capacity": capacity}
    )
    assert (offered.status_code, offered.json()["side"], offered.json()["round"]) == (201, "employee", 1)
    assert post(zhang, f"{one}/accept").status_code == 422
    signed = post(hr, f"{one}/accept").json()
    assert (signed["state"], signed["proposals"][0]["capacity"]["value"]) == ("agreed", "950.0000")
    second = post(hr, "", {**body, "person_id": str(house.new.id)}).json()
    assert second["range"] is None
    assert post(hr, f"/{second['id']}/proposals", {"target": "9", "reason": "起步"}).status_code == 201
    imposed = post(hr, f"/{second['id']}/impose", {"reason": "年度预算"}).json()
    assert (imposed["state"], imposed["closing_reason"]) == ("imposed", "年度预算")
    third = post(hr, "", body).json()
    assert post(hr, f"/{third['id']}/cancel", {"reason": ""}).json()["state"] == "cancelled"
    assert len(hr.get("/api/v1/negotiations").json()["items"]) == 3
    assert len(zhang.get("/api/v1/negotiations?state=agreed").json()["items"]) == 1
    assert zhang.get(f"/api/v1/negotiations{one}").json()["id"] == made.json()["id"]
