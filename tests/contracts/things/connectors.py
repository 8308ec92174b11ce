"""A connected system with an interface, a sync and a raw row; they are the whole company's."""

from __future__ import annotations

from django.utils import timezone

from zhiheng.connectors.models import Connection, Feed, Mapping, RawRow, Sync, UnmatchedRow
from zhiheng.connectors.services.connections import ConnectionData, create_connection
from zhiheng.connectors.services.loader import Loader
from zhiheng.connectors.services.webhooks import WebhookData, create_webhook
from zhiheng.integrations.models import Stream

KINDS = {
    "connection_id": "connection", "sync_id": "sync", "row_id": "raw_row", "feed_id": "feed", "case_id": "case",
    "webhook_id": "webhook",
}  # fmt: skip
WORDS = {("sources/new/", "connector"): "redmine"}
BODY_WORDS = {"connector": "redmine"}
OF_SUBSIDIARIES = {"connection", "sync", "raw_row", "feed", "case", "webhook"}
WITHOUT_MARKER = {
    "connectors:connection_status",
    "get_sync",
    "list_syncs",
    "list_feeds",
    "get_mapping",
    "connectors:connection_choose",
    "connectors:connection_new",
    "connectors:webhook_new",
}

RULES = {
    "fields": {
        "order_id": {"kind": "field", "source": "id"}, "seller": {"kind": "person", "source": "id"},
        "order_date": {"kind": "constant", "source": "2026-05-01"},
    }
}  # fmt: skip


def _rows(company, sync: Sync, texts: list[str]) -> None:
    loader = Loader(tenant_id=company.tenant.id, sync_id=sync.id, attempt=1)
    loader.load(
        [
            b'{"type":"SCHEMA","stream":"issues","key_properties":["id"]}',
            *(f'{{"type":"RECORD","stream":"issues","record":{{"id":"{text}"}}}}'.encode() for text in texts),
        ]
    )
    loader.finish()


def add(company, actor) -> None:
    """Connect a system whose rows name people of every department."""
    settings = {"base_url": "https://redmine.example", "api_key": "0123456789"}
    names = [name for _key, name, _code, _email in company.people()]
    data = ConnectionData("、".join(names)[:100], settings, every_minutes=None)
    made = create_connection(actor=actor, code="redmine", connector="redmine", data=data)
    sync = Sync.objects.create(connection=Connection.objects.get(id=made), kind="manual", state="running")
    _rows(company, sync, names)
    sync.state = "done"
    sync.save()
    for code in (each for each in company.ids if each != "all"):
        mine = next(name for _key, name, unit, _email in company.people() if unit == code)
        row = RawRow.objects.get(key=mine)
        case = _case(row)
        company.ids[code] |= {
            "connection": made, "sync": sync.id, "raw_row": row.id, "feed": row.feed_id, "case": case.id,
        }  # fmt: skip
    names = "、".join(names)[:60]
    hook, _secret = create_webhook(actor=actor, data=WebhookData(names, "https://receiver.example/hook"))
    for code in (each for each in company.ids if each != "all"):
        company.ids[code]["webhook"] = hook
    Mapping.objects.create(feed=Feed.objects.get(), stream=Stream.objects.get(code="orders"), rules=RULES)


def _case(row: RawRow) -> UnmatchedRow:
    waits = {"problem": "unmatched", "field": "seller", "value": row.key, "seen_at": timezone.now()}
    stream = Stream.objects.get(code="orders")
    return UnmatchedRow.objects.get_or_create(row=row, stream=stream, feed=row.feed, defaults=waits)[0]


def crowd(company, actor, count: int) -> None:
    """Let many rows arrive, and sync many times."""
    connection = Connection.objects.first()
    for _number in range(count):
        Sync.objects.create(connection=connection, kind="scheduled", state="done")
    sync = Sync.objects.create(connection=connection, kind="manual", state="running")
    _rows(company, sync, [f"{company.name}{number}" for number in range(count)])
    Sync.objects.filter(id=sync.id).update(state="done")
    for row in RawRow.objects.filter(sync_id=sync.id).select_related("feed"):
        _case(row)
    assert Feed.objects.count() == 1
