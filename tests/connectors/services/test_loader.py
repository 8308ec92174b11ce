"""Storing what a connector prints."""

from __future__ import annotations

import pytest
from tests.factories import make_tenant
from tests.factories.connectors import line, make_connection, record, running, schema, state

from zhiheng.connectors.models import Connection, Feed, RawRevision, RawRow, Sync
from zhiheng.connectors.services import loader as loading
from zhiheng.connectors.services.loader import Loader, Superseded
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
ORDERS = schema("订单", "单号", 单号="string", 金额="number")


@pytest.fixture
def source() -> Connection:
    return make_connection(make_tenant())


def load(source: Connection, *lines: bytes, **more: object) -> Loader:
    loader = Loader(**(running(source) | more))
    loader.load(lines)
    loader.finish()
    return loader


def rows(source: Connection) -> list[tuple]:
    with tenant_context(source.tenant_id):
        return list(RawRow.objects.order_by("key").values_list("key", "revision", "payload", "is_deleted"))


def figures(loader: Loader, stream: str = "订单") -> dict[str, int]:
    return {name: count for name, count in vars(loader.counts[stream]).items() if count}


def test_new_changed_and_equal_rows(source):
    first = load(
        source, ORDERS, record("订单", 单号="A", 金额=1.5), record("订单", 单号="B", 金额=2), state({"to": 1})
    )
    assert figures(first) == {"received": 2, "created": 2}
    again = load(
        source, ORDERS, record("订单", 单号="A", 金额=1.5), record("订单", 单号="B", 金额=3), state({"to": 2})
    )
    assert figures(again) == {"received": 2, "changed": 1, "unchanged": 1}
    assert rows(source) == [
        ("A", 1, {"单号": "A", "金额": 1.5}, False),
        ("B", 2, {"单号": "B", "金额": 3}, False),
    ]
    with tenant_context(source.tenant_id):
        old = RawRevision.objects.get()
        assert (old.row.key, old.revision, old.payload) == ("B", 1, {"单号": "B", "金额": 2})
        source.refresh_from_db()
        assert source.state == {"to": 2}
        feed = Feed.objects.get()
        assert (feed.row_count, feed.key_fields, feed.drift) == (2, ["单号"], [])
        assert Sync.objects.order_by("-created_at").first().counts["订单"]["unchanged"] == 1


def test_two_contents_of_one_row_in_a_batch_are_two_revisions(source):
    load(
        source,
        ORDERS,
        record("订单", 单号="A", 金额=1),
        record("订单", 单号="A", 金额=2),
        record("订单", 单号="A", 金额=2),
    )
    assert rows(source) == [("A", 2, {"单号": "A", "金额": 2}, False)]


def test_a_state_is_never_ahead_of_its_rows(source, monkeypatch):
    loader = Loader(**running(source))
    loader.load(
        [ORDERS, record("订单", 单号="A", 金额=1), state({"to": "A"}), record("订单", 单号="B", 金额=1)]
    )
    with tenant_context(source.tenant_id):
        source.refresh_from_db()
    assert (source.state, [row[0] for row in rows(source)]) == ({"to": "A"}, ["A"])


def test_rows_that_cannot_be_stored_are_counted_and_shown(source):
    loader = load(
        source, ORDERS, b"connecting...\n", record("订单", 金额=1), record("订单", 单号="A\x00", 金额=1),
        record("订单", 单号="A", 金额=1),
    )  # fmt: skip
    assert figures(loader) == {"received": 1, "created": 1, "rejected": 2}
    assert loader.junk_lines == 1
    assert [(each["feed"], each["problem"]) for each in loader.samples] == [
        ("", "junk"), ("订单", "no_key"), ("订单", "bad_value"),
    ]  # fmt: skip


def test_awkward_texts_arrive_as_they_are(source):
    text = 'a\tb\nc\\d\\n"e"\r\\.'
    load(source, schema("s", "id"), record("s", id=text, 备注=text))
    assert rows(source)[0][:3] == (text, 1, {"id": text, "备注": text})


def test_deleted_rows_and_their_return(source):
    load(source, ORDERS, record("订单", 单号="A", 金额=1), line(type="DELETED", stream="订单", key="A"))
    assert rows(source)[0][1:] == (2, {"单号": "A", "金额": 1}, True)
    again = load(
        source, line(type="DELETED", stream="订单", key="A"), line(type="DELETED", stream="无", key="A")
    )
    assert figures(again) == {}
    back = load(source, record("订单", 单号="A", 金额=1))
    assert figures(back) == {"received": 1, "changed": 1}
    assert rows(source)[0][1:] == (3, {"单号": "A", "金额": 1}, False)


def test_rows_that_a_complete_stream_no_longer_sends_are_deleted(source):
    customers = schema("客户", "id", is_complete=True)
    everybody = [record("客户", id=number) for number in range(5)]
    done = line(type="COMPLETE", stream="客户")
    load(source, customers, *everybody, done)
    loader = load(source, customers, *everybody[1:], done)
    assert figures(loader, "客户") == {"received": 4, "unchanged": 4, "deleted": 1}
    assert [row[0] for row in rows(source) if row[3]] == ["0"]
    with tenant_context(source.tenant_id):
        assert Feed.objects.get().row_count == 4


def test_a_source_that_lost_most_of_its_rows_is_not_believed_at_once(source):
    customers = schema("客户", "id", is_complete=True)
    everybody = [record("客户", id=number) for number in range(50)]
    done = line(type="COMPLETE", stream="客户")
    load(source, customers, *everybody, done)
    doubted = load(source, customers, everybody[0], done)
    assert figures(doubted, "客户") == {"received": 1, "unchanged": 1}
    assert "少了 49 行" in doubted.warnings[0]
    with tenant_context(source.tenant_id):
        Sync.objects.update(accepts_deletions=True)
        accepted = Loader(**running(source))
        accepted.accepts_deletions = True
    accepted.load([customers, everybody[0], done])
    assert figures(accepted, "客户") == {"received": 1, "unchanged": 1, "deleted": 49}


def test_a_stream_that_is_not_complete_deletes_nothing(source):
    done = line(type="COMPLETE", stream="订单")
    load(source, ORDERS, record("订单", 单号="A", 金额=1), done, line(type="COMPLETE", stream="无"))
    assert rows(source)[0][3] is False


def test_drift_is_shown_and_never_fatal(source):
    load(source, ORDERS, record("订单", 单号="A", 金额=1))
    load(source, schema("订单", "单号", 单号="string", 金额="string"), record("订单", 单号="A", 金额="1元"))
    with tenant_context(source.tenant_id):
        changes = Feed.objects.get().drift
    assert [(each["field"], each["was"], each["now"]) for each in changes] == [("金额", "number", "string")]
    assert rows(source)[0][2]["金额"] == "1元"


def test_a_feed_that_is_not_selected_is_left_out(source):
    load(source, ORDERS)
    with tenant_context(source.tenant_id):
        Feed.objects.update(is_selected=False)
    loader = load(source, record("订单", 单号="A", 金额=1), line(type="DELETED", stream="订单", key="A"))
    assert (loader.counts, rows(source)) == ({}, [])


def test_an_attempt_that_was_taken_over_cannot_write(source):
    loader = Loader(**running(source))
    with tenant_context(source.tenant_id):
        Sync.objects.update(attempt=2)
    with pytest.raises(Superseded):
        loader.load([ORDERS, record("订单", 单号="A", 金额=1), state(1)])
    assert rows(source) == []


def test_full_batches_are_stored_as_they_come(source, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 2)
    loader = Loader(**running(source))
    loader.load([ORDERS, *(record("订单", 单号=str(number), 金额=1) for number in range(5))])
    assert len(rows(source)) == 4
    loader.finish()
    assert len(rows(source)) == 5
    assert len(loader.changed_feeds) == 1
