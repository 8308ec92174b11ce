"""People go to terminals with PINs and photos, and leave them again."""

from __future__ import annotations

import base64
import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from PIL import Image
from tests.factories import make_tenant
from tests.factories.performance import make_worker
from tests.factories.terminals import Device, make_terminal

from zhiheng.attendance.models import Punch
from zhiheng.attendance.services.pins import own_pin
from zhiheng.people.models import Person
from zhiheng.terminals import tasks
from zhiheng.terminals.models import Terminal, TerminalCommand, TerminalUser, UnknownPunch
from zhiheng.terminals.services import faces
from zhiheng.terminals.services.people import Sent, remove_people, send_people
from zhiheng.terminals.services.terminals import retire_terminal
from zhiheng.terminals.services.unknown import assign_pin

PEOPLE = "zhiheng.terminals.services.people"


def jpeg(size: tuple[int, int] = (800, 600)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "gray").save(target, "JPEG")
    return target.getvalue()


@pytest.fixture
def consenting(monkeypatch):
    """Who consented to face recognition and is enrolled; the faces themselves have tests of their own."""
    ids: set = set()
    monkeypatch.setattr(f"{PEOPLE}.enrolled", lambda person_ids: ids & set(person_ids))
    monkeypatch.setattr(faces, "face_consent", lambda person_id: person_id in ids)
    monkeypatch.setattr(
        faces, "enrolment_photo", lambda actor, person_id: jpeg() if person_id in ids else None
    )
    return ids


def send(plant, *people):
    with plant.context():
        return send_people(
            actor=plant.actor, terminal_id=plant.terminal.id, person_ids=[each.id for each in people]
        )


def rows(plant) -> list[tuple]:
    with plant.context():
        users = TerminalUser.objects.order_by("pin")
        return list(users.values_list("pin", "person__name", "origin", "state", "face_state"))


def run(plant, code: int = 0) -> list[str]:
    """Let the terminal fetch its commands and answer them."""
    commands = plant.device.commands()
    plant.device.post("devicecmd", "".join(f"ID={number}&Return={code}&CMD=DATA\n" for number, _ in commands))
    return [text for _number, text in commands]


def test_by_number_with_a_photo_of_who_consented(plant, consenting):
    consenting.add(plant.bob.id)
    assert send(plant, plant.ann, plant.bob, plant.cleo) == Sent(3, 1)
    assert rows(plant) == [
        ("1001", "安安", "number", "queued", "none"), ("1002", "白白", "number", "queued", "queued"),
        ("3", "陈晨", "number", "queued", "none"),
    ]  # fmt: skip
    texts = run(plant)
    assert [each.split("\t")[0] for each in texts] == [
        "DATA UPDATE USERINFO PIN=1001", "DATA UPDATE USERINFO PIN=1002", "DATA UPDATE BIOPHOTO PIN=1002",
        "DATA UPDATE USERINFO PIN=3",
    ]  # fmt: skip
    content = texts[2].partition("Content=")[2].partition("\t")[0]
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (480, 640)
    assert [(each[0], *each[3:]) for each in rows(plant)] == [
        ("1001", "pushed", "none"), ("1002", "pushed", "pushed"), ("3", "pushed", "none"),
    ]  # fmt: skip
    with plant.context():
        assert not TerminalCommand.objects.filter(text__contains=content[:20]).exists()
    assert run(plant) == []


def test_consent_withdrawn_before_the_terminal_asks(plant, consenting):
    consenting.add(plant.ann.id)
    send(plant, plant.ann)
    consenting.clear()
    assert [each.split("\t")[0] for each in run(plant)] == ["DATA UPDATE USERINFO PIN=1001"]
    assert rows(plant) == [("1001", "安安", "number", "pushed", "none")]
    with plant.context():
        assert set(TerminalCommand.objects.values_list("kind", "state")) == {
            ("user_update", "done"), ("face_update", "cancelled"),
        }  # fmt: skip


def test_pins_that_are_taken_or_wanted_twice(plant):
    plant.device.post(
        "cdata", "USER PIN=1001\tName=Zoe\tPri=0\nUSER PIN=1002\tName=白 白\tPri=14\n", table="OPERLOG"
    )
    twin = make_worker(plant.unit, "双双", "X3")
    send(plant, plant.ann, plant.bob, plant.cleo, twin)
    assert [each[:3] for each in rows(plant)] == [
        ("1001", None, "device"), ("1002", "白白", "number"), ("900001", "安安", "assigned"),
        ("900002", "陈晨", "assigned"), ("900003", "双双", "assigned"),
    ]  # fmt: skip
    assert "PIN=1002\tName=白白\tPri=14" in "".join(text for _, text in plant.device.commands())


def test_a_pin_goes_along_to_the_next_terminal(plant):
    plant.device.post("cdata", "USER PIN=3\tName=Zoe\tPri=0\n", table="OPERLOG")
    send(plant, plant.cleo)
    second = make_terminal(plant.tenant, plant.entity, "SN0002")
    with plant.context():
        send_people(actor=plant.actor, terminal_id=second.id, person_ids=[plant.cleo.id])
        assert TerminalUser.objects.get(terminal=second).pin == "900001"


def test_sending_again_uses_the_command_that_waits(plant):
    send(plant, plant.ann)
    send(plant, plant.ann)
    assert len(plant.device.commands()) == 1


def test_who_has_left_is_not_sent(plant):
    with plant.context():
        Person.objects.filter(id=plant.ann.id).update(status="left")
    send(plant, plant.ann)
    assert rows(plant) == []


def test_only_to_a_terminal_in_use(plant):
    with plant.context():
        retire_terminal(actor=plant.actor, terminal_id=plant.terminal.id)
    with pytest.raises(ValidationError, match="尚未启用"):
        send(plant, plant.ann)


def test_a_refusal_says_why_and_a_busy_terminal_is_asked_again(plant):
    send(plant, plant.ann)
    run(plant, -1005)
    assert rows(plant)[0][3] == "queued"
    run(plant, -1001)
    assert rows(plant)[0][3] == "failed"
    with plant.context():
        assert TerminalUser.objects.get().error == "-1001"


def test_no_answer_is_waited_for_a_minute_and_five_times(plant):
    send(plant, plant.ann)
    for _ in range(5):
        assert len(plant.device.commands()) == 1
        assert plant.device.commands() == []
        with plant.context():
            TerminalCommand.objects.update(sent_at=F("sent_at") - dt.timedelta(minutes=2))
    assert plant.device.commands() == []
    assert rows(plant)[0][3] == "failed"
    with plant.context():
        assert TerminalCommand.objects.values_list("state", "attempts").get() == ("failed", 5)


def test_taken_off(plant):
    send(plant, plant.ann)
    run(plant)
    with plant.context():
        user = TerminalUser.objects.get()
        assert remove_people(actor=plant.actor, terminal_id=plant.terminal.id, user_ids=[user.id]) == 1
    assert rows(plant)[0][3] == "deleting"
    assert run(plant, -10) == ["DATA DELETE USERINFO PIN=1001"]
    assert rows(plant) == [("1001", "安安", "number", "deleted", "none")]
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1")  # one that was still on its way
    with plant.context():
        assert Punch.objects.get().person_id == plant.ann.id


def test_the_hourly_work_takes_off_who_left_and_the_faces_of_who_withdrew(plant, consenting):
    consenting.update({plant.ann.id, plant.bob.id})
    send(plant, plant.ann, plant.bob, plant.cleo)
    run(plant)
    with plant.context():
        Person.objects.filter(id=plant.ann.id).update(status="left")
    consenting.remove(plant.bob.id)
    tasks.keep_people(0)
    assert run(plant) == [
        "DATA DELETE USERINFO PIN=1001", "DATA DELETE BIOPHOTO PIN=1002", "DATA DELETE BIODATA Pin=1002\tType=9",
    ]  # fmt: skip
    assert [(each[0], *each[3:]) for each in rows(plant)] == [
        ("1001", "deleted", "none"), ("1002", "pushed", "deleted"), ("3", "pushed", "none"),
    ]  # fmt: skip
    tasks.keep_people(0)
    assert run(plant) == []


def test_a_user_deleted_at_the_terminal_is_not_there_any_more(plant):
    send(plant, plant.ann)
    run(plant)
    plant.device.post("cdata", "OPLOG 9\t14\t2026-07-01 10:24:00\t1001\t0\t0\t0\n", table="OPERLOG")
    assert rows(plant)[0][3] == "none"


# --- PINs of nobody -----------------------------------------------------------------------------------------------


def unknown(plant) -> list[tuple]:
    with plant.context():
        return list(UnknownPunch.objects.order_by("wall_time").values_list("pin", "person__name"))


def test_given_to_somebody_they_become_punches(plant):
    plant.device.punch("77\t2026-07-01 08:00:00\t0\t15", "77\t2000-01-01 00:00:07\t0\t15")
    with plant.context():
        given = {"actor": plant.actor, "terminal_id": plant.terminal.id, "pin": "77"}
        assert assign_pin(**given, person_id=plant.ann.id) == 2
        assert list(Punch.objects.order_by("punched_at").values_list("person__name", "method", "is_pending")) == [
            ("安安", "face", True), ("安安", "face", False),
        ]  # fmt: skip
        assert assign_pin(**given, person_id=plant.bob.id) == 0
    plant.device.punch("77\t2026-07-01 08:00:00\t0\t15", "77\t2026-07-01 18:00:00\t1\t15")
    with plant.context():
        found = (
            Punch.objects.filter(is_pending=False)
            .order_by("punched_at")
            .values_list("person__name", flat=True)
        )
        assert list(found) == ["安安", "白白"]
    assert unknown(plant) == [("77", "安安"), ("77", "安安")]


def test_only_pins_that_came_and_people_who_are_there(plant):
    plant.device.punch("77\t2026-07-01 08:00:00\t0\t15")
    stranger = make_tenant("乙公司")
    with plant.context():
        given = {"actor": plant.actor, "terminal_id": plant.terminal.id}
        with pytest.raises(Http404):
            assign_pin(**given, pin="78", person_id=plant.ann.id)
        with pytest.raises(ValidationError, match="没有找到"):
            assign_pin(**given, pin="77", person_id=stranger.id)


def test_somebody_hired_later_gets_their_punches_by_themselves(plant):
    plant.device.post("cdata", "USER PIN=78\tName=Zoe\tPri=0\n", table="OPERLOG")
    plant.device.punch("77\t2026-07-01 08:00:00\t0\t15", "78\t2026-07-01 08:00:00\t0\t15")
    make_worker(plant.unit, "丁丁", "E0077")
    make_worker(plant.unit, "别人", "E0078")
    tasks.keep_people(0)
    assert unknown(plant) == [("77", "丁丁"), ("78", None)]
    with plant.context():
        assert Punch.objects.get().client_id == "SN0001:77:2026-07-01 08:00:00"


def test_what_somebody_said_of_a_pin_goes_before_numbers_and_names(plant):
    with plant.context():
        own_pin(actor=plant.actor, pin="1001", person_id=plant.bob.id)
    plant.device.post("cdata", "USER PIN=1001\tName=Zoe\tPri=0\n", table="OPERLOG")
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t15")
    with plant.context():
        assert Punch.objects.get().person_id == plant.bob.id


def test_the_other_terminal_knows_its_own_pins(plant):
    make_terminal(plant.tenant, plant.entity, "SN0002")
    plant.device.punch("77\t2026-07-01 08:00:00\t0\t15")
    Device("SN0002").punch("77\t2026-07-01 08:00:00\t0\t15")
    with plant.context():
        assign_pin(actor=plant.actor, terminal_id=plant.terminal.id, pin="77", person_id=plant.ann.id)
        assert Punch.objects.count() == 1
        assert UnknownPunch.objects.get(person=None).terminal.serial_number == "SN0002"
        assert Terminal.objects.count() == 2
        assert timezone.now() > Terminal.objects.first().created_at
