"""Punches are stored once each, in bulk, and mark the days they may belong to; devices say how far they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection
from tests.factories import make_legal_entity, make_org_unit, make_tenant
from tests.factories.performance import make_worker

from zhiheng.attendance.models import DayMark, Punch, PunchDevice
from zhiheng.attendance.public import NewPunch, ensure_device, note_sync, record_punches
from zhiheng.attendance.services.punches import _TYPES
from zhiheng.tenancy.context import tenant_context

EIGHT = dt.datetime(2026, 7, 1, 0, 0, tzinfo=dt.UTC)  # in Shanghai


@pytest.fixture
def ann(db):
    person = make_worker(make_org_unit(make_legal_entity(make_tenant())), "安安")
    with tenant_context(person.tenant_id):
        yield person


def punch(person, client_id: str, at: dt.datetime = EIGHT, **more) -> NewPunch:
    return NewPunch(person.id, person.legal_entity_id, at, "terminal", client_id, **more)


def days() -> list[str]:
    return [f"{each:%m-%d}" for each in DayMark.objects.order_by("on").values_list("on", flat=True)]


def test_a_punch_with_everything_known_of_it(ann):
    device = ensure_device(
        code="SN1", name="大门", kind="terminal", site_id=None, legal_entity_id=ann.legal_entity_id
    )
    more = {
        "method": "face", "direction": 0, "wall_time": "2026-07-01 08:00:00", "device_id": device,
        "latitude": Decimal("31.230416"), "longitude": Decimal("121.473701"), "datum": "gcj02", "accuracy": 20,
        "distance": 3, "face_score": Decimal("0.512"), "risks": ("clock_off", "late_upload"), "is_pending": True,
        "is_late_upload": True, "note": "备注",
    }  # fmt: skip
    assert record_punches([punch(ann, "a", **more)]) == 1
    stored = Punch.objects.get()
    assert {name: getattr(stored, name) for name in more} == {**more, "risks": ["clock_off", "late_upload"]}
    assert (stored.person_id, stored.punched_at, stored.zone) == (ann.id, EIGHT, "Asia/Shanghai")
    assert days() == ["06-30", "07-01"]


def test_sent_again_within_and_across_calls_it_is_the_same_punch(ann):
    assert record_punches([punch(ann, "b"), punch(ann, "a"), punch(ann, "b", note="again")]) == 2
    DayMark.objects.all().delete()
    assert record_punches([punch(ann, "a"), punch(ann, "c", EIGHT + dt.timedelta(hours=10))]) == 1
    assert list(Punch.objects.order_by("client_id").values_list("client_id", "note", "wall_time")) == [
        ("a", "", "2026-07-01 08:00:00"), ("b", "", "2026-07-01 08:00:00"), ("c", "", "2026-07-01 18:00:00"),
    ]  # fmt: skip
    assert days() == ["07-01", "07-02"]
    assert record_punches([]) == 0


def test_two_writers_with_the_same_punches_in_opposite_order(committed_db):
    person = make_worker(make_org_unit(make_legal_entity(make_tenant())), "安安")
    punches = [punch(person, f"{number:04}") for number in range(300)]
    counts: list[int] = []

    def write(rows) -> None:
        with tenant_context(person.tenant_id):
            counts.append(record_punches(rows))
        connection.close()

    writers = [threading.Thread(target=write, args=(rows,)) for rows in (punches, punches[::-1])]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert sorted(counts) == [0, 300]


def test_a_device_is_made_once_and_knows_how_far_it_is(ann):
    given = {"code": "SN1", "kind": "terminal", "site_id": None, "legal_entity_id": ann.legal_entity_id}
    device = ensure_device(name="大门", **given)
    assert ensure_device(name="南门", is_active=False, **given) == device
    assert PunchDevice.objects.values_list("name", "is_active").get() == ("南门", False)
    note_sync(device, EIGHT)
    note_sync(device, EIGHT - dt.timedelta(hours=1))
    assert PunchDevice.objects.get().synced_until == EIGHT


def test_every_field_of_a_punch_is_stored():
    given = {field.name for field in dataclasses.fields(NewPunch)}
    assert given == set(_TYPES) - {"id"}
    columns = {field.attname for field in Punch._meta.concrete_fields}
    assert set(_TYPES) | {"tenant_id", "received_at"} == columns
