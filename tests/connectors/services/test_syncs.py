"""Connecting a system and reading it: a real program in its box, a real HTTP server outside of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.connectors.fakes.server import Answer, Request, System, serving
from tests.factories import make_tenant, system_actor

from zhiheng.connectors.models import Connection, Feed, RawRow, Sync
from zhiheng.connectors.services import hooks, syncs
from zhiheng.connectors.services.connections import (
    ConnectionData,
    change_connection,
    create_connection,
    pause_connection,
    resume_connection,
    secrets_of,
    select_feeds,
)
from zhiheng.connectors.services.syncs import Window, cancel_sync, queue_due_syncs, run_sync, start_sync
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
MANIFEST = """{"base_url": "{base_url}", "auth": {"kind": "bearer", "token": "{token}"},
 "error": {"path": "errcode", "ok": [0], "message": "errmsg"},
 "streams": [{"code": "orders", "path": "/orders", "params": {"since": "{since}"}, "records": "data", "key": ["id"],
  "cursor": {"field": "at"}, "paging": {"kind": "page", "param": "page", "size_param": "size", "size": 2}}]}"""
ORDERS = [
    {"id": number, "at": f"2026-05-0{number}T08:00:00Z", "客户": "甲公司", "amount": number * 1.25}
    for number in range(1, 6)
]


class Shop:
    """A system with orders behind a token, two a page."""

    def __init__(self) -> None:
        self.orders = [dict(each) for each in ORDERS]
        self.token, self.fault = "s3cret-token", None

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return Answer({"message": "who are you?"}, 401)
        if self.fault:
            return self.fault
        page, size = int(request.query["page"]), int(request.query["size"])
        found = [each for each in self.orders if each["at"] >= request.query["since"]]
        return Answer({"errcode": 0, "data": found[(page - 1) * size : page * size]})


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def system(shop):
    with serving(shop) as running:
        yield running


@pytest.fixture
def actor():
    return system_actor(make_tenant())


@pytest.fixture
def inside(actor):
    with tenant_context(actor.tenant_id):
        yield


def data(system: System, **more: object) -> ConnectionData:
    settings = {"base_url": system.url, "token": "s3cret-token", "manifest": MANIFEST}
    return ConnectionData(**({"name": "网店", "settings": settings, "is_on_premise": True} | more))


@pytest.fixture
def connection(actor, inside, system) -> Connection:
    made = create_connection(actor=actor, code="shop", connector="rest", data=data(system))
    return Connection.objects.get(id=made)


def sync(actor, connection: Connection, **more: object) -> Sync:
    sync_id = start_sync(actor=actor, connection_id=connection.id, **more)
    run_sync(tenant_id=actor.tenant_id, sync_id=sync_id)
    connection.refresh_from_db()
    return Sync.objects.get(id=sync_id)


def test_everything_comes_and_then_only_what_is_new(actor, connection, shop, system):
    first = sync(actor, connection)
    assert (first.state, first.error) == ("done", "")
    assert first.counts["orders"]["created"] == 5
    assert RawRow.objects.get(key="3").payload == {
        "id": 3,
        "at": "2026-05-03T08:00:00Z",
        "客户": "甲公司",
        "amount": 3.75,
    }
    assert connection.state == {"bookmarks": {"orders": "2026-05-05T08:00:00Z"}}

    shop.orders[1] |= {"amount": 99, "at": "2026-05-06T09:00:00Z"}
    shop.orders.append({"id": 6, "at": "2026-05-06T10:00:00Z", "amount": 6})
    second = sync(actor, connection)
    assert system.requests[-1].query["since"] == "2026-05-05T07:50:00Z"
    counts = second.counts["orders"]
    assert (counts["received"], counts["created"], counts["changed"]) == (3, 1, 1)
    assert RawRow.objects.get(key="2").revision == 2


def test_a_window_is_read_again_and_leaves_the_bookmark(actor, connection, system):
    sync(actor, connection)
    again = sync(actor, connection, window=Window(dt.date(2026, 5, 4), dt.date(2026, 5, 5)))
    assert again.counts["orders"]["unchanged"] == 2
    assert again.kind == "window"
    assert connection.state == {"bookmarks": {"orders": "2026-05-05T08:00:00Z"}}
    with pytest.raises(ValidationError, match="不能早于"):
        start_sync(
            actor=actor, connection_id=connection.id, window=Window(dt.date(2026, 5, 4), dt.date(2026, 5, 3))
        )


def test_secrets_are_sealed_kept_and_masked(actor, connection, shop, system):
    assert "s3cret" not in str(connection.settings)
    assert secrets_of(connection) == {"token": "s3cret-token"}
    settings = {"base_url": system.url, "token": "", "manifest": MANIFEST}
    change_connection(
        actor=actor, connection_id=connection.id, data=data(system, settings=settings, name="新名")
    )
    connection.refresh_from_db()
    assert (secrets_of(connection), connection.source.name) == ({"token": "s3cret-token"}, "新名")
    shop.token = "another"
    shop.fault = None
    failed = sync(actor, connection)
    assert failed.state == "failed"
    assert "系统拒绝了凭证" in failed.error
    assert "s3cret" not in failed.log + failed.error


def test_a_secret_does_not_follow_a_changed_address(actor, connection, system):
    settings = {"base_url": "https://elsewhere.example", "token": "", "manifest": MANIFEST}
    with pytest.raises(ValidationError) as refused:
        change_connection(actor=actor, connection_id=connection.id, data=data(system, settings=settings))
    assert refused.value.message_dict == {"token": ["地址或清单改变后，请重新填写密钥。"]}


@pytest.mark.parametrize(
    ("settings", "field", "text"),
    [
        ({"base_url": "", "manifest": MANIFEST}, "base_url", "请填写「接口地址」。"),
        ({"base_url": "ftp://x", "manifest": MANIFEST}, "base_url", "http:// 或 https://"),
        ({"base_url": "http://x:99999", "manifest": MANIFEST}, "base_url", "http:// 或 https://"),
        ({"base_url": "https://x", "manifest": "{"}, "manifest", "不是正确的 JSON"),
        ({"base_url": "https://x", "manifest": "{}"}, "manifest", "清单缺少：base_url、streams"),
        ({"base_url": "https://x", "manifest": "[]"}, "manifest", "清单缺少"),
        ({"base_url": "https://x", "manifest": '{"base_url": "x", "streams": [{"code": "a"}]}'}, "manifest", "streams.path、streams.key"),
        ({"base_url": "https://x", "manifest": '{"base_url": "x", "streams": {"a": 1}}'}, "manifest", "清单缺少：streams"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_form(actor, inside, settings, field, text):
    with pytest.raises(ValidationError) as refused:
        create_connection(actor=actor, code="x", connector="rest", data=ConnectionData("x", settings))
    assert text in refused.value.message_dict[field][0]


def test_a_name_an_interval_and_a_known_connector_are_needed(actor, inside, system):
    with pytest.raises(ValidationError) as refused:
        create_connection(
            actor=actor, code="x", connector="rest", data=data(system, name=" ", every_minutes=1)
        )
    assert set(refused.value.message_dict) == {"name", "every_minutes"}
    with pytest.raises(ValidationError, match="没有这种连接器"):
        create_connection(actor=actor, code="x", connector="none", data=data(system))


def test_an_error_behind_a_good_status_is_one(actor, connection, shop):
    shop.fault = Answer({"errcode": 40014, "errmsg": "bad appkey"})
    failed = sync(actor, connection)
    assert (failed.state, failed.error) == ("failed", "系统报告错误 40014：bad appkey")


def test_an_address_inside_is_refused_unless_the_system_is_on_premise(actor, inside, system):
    made = create_connection(actor=actor, code="x", connector="rest", data=data(system, is_on_premise=False))
    failed = sync(actor, Connection.objects.get(id=made))
    assert failed.state == "failed"
    assert "已拦截" in failed.error


def test_failures_wait_longer_each_time_and_pause_at_last(actor, connection, shop, monkeypatch):
    monkeypatch.setattr(syncs, "MOST_FAILURES", 2)
    shop.token = "another"
    sync(actor, connection)
    assert (connection.failures, connection.is_paused) == (1, False)
    assert dt.timedelta(seconds=30) < connection.next_at - timezone.now() < dt.timedelta(minutes=1)
    sync(actor, connection)
    assert (connection.failures, connection.is_paused) == (2, True)
    shop.token = "s3cret-token"
    resume_connection(actor=actor, connection_id=connection.id)
    assert sync(actor, connection).state == "done"
    assert connection.failures == 0


def test_due_connections_are_queued_once(actor, connection):
    now = timezone.now() + dt.timedelta(seconds=1)
    assert queue_due_syncs(now) == 1
    assert queue_due_syncs(now) == 0
    assert queue_due_syncs(now + dt.timedelta(hours=2)) == 0  # the first one still waits
    assert Sync.objects.get().kind == "scheduled"
    pause_connection(actor=actor, connection_id=connection.id)
    Sync.objects.update(state="done")
    assert queue_due_syncs(now + dt.timedelta(hours=9)) == 0


def test_a_sync_under_way_is_not_started_twice_and_can_be_cancelled(actor, connection):
    one = start_sync(actor=actor, connection_id=connection.id)
    assert start_sync(actor=actor, connection_id=connection.id) == one
    cancel_sync(actor=actor, connection_id=connection.id)
    assert run_sync(tenant_id=actor.tenant_id, sync_id=one) == ""
    assert Sync.objects.get().state == "cancelled"
    cancel_sync(actor=actor, connection_id=connection.id)


def test_feeds_that_are_not_selected_are_not_asked_for(actor, connection, system):
    sync(actor, connection)
    select_feeds(actor=actor, connection_id=connection.id, codes=set())
    assert not Feed.objects.get().is_selected
    before = len(system.requests)
    assert sync(actor, connection).state == "done"
    assert len(system.requests) == before


def test_those_who_want_to_know_are_told_of_changed_feeds_only(actor, connection, monkeypatch):
    told = []
    monkeypatch.setattr(hooks, "_hooks", [])
    hooks.on_rows(told.append)
    sync(actor, connection)
    sync(actor, connection)
    assert told == [Feed.objects.get().id]
