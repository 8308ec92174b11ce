"""Pages and operations of streams and records, each within the reader's scope."""

from __future__ import annotations

import pytest
from tests.factories import make_member
from tests.factories.loop import make_loop

from zhiheng.integrations.models import Record
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop():
    return make_loop()


def keys(answer) -> list[str]:
    assert answer.status_code == 200
    return sorted(each["key"] for each in answer.json()["items"])


def test_pages_and_operations_of_somebody_who_sees_all(loop, client):
    client.force_login(make_member(loop.tenant, "hr"))
    assert "订单" in client.get("/records/sources/").content.decode()
    assert "安安" in client.get("/records/").content.decode()
    streams = client.get("/api/v1/streams").json()["items"]
    assert [each["code"] for each in streams] == ["orders"]
    assert client.get(f"/api/v1/streams/{loop.stream.id}").json()["key_fields"] == ["order_id"]
    assert client.get(f"/api/v1/streams/{loop.period_id}").status_code == 404
    assert keys(client.get("/api/v1/records")) == ["1", "2", "3", "4"]
    assert keys(client.get("/api/v1/records?occurred_from=2026-01-01&occurred_to=2026-02-01")) == ["2"]


def test_an_employee_sees_their_own_records_only(loop, client):
    client.force_login(make_member(loop.tenant, "employee", person=loop.bob))
    assert keys(client.get("/api/v1/records")) == ["1", "4"]
    with tenant_context(loop.tenant.id):
        mine, theirs = Record.objects.get(key="4"), Record.objects.get(key="2")
    assert client.get(f"/api/v1/records/{mine.id}").json()["payload"]["subtotal"] == "40"
    assert len(client.get(f"/api/v1/records/{mine.id}/revisions").json()) == 1
    assert client.get(f"/api/v1/records/{theirs.id}").status_code == 404
    assert client.get(f"/records/{theirs.id}/").status_code == 404
    assert client.get(f"/records/{mine.id}/").status_code == 200


def test_another_company_sees_nothing(loop, client):
    other = make_loop("别家公司")
    with tenant_context(loop.tenant.id):
        theirs = Record.objects.get(key="4")
    client.force_login(make_member(other.tenant, "owner"))
    assert client.get(f"/records/{theirs.id}/").status_code == 404
    assert str(theirs.id) not in client.get("/api/v1/records").content.decode()
