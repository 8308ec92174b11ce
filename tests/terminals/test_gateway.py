"""What the gateway makes of the bytes of terminals."""

from __future__ import annotations

import datetime as dt
from unittest import mock

import pytest
from django.db import OperationalError
from django.utils import timezone
from tests.factories import make_legal_entity, make_tenant
from tests.factories.terminals import Device, make_terminal, minutes_ago

from zhiheng.attendance.models import Punch, PunchDevice
from zhiheng.files.models import StoredFile
from zhiheng.tenancy.context import tenant_context
from zhiheng.terminals.models import Terminal, TerminalEvent, TerminalUpload, TerminalUser, UnknownPunch
from zhiheng.terminals.services import gateway as gateway_service
from zhiheng.terminals.services.terminals import retire_terminal

JPEG = b"\xff\xd8\xff\xe0 picture \0 of \n somebody"


def punches(plant) -> list[tuple]:
    with plant.context():
        rows = Punch.objects.order_by("punched_at", "client_id")
        return list(rows.values_list("person__name", "wall_time", "direction", "method"))


def issues(plant) -> dict[str, dict]:
    with plant.context():
        return dict(TerminalEvent.objects.filter(kind="gateway").values_list("code", "details"))


# --- Punches ------------------------------------------------------------------------------------------------------


def test_lines_of_5_to_11_fields(plant):
    answer = plant.device.punch(
        "1001\t2026-07-01 08:00:00\t0\t1\t0",
        "1002\t2026-07-01 08:00:01\t1\t15\t0\t0\t0",
        "3\t2026-07-01 08:00:02\t255\t25\t0\t0\t0\t0\t0\t0\t",
        "1001\t2026-07-01 18:00:00\t5\t4\t7\t0\t0\t1\t36.5\t0",
    )
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"OK: 4", "text/plain")
    assert punches(plant) == [
        ("安安", "2026-07-01 08:00:00", 0, "finger"),
        ("白白", "2026-07-01 08:00:01", 1, "face"),
        ("陈晨", "2026-07-01 08:00:02", 255, "palm"),
        ("安安", "2026-07-01 18:00:00", 5, "card"),
    ]
    with plant.context():
        punch = Punch.objects.order_by("punched_at").first()
        assert (punch.punched_at, punch.client_id) == (
            dt.datetime(2026, 7, 1, 0, 0, tzinfo=dt.UTC), "SN0001:1001:2026-07-01 08:00:00",
        )  # fmt: skip
        assert (punch.device_id, punch.source, punch.is_late_upload) == (
            plant.terminal.device_id,
            "terminal",
            True,
        )


def test_padding_and_windows_line_ends(plant):
    body = b"\0\0 1001\t2026-07-01 08:00:00\t0\t1\t0\r\n\r\n\0\0\0\0" + b"\0" * 2000
    assert plant.device.post("cdata.aspx", body, table="ATTLOG", Stamp=1).content == b"OK: 1"
    assert len(punches(plant)) == 1


def test_resends_and_disorder_change_nothing(plant):
    one, two = "1001\t2026-07-01 08:00:00\t0\t1", "1001\t2026-07-01 18:00:00\t1\t1"
    for lines in ((two,), (one, two), (two, one, one)):
        assert plant.device.punch(*lines).content == f"OK: {len(lines)}".encode()
    assert [each[1] for each in punches(plant)] == ["2026-07-01 08:00:00", "2026-07-01 18:00:00"]
    with plant.context():
        reports = TerminalUpload.objects.order_by("received_at").values_list("report", flat=True)
        assert [(each["new"], each["known"]) for each in reports] == [(1, 0), (1, 1), (0, 3)]


def test_a_clock_that_started_again_or_runs_ahead(plant):
    ahead = f"{timezone.now() + dt.timedelta(days=30):%Y-%m-%d %H:%M:%S}"
    now = minutes_ago(1)
    plant.device.punch("1001\t2000-01-01 00:03:00\t0\t1", f"1001\t{ahead}\t0\t1", f"1001\t{now}\t0\t1")
    with plant.context():
        found = Punch.objects.order_by("punched_at").values_list("risks", "is_pending", "is_late_upload")
        assert list(found) == [(["clock_off"], True, False), ([], False, False), (["clock_off"], True, False)]
        plant.terminal.refresh_from_db()
        assert plant.terminal.newest_punch_at < timezone.now()
    assert issues(plant)["clock_off"] == {"count": 2, "time": "2000-01-01 00:03:00"}


def test_what_cannot_be_read_is_acknowledged_and_kept(plant):
    lines = (
        "garbage",
        "1001\t0000-00-00 00:00:00\t0\t1",
        "1001\t0001-01-01 00:00:00\t0\t1",
        "1001\t2026-07-01 08:00:00\t0",
    )
    assert plant.device.punch(*lines).content == b"OK: 4"
    assert len(punches(plant)) == 1
    with plant.context():
        upload = TerminalUpload.objects.get()
        assert (upload.line_count, upload.bad_count, bytes(upload.body).count(b"\n")) == (4, 3, 4)
    assert issues(plant)["bad_lines"] == {"count": 3, "line": "garbage"}


def test_pins_of_nobody_are_kept_and_looked_up_once(plant):
    plant.device.punch("9\t2026-07-01 08:00:00\t0\t1", "1001\t2026-07-01 08:00:00\t0\t1")
    plant.device.punch("9\t2026-07-01 08:00:00\t0\t1", "9\t2026-07-01 18:00:00\t1\t1")
    assert [each[0] for each in punches(plant)] == ["安安"]
    with plant.context():
        assert list(UnknownPunch.objects.order_by("wall_time").values_list("pin", "wall_time", "status")) == [
            ("9", "2026-07-01 08:00:00", 0), ("9", "2026-07-01 18:00:00", 1),
        ]  # fmt: skip
        rows = TerminalUser.objects.order_by("pin").values_list("pin", "person__name", "origin")
        assert list(rows) == [("1001", "安安", "number"), ("9", None, "device")]


def test_a_user_of_that_pin_with_another_name_is_not_taken_for_the_employee(plant):
    plant.device.post("cdata", "USER PIN=1001\tName=Zoe\tPri=0\n", table="OPERLOG", OpStamp=3)
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1")
    assert punches(plant) == []
    with plant.context():
        assert UnknownPunch.objects.count() == 1
        plant.terminal.refresh_from_db()
        assert plant.terminal.stamps == {"OPERLOG": "3", "ATTLOG": "9999"}


# --- Users, operations, errors, photos, options -------------------------------------------------------------------


def test_names_in_gb2312_come_and_go(plant):
    plant.device.hello(language=83)
    body = "USER PIN=1001\tName=安安\tPri=14\tPasswd=8\tCard=\tGrp=1\tTZ=0\n".encode("gb2312")
    assert plant.device.post("cdata", body, table="OPERLOG", Stamp=1).content == b"OK: 1"
    with plant.context():
        row = TerminalUser.objects.get()
        assert (row.device_name, row.person_id, row.privilege, row.is_on_device) == (
            "安安",
            plant.ann.id,
            14,
            True,
        )
        assert b"Passwd=[removed]" in bytes(TerminalUpload.objects.get().body)
        from zhiheng.terminals.services.people import send_people

        send_people(actor=plant.actor, terminal_id=plant.terminal.id, person_ids=[plant.ann.id])
    text = plant.device.get("getrequest").content
    assert text.startswith(b"C:1:DATA UPDATE USERINFO PIN=1001\tName=\xb0\xb2\xb0\xb2\tPri=14\t")


def test_a_terminal_with_chinese_menus_that_writes_utf8_is_answered_in_utf8(plant):
    plant.device.hello(language=83)
    plant.device.post("cdata", "USER PIN=1001\tName=安安\tPri=0\n", table="OPERLOG")
    with plant.context():
        plant.terminal.refresh_from_db()
        assert plant.terminal.encoding == "utf-8"
        assert TerminalUser.objects.get().device_name == "安安"


def test_operations_and_errors_once_each(plant):
    body = (
        "OPLOG 4\t14\t2026-07-01 10:22:34\t0\t0\t0\t0\n"
        "OPLOG 23\t14\t2026-07-01 10:23:00\t0\t0\t0\t0\n"
        "USER PIN=1001\tName=安安\tPri=0\n"
        "FP PIN=1001\tFID=6\tSize=4\tValid=1\tTMP=QUFB\n"
        "OPLOG 9\t14\t2026-07-01 10:24:00\t1002\t0\t0\t0\n"
        "what is this\n"
    )
    assert plant.device.post("cdata", body, table="OPERLOG", Stamp=1).content == b"OK: 6"
    plant.device.post("cdata", body, table="OPERLOG", Stamp=1)
    error = "ERRORLOG ErrCode=D01E0003\tErrMsg=\tDataOrigin=cmd\tCmdId=7\tAdditional=\n"
    assert plant.device.post("cdata", error, table="ERRORLOG", Stamp=1).content == b"OK: 1"
    with plant.context():
        events = TerminalEvent.objects.exclude(kind="gateway").order_by("kind", "happened_at")
        assert list(events.values_list("kind", "code", "pin", "is_alarming")) == [
            ("error", "D01E0003", "", True), ("operation", "4", "", False), ("operation", "23", "", True),
            ("operation", "9", "1002", False),
        ]  # fmt: skip
        assert TerminalUser.objects.get().templates == {"finger": [6]}
        assert all(b"QUFB" not in bytes(each.body) for each in TerminalUpload.objects.all())
    assert issues(plant)["bad_lines"] == {"count": 1, "line": "what is this"}


@pytest.mark.parametrize("path", ["cdata", "fdata"])
def test_a_photo_of_a_punch_is_stored_once(plant, path):
    head = f"PIN=20260701080000-1001.jpg\nSN=SN0001\nsize={len(JPEG)}\nCMD=uploadphoto".encode()
    for _ in range(2):
        assert plant.device.post(path, head + b"\0" + JPEG, table="ATTPHOTO", Stamp=1).content == b"OK"
    with plant.context():
        event = TerminalEvent.objects.get(kind="photo")
        assert (event.pin, event.happened_at) == ("1001", dt.datetime(2026, 7, 1, 0, 0, tzinfo=dt.UTC))
        assert bytes(StoredFile.objects.get(id=event.details["file"]).content) == JPEG
        assert {bytes(each.body) for each in TerminalUpload.objects.all()} == {head}


def test_a_torn_photo_is_kept_and_reported(plant):
    body = b"PIN=20260701080000-1001.jpg\nsize=999\nCMD=uploadphoto\0" + JPEG
    assert plant.device.post("cdata", body, table="ATTPHOTO").content == b"OK"
    with plant.context():
        assert bytes(TerminalUpload.objects.get().body) == body
    assert issues(plant)["bad_photo"] == {"name": "20260701080000-1001.jpg", "size": len(JPEG)}


def test_what_it_says_about_itself(plant):
    body = (
        "~DeviceName=SpeedFace-V5L,FWVersion=ZAM180-NF-Ver1.1.17,UserCount=2,FaceCount=1,TransactionCount=77"
    )
    assert plant.device.post("cdata", body, table="options").content == b"OK"
    plant.device.get("getrequest", INFO="Ver 9,12,3,200,10.0.0.8,10,7,15,4,111")
    with plant.context():
        plant.terminal.refresh_from_db()
        found = plant.terminal
    assert (found.model_name, found.firmware, found.user_count, found.face_count, found.punch_count) == (
        "SpeedFace-V5L", "Ver 9", 12, 4, 200,
    )  # fmt: skip


def test_unknown_tables_and_paths_are_kept_and_answered(plant):
    assert plant.device.post("cdata", b"new thing", table="NEWS").content == b"OK"
    assert plant.device.post("novelty/x", b"more").content == b"OK"
    assert plant.device.get("cdata", table="RemoteAtt", PIN=1).content == b"OK"
    assert issues(plant) == {"unknown_table": {"table": "NEWS"}, "unknown_path": {"path": "novelty/x"}}
    with plant.context():
        kept = TerminalUpload.objects.order_by("received_at").values_list("path", "table", "body")
        assert [(path, table, bytes(body)) for path, table, body in kept] == [
            ("cdata", "NEWS", b"new thing"), ("novelty/x", "", b"more"),
        ]  # fmt: skip


# --- Who gets in --------------------------------------------------------------------------------------------------


def test_all_others_get_the_same_answer(plant):
    with plant.context():
        other = make_legal_entity(plant.tenant, "另一家")
    retired = make_terminal(plant.tenant, other, "SN0002")
    with plant.context():
        retire_terminal(actor=plant.actor, terminal_id=retired.id)
    answers = set()
    for serial in ("SN0002", "NOBODY1", "", "x'; DROP TABLE punch; --", "A" * 70):
        device = Device(serial)
        for answer in (
            device.hello(), device.get("getrequest"), device.get("ping"), device.post("devicecmd", "ID=1&Return=0"),
            device.punch("1001\t2026-07-01 08:00:00\t0\t1"),
        ):  # fmt: skip
            answers.add((answer.status_code, answer.content, tuple(answer.items())))
    assert {each[:2] for each in answers} == {(401, b"UNAUTHORIZED")}
    assert len(answers) == 1
    assert punches(plant) == []


def test_only_allowed_addresses(plant):
    with plant.context():
        Terminal.objects.update(allowed_ips=["10.0.0.8"])
    assert plant.device.get("ping").status_code == 200
    assert Device(ip="10.0.0.9").get("ping").status_code == 401
    assert issues(plant) == {"wrong_address": {"ip": "10.0.0.9"}}


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(plant, settings):
    settings.IS_BEHIND_PROXY = True
    plant.device.client.get(
        "/iclock/ping?SN=SN0001", headers={"X-Forwarded-For": "1.1.1.1, 10.0.0.77"}, REMOTE_ADDR="127.0.0.1"
    )
    with plant.context():
        plant.terminal.refresh_from_db()
        assert plant.terminal.ip_address == "10.0.0.77"


def test_a_key_that_is_set_has_to_be_shown(db, gateway):
    tenant = make_tenant()
    terminal = make_terminal(tenant, make_legal_entity(tenant), "SN0003", key="secret")
    assert terminal.key_hash not in ("", "secret")
    device = Device("SN0003")
    assert device.hello(pushcommkey="secret").status_code == 200
    assert device.hello().status_code == 401
    assert device.hello(pushcommkey="guess").status_code == 401
    with tenant_context(tenant.id):
        assert TerminalEvent.objects.get().code == "wrong_key"


def test_a_body_that_is_too_large_is_refused_and_reported(plant, monkeypatch):
    monkeypatch.setattr("zhiheng.terminals.views.gateway.MAX_BODY_BYTES", 100)
    assert plant.device.post("cdata", b"x" * 101, table="ATTPHOTO").status_code == 413
    assert issues(plant) == {"too_large": {"table": "ATTPHOTO"}}


def test_access_control_terminals_are_refused_politely(plant):
    assert plant.device.post("registry", b"x").status_code == 406
    assert plant.device.post("cdata", b"time=2026", table="rtlog").status_code == 406
    answer = plant.device.hello(DeviceType="acc")
    assert (answer.status_code, answer.content) == (406, b"ERROR: access control protocol is not supported")
    assert list(issues(plant)) == ["access_protocol"]


# --- Failures -----------------------------------------------------------------------------------------------------


def test_when_the_database_is_away_nothing_is_acknowledged(plant):
    with mock.patch.object(gateway_service, "take_punches", side_effect=OperationalError("gone")):
        answer = plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1")
    assert (answer.status_code, answer.content) == (503, b"ERROR: try again")
    assert plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1").content == b"OK: 1"


def test_a_mistake_of_ours_keeps_the_upload_and_the_line_moving(plant, caplog):
    with mock.patch.object(gateway_service, "take_punches", side_effect=ValueError("ours")):
        assert plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1").status_code == 200
    assert punches(plant) == []
    assert issues(plant)["not_processed"] == {"error": "ValueError", "table": "ATTLOG"}
    from zhiheng.terminals.services.uploads import process_again

    with plant.context():
        upload = TerminalUpload.objects.get()
        assert upload.report == {"failed": "ValueError"}
        assert process_again(actor=plant.actor, upload_id=upload.id) == 1
    assert len(punches(plant)) == 1


# --- How far it is ------------------------------------------------------------------------------------------------


def test_it_is_in_step_when_it_has_been_asking_for_a_while(plant):
    def synced() -> dt.datetime | None:
        with plant.context():
            return PunchDevice.objects.get().synced_until

    def at(moment: dt.datetime) -> None:
        with mock.patch("django.utils.timezone.now", return_value=moment):
            plant.device.get("getrequest")

    start = timezone.now() + dt.timedelta(hours=1)
    for seconds in (0, 100, 200, 290):
        at(start + dt.timedelta(seconds=seconds))
    assert synced() is None
    at(start + dt.timedelta(seconds=310))
    assert synced() == start + dt.timedelta(seconds=190)
    # After a pause, what it kept may still come.
    late = start + dt.timedelta(hours=3)
    at(late)
    assert synced() == start + dt.timedelta(seconds=190)
    with plant.context():
        Terminal.objects.update(
            connected_since=late - dt.timedelta(hours=1), last_seen_at=late - dt.timedelta(minutes=1),
            last_upload_at=late - dt.timedelta(seconds=30), newest_punch_at=late - dt.timedelta(hours=2),
        )  # fmt: skip
    at(late)
    assert synced() == start + dt.timedelta(seconds=190)


def test_a_terminal_of_another_company_stays_there(plant):
    other = make_tenant("乙公司")
    make_terminal(other, make_legal_entity(other), "SN0009")
    Device("SN0009").punch("1001\t2026-07-01 08:00:00\t0\t1")
    assert punches(plant) == []
    with tenant_context(other.id):
        assert (Punch.objects.count(), UnknownPunch.objects.count()) == (0, 1)
        assert Terminal.objects.count() == 1
