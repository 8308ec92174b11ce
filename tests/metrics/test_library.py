"""Ready-made metrics: taken into use with what they need."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.factories import make_legal_entity, make_member, make_org_unit, make_tenant
from tests.factories.performance import make_worker

from zhiheng.access.actor import system_actor
from zhiheng.integrations.public import Fact, canonical_streams, create_source, create_stream, put_records
from zhiheng.metrics.library import library
from zhiheng.metrics.models import Metric
from zhiheng.metrics.queries.definitions import metrics_with_inputs
from zhiheng.metrics.queries.library import library_for_actor
from zhiheng.metrics.queries.values import compute_values
from zhiheng.metrics.services.library import add_library_metrics
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


def declare(actor, *codes: str) -> None:
    source = create_source(actor=actor, code="erp", name="ERP", kind="erp")
    for code in codes:
        create_stream(actor=actor, source_id=source, code=code, **canonical_streams()[code].declaration)


def order(number: str, day, customer: str, amount: str) -> Fact:
    return Fact(
        {
            "order_no": number, "ordered_on": day, "salesperson": "E1", "customer": customer,
            "amount": Decimal(amount), "currency": "CNY", "status": "done",
        }
    )  # fmt: skip


def test_every_ready_made_metric_fits_the_standard_streams():
    tenant = make_tenant()
    with tenant_context(tenant.id):
        actor = system_actor(tenant.id)
        declare(actor, *canonical_streams())
        assert add_library_metrics(actor=actor, codes=library()) == len(library())
        assert add_library_metrics(actor=actor, codes=library()) == 0
        assert all(each.metric_id and not each.missing for each in library_for_actor(actor))


def test_a_formula_brings_its_inputs_under_the_names_they_have():
    tenant = make_tenant()
    make_worker(make_org_unit(make_legal_entity(tenant)), "张三", "E1")
    with tenant_context(tenant.id):
        actor = system_actor(tenant.id)
        declare(actor, "sales_orders")
        add_library_metrics(actor=actor, codes=["sales_amount"])
        Metric.objects.filter(code="sales_amount").update(name="营业额")
        assert add_library_metrics(actor=actor, codes=["average_order"]) == 2
        day = dt.date(2026, 3, 2)
        put_records(
            stream_code="sales_orders", facts=[order("1", day, "甲", "10"), order("2", day, "乙", "5")]
        )
        infos = metrics_with_inputs(["average_order"])
        frames = compute_values(
            {code: each.definition for code, each in infos.items()}, dt.date(2026, 1, 1), dt.date(2027, 1, 1)
        )
        assert frames["average_order"]["value"].to_list() == [Decimal("7.5")]


def test_what_lacks_its_data_cannot_be_added():
    tenant = make_tenant()
    with tenant_context(tenant.id):
        actor = system_actor(tenant.id)
        declare(actor, "receipts")
        rows = {each.metric.code: each for each in library_for_actor(actor)}
        assert rows["receipts_amount"].can_add
        assert rows["receipts_rate"].missing == ("销售订单",)
        with pytest.raises(ValidationError, match="「回款率」需要的数据流还没有"):
            add_library_metrics(actor=actor, codes=["receipts_rate"])
        with pytest.raises(ValidationError, match="指标库里没有"):
            add_library_metrics(actor=actor, codes=["nothing"])
        assert not Metric.objects.exists()


def test_the_page():
    tenant, client = make_tenant(), Client()
    client.force_login(make_member(tenant, role="hr"))
    with tenant_context(tenant.id):
        declare(system_actor(tenant.id), "sales_orders")
    address = reverse("metrics:metric_library")
    assert "需要数据流：回款" in client.get(address).content.decode()
    done = client.post(address, {"code": ["average_order", "new_customers"]}, follow=True).content.decode()
    assert "已加入 4 个指标" in done
    refused = client.post(address, {"code": "receipts_rate"}, follow=True).content.decode()
    assert "需要的数据流还没有" in refused
