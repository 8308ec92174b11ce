"""Every system of the catalogue, read from what its documentation describes: all of it, then only what changed."""

from __future__ import annotations

import json

import pytest
from tests.connectors.fakes.server import serving
from tests.connectors.fakes.systems import SYSTEMS
from tests.factories import make_tenant, system_actor

from zhiheng.connectors.models import Connection, RawRow, Sync
from zhiheng.connectors.registry import connectors, hosts_of
from zhiheng.connectors.services.connections import ConnectionData, create_connection
from zhiheng.connectors.services.syncs import run_sync, start_sync
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


def test_every_system_is_tested():
    assert set(SYSTEMS) == set(connectors()) - {"rest"}
    assert {each.tested for each in connectors().values()} == {"fake"}


@pytest.mark.parametrize("code", SYSTEMS)
def test_its_form_and_interfaces_are_named_in_both_languages(code):
    found = connectors()[code]
    assert all(each.label and each.label_en for each in found.fields)
    assert all(each.name and each.name_en and each.business_object for each in found.interfaces)
    assert found.about
    assert found.about_en


def test_where_a_system_may_be_reached():
    assert hosts_of(connectors()["gitlab"], {"base_url": "https://Git.example.com", "token": "x"}) == {
        "git.example.com:443"
    }


def read(actor, connection_id) -> Sync:
    sync_id = start_sync(actor=actor, connection_id=connection_id)
    run_sync(tenant_id=actor.tenant_id, sync_id=sync_id)
    return Sync.objects.get(id=sync_id)


@pytest.mark.parametrize("code", SYSTEMS)
def test_all_rows_come_once_and_changes_come_too(code):
    system, actor = SYSTEMS[code](), system_actor(make_tenant())
    with serving(system) as running, tenant_context(actor.tenant_id):
        settings = {"base_url": running.url, **system.SETTINGS}
        data = ConnectionData(code, settings, is_on_premise=True)
        made = create_connection(actor=actor, code=code, connector=code, data=data)
        first = read(actor, made)
        assert (first.error, first.state, first.samples) == ("", "done", [])
        for stream, rows in system.data.items():
            stored = dict(RawRow.objects.filter(feed__code=stream).values_list("key", "payload"))
            assert stored == {str(each[system.KEYS[stream]]): each for each in rows}
            assert first.counts[stream]["created"] == len(rows)

        second = read(actor, made)
        assert (second.error, second.state) == ("", "done")
        assert (
            sum(each["created"] + each["changed"] + each["deleted"] for each in second.counts.values()) == 0
        )
        bookmarks = Connection.objects.get(id=made).state["bookmarks"]
        read_again = sum(each["received"] for stream, each in second.counts.items() if stream in bookmarks)
        assert read_again < sum(len(system.data[stream]) for stream in bookmarks)

        stream = next(iter(system.data))
        gone = next((name for name in system.data if name not in bookmarks), None)
        newest = system.data[stream][-1]
        newest["note"] = "改过"
        if gone:
            system.data[gone].pop()
        third = read(actor, made)
        assert third.counts[stream]["changed"] == 1
        changed = RawRow.objects.get(feed__code=stream, key=str(newest[system.KEYS[stream]]))
        assert (changed.revision, json.dumps(changed.payload).count("note")) == (2, 1)
        if gone:
            assert third.counts[gone]["deleted"] == 1
