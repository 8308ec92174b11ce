"""The gateway against a simulated terminal that others wrote: all of its firmware profiles."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from fingerprint_attendance.testing.simulator import FIRMWARE, ADMSDeviceSimulator
from tests.factories import make_legal_entity, make_org_unit, make_tenant
from tests.factories.performance import make_worker
from tests.factories.terminals import GATEWAY, make_terminal

from zhiheng.attendance.models import Punch
from zhiheng.tenancy.context import tenant_context
from zhiheng.terminals.choices import CommandKind
from zhiheng.terminals.models import (
    Terminal,
    TerminalCommand,
    TerminalEvent,
    TerminalUpload,
    TerminalUser,
    UnknownPunch,
)
from zhiheng.terminals.services.commands import NewCommand, queue_commands

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 7, 1, 8, 0)


@pytest.fixture(autouse=True)
def gateway(settings):
    for name, value in GATEWAY.items():
        setattr(settings, name, value)


@pytest.fixture
def place(db):
    tenant = make_tenant()
    entity = make_legal_entity(tenant)
    make_worker(make_org_unit(entity), "安安", "E01001")
    return tenant, entity


@pytest.fixture(params=sorted(FIRMWARE))
def device(request, place):
    make_terminal(*place, "SIM0001")
    return ADMSDeviceSimulator(Client(), serial="SIM0001", firmware=request.param)


def punches(place) -> list[tuple[str, str, int]]:
    with tenant_context(place[0].id):
        rows = Punch.objects.order_by("punched_at").values_list("person__name", "wall_time", "direction")
        return list(rows)


def test_it_is_told_how_to_behave(device):
    options = device.handshake()
    assert (options["ATTLOGStamp"], options["Realtime"], options["TimeZone"]) == ("None", "1", "8")
    assert options["Encrypt"] == "None"
    assert device.ping().text == "OK"


def test_punches_come_at_once_and_after_an_outage(device, place):
    device.handshake()
    device.punch("1001", MORNING)
    device.go_offline()
    for minute in range(1200):
        device.punch("1001", MORNING + dt.timedelta(hours=1, minutes=minute), status=1)
    answers = device.go_online()
    assert [each.text for each in answers] == ["OK: 500", "OK: 500", "OK: 200"]
    assert device.uploaded == 1201
    found = punches(place)
    assert len(found) == 1201
    assert found[:2] == [("安安", "2026-07-01 08:00:00", 0), ("安安", "2026-07-01 09:00:00", 1)]
    device.handshake()  # the stamp is kept: nothing to send
    assert device.pending() == []


def test_all_sent_again_changes_nothing(device, place):
    device.handshake()
    for minute in range(5):
        device.punch("1001", MORNING + dt.timedelta(minutes=minute))
    device.uploaded = 0
    assert [each.text for each in device.upload_pending(batch_size=2)] == ["OK: 2", "OK: 2", "OK: 1"]
    assert len(punches(place)) == 5


def test_an_unreadable_line_holds_nothing_up_and_is_kept(device, place):
    device.handshake()
    for minute in range(3):
        device.punch("1001", MORNING + dt.timedelta(minutes=minute), upload=False)
    (answer,) = device.upload_pending(corrupt_line=1)
    assert (answer.status, answer.text) == (200, "OK: 3")
    assert len(punches(place)) == 2
    with tenant_context(place[0].id):
        upload = TerminalUpload.objects.get()
        assert (upload.line_count, upload.bad_count) == (3, 1)
        assert b"garbage\tnot-a-date" in bytes(upload.body)
        assert TerminalEvent.objects.get(code="bad_lines").details == {
            "count": 1,
            "line": "garbage\tnot-a-date",
        }


def test_somebody_enrolled_at_the_terminal_is_seen_and_the_template_is_not_kept(device, place):
    device.handshake()
    device.enroll_at_device("1001", 6, b"finger print of ann", name="安安")
    device.enroll_at_device("77", 1, b"somebody", name="Nobody here")
    with tenant_context(place[0].id):
        rows = TerminalUser.objects.order_by("pin").values_list(
            "pin", "person__name", "device_name", "templates"
        )
        assert list(rows) == [
            ("1001", "安安", "安安", {"finger": [6]}), ("77", None, "Nobody here", {"finger": [1]}),
        ]  # fmt: skip
        assert b"ZmluZ2Vy" not in bytes(TerminalUpload.objects.first().body)
        assert TerminalEvent.objects.filter(kind="operation", code="6").count() == 2


def test_a_punch_of_nobody_is_kept(device, place):
    device.handshake()
    device.punch("4711", MORNING)
    assert punches(place) == []
    with tenant_context(place[0].id):
        assert UnknownPunch.objects.values_list("pin", "wall_time").get() == ("4711", "2026-07-01 08:00:00")


def test_commands_are_run_and_answered(device, place):
    device.handshake()
    with tenant_context(place[0].id):
        terminal = Terminal.objects.get()
        commands = [
            NewCommand(CommandKind.USER_UPDATE, {"pin": "1001", "name": "安安"}),
            NewCommand(CommandKind.INFO, {}),
            NewCommand(CommandKind.USER_UPDATE, {"pin": "1002", "name": "白白"}),
            NewCommand(CommandKind.USER_DELETE, {"pin": "1002"}),
        ]
        queue_commands(terminal, commands, by="人事")
    assert len(device.run_commands()) == 4
    assert device.users == {"1001": {"name": "安安", "privilege": 0}}
    with tenant_context(place[0].id):
        states = TerminalCommand.objects.order_by("number").values_list("number", "state", "return_code")
        assert list(states) == [(1, "done", 0), (2, "done", 0), (3, "done", 0), (4, "done", 0)]
        terminal.refresh_from_db()
        assert (terminal.user_count, terminal.firmware) == (1, "Ver 8.0.4-SIM")
        assert terminal.options["DeviceName"] == f"SIM-{device.firmware}"


def test_a_command_that_fails_says_why(device, place):
    device.handshake()
    device.fail_commands["DATA"] = -1002
    with tenant_context(place[0].id):
        terminal = Terminal.objects.get()
        queue_commands(terminal, [NewCommand(CommandKind.USER_UPDATE, {"pin": "1", "name": "x"})], by="人事")
    device.run_commands()
    with tenant_context(place[0].id):
        assert TerminalCommand.objects.values_list("state", "return_code").get() == ("failed", -1002)
