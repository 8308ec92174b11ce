"""Defining metrics and looking at their values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.factories import actor_for, make_member
from tests.factories.loop import make_loop

from zhiheng.integrations.models import Record
from zhiheng.metrics.models import MetricVersion
from zhiheng.metrics.queries.definitions import (
    all_metrics,
    metric_for_actor,
    metrics_with_inputs,
    period_by_code,
    period_by_id,
)
from zhiheng.metrics.queries.observations import observation_for_actor, observations_for_actor
from zhiheng.metrics.queries.values import compute_values
from zhiheng.metrics.services.metrics import create_metric, redefine_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.reviews.services.cycles import close_cycle
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    return make_loop()


@pytest.fixture
def inside(loop):
    with tenant_context(loop.tenant.id):
        yield loop


def test_a_formula_of_metrics_is_computed_with_all_that_it_uses(inside):
    create_metric(actor=inside.actor, code="count", name="订单数", stream="orders", aggregate="count")
    create_metric(actor=inside.actor, code="average", name="均单", formula="收入÷订单数")
    infos = metrics_with_inputs(["average"])
    assert sorted(infos) == ["average", "count", "revenue"]
    definitions = {code: info.definition for code, info in infos.items()}
    people = [str(inside.ann.id), str(inside.cleo.id)]
    frame = compute_values(definitions, dt.date(2026, 1, 1), dt.date(2026, 4, 1), people)["average"]
    assert frame.select("value", "outcome").rows() == [(Decimal(75), "OK"), (None, "TARGET_ZERO")]


def test_redefining_keeps_the_old_version(inside):
    metric = all_metrics()["revenue"]
    options = {"actor": inside.actor, "metric_id": metric.id, "stream": "orders"}
    assert redefine_metric(**options, aggregate="sum", field="subtotal") == 1
    condition = [{"field": "customer_id", "op": "eq", "value": "C1"}]
    assert redefine_metric(**options, aggregate="sum", field="subtotal", filters=condition) == 2
    assert [each.filters for each in MetricVersion.objects.filter(metric_id=metric.id)] == [condition, []]
    definition = all_metrics()["revenue"].definition
    frame = compute_values(
        {"revenue": definition}, dt.date(2026, 1, 1), dt.date(2026, 4, 1), [str(inside.ann.id)]
    )
    assert frame["revenue"]["value"].to_list() == [Decimal(50)]


@pytest.mark.parametrize(
    ("definition", "field", "message"),
    [
        ({"stream": "none"}, "stream", "没有数据流「none」。"),
        ({"stream": "orders", "aggregate": "median"}, "aggregate", "请选择汇总方式。"),
        ({"stream": "orders", "aggregate": "sum", "field": "x"}, "field", "数据流「订单」没有字段「x」。"),
        (
            {"stream": "orders", "aggregate": "sum", "field": "customer_id"},
            "field",
            "字段「客户编号」不是数字，不能求和。",
        ),
        (
            {"stream": "orders", "aggregate": "count", "filters": [{"field": "x", "op": "eq", "value": 1}]},
            "filters",
            "筛选条件有误：{'field': 'x', 'op': 'eq', 'value': 1}",
        ),
        ({"formula": "收入×"}, "formula", "第 4 个字符：公式没有写完。"),
        ({"formula": "1+1"}, "formula", "公式里至少要用到一个指标。"),
    ],
)
def test_a_wrong_definition_is_refused_with_the_place(inside, definition, field, message):
    with pytest.raises(ValidationError) as caught:
        create_metric(actor=inside.actor, code="bad", name="坏", **definition)
    assert caught.value.message_dict == {field: [message]}


def test_a_circle_is_refused(inside):
    one = create_metric(actor=inside.actor, code="one", name="甲", formula="收入×2")
    create_metric(actor=inside.actor, code="two", name="乙", formula="甲×2")
    with pytest.raises(ValidationError, match="形成循环"):
        redefine_metric(actor=inside.actor, metric_id=one, formula="乙×2")


def test_unknown_codes_and_ids(inside):
    for find, key in (
        (metrics_with_inputs, ["none"]),
        (period_by_code, "none"),
        (period_by_id, inside.cycle_id),
    ):
        with pytest.raises(LookupError):
            find(key)
    with pytest.raises(Http404):
        metric_for_actor(inside.actor, inside.cycle_id)


def test_a_period_ends_after_it_begins(inside):
    with pytest.raises(ValidationError, match="结束日期必须晚于开始日期"):
        create_period(
            actor=inside.actor,
            code="x",
            name="x",
            period_from=dt.date(2026, 1, 1),
            period_to=dt.date(2026, 1, 1),
        )


def test_observations_lead_back_from_their_records(loop, client):
    with tenant_context(loop.tenant.id):
        close_cycle(actor=loop.actor, cycle_id=loop.cycle_id)
        record = Record.objects.get(key="3")
        seen = observations_for_actor(loop.actor)
        assert seen.count() == 6
    bob = actor_for(make_member(loop.tenant, "employee", person=loop.bob), loop.tenant)
    with tenant_context(bob.tenant_id, bob.legal_entity_ids):
        assert {each.person_id for each in observations_for_actor(bob)} == {loop.bob.id}
        with pytest.raises(Http404):
            observation_for_actor(bob, loop.cycle_id)
    client.force_login(make_member(loop.tenant, "hr"))
    part = client.get(f"/metrics/of-record/{record.id}/").content.decode()
    assert part.count("安安") == 2
    page = client.get(f"/records/{record.id}/")
    assert page.status_code == 200
    assert "/metrics/of-record/" in page.content.decode()


def test_pages(loop, client):
    client.force_login(make_member(loop.tenant, "hr"))
    with tenant_context(loop.tenant.id):
        metric = all_metrics()["revenue"]
    assert "收入" in client.get("/metrics/").content.decode()
    detail = client.get(f"/metrics/{metric.id}/?period=2026Q1").content.decode()
    assert "150" in detail
    assert client.get("/metrics/periods/").status_code == 200
    new = {
        "code": "avg",
        "name": "均值",
        "places": "2",
        "direction": "higher",
        "kind": "formula",
        "formula": "收入÷2",
    }
    assert client.post("/metrics/new/", {**new, "formula": "收入÷"}).status_code == 422
    assert client.post("/metrics/new/", new).status_code == 302
    assert "公式可用" in client.post("/metrics/formula/", {"formula": "收入÷2"}).content.decode()
    assert "第 4 个字符" in client.post("/metrics/formula/", {"formula": "收入÷"}).content.decode()
    with tenant_context(loop.tenant.id):
        average = all_metrics()["avg"]
    redefine = f"/metrics/{average.id}/redefine/"
    assert client.get(redefine).status_code == 200
    assert client.post(redefine, {**new, "formula": "收入÷"}).status_code == 422
    assert client.post(redefine, {**new, "formula": "收入÷4"}).status_code == 302
    period = {"code": "q2", "name": "二季度", "period_from": "2026-04-01", "last_on": "2026-06-30"}
    assert client.post("/metrics/periods/new/", {**period, "last_on": "2026-03-01"}).status_code == 422
    assert client.post("/metrics/periods/new/", period).status_code == 302


def test_operations(loop, client):
    client.force_login(make_member(loop.tenant, "hr"))
    assert {each["code"] for each in client.get("/api/v1/metrics").json()["items"]} == {
        "revenue",
        "new_customers",
    }
    with tenant_context(loop.tenant.id):
        metric = all_metrics()["revenue"]
    assert client.get(f"/api/v1/metrics/{metric.id}").json()["name"] == "收入"
    assert client.get("/api/v1/observations").json()["items"] == []
