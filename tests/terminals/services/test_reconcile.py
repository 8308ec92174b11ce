"""Terminals are asked to count, to send again, and to do a few other things; and old uploads go."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction
from django.http import Http404
from django.utils import timezone

from zhiheng.terminals import tasks
from zhiheng.terminals.choices import CommandKind
from zhiheng.terminals.models import Terminal, TerminalCommand, TerminalEvent, TerminalUpload
from zhiheng.terminals.services import reconcile
from zhiheng.terminals.services.commands import NewCommand, cancel_commands, queue_commands
from zhiheng.terminals.services.uploads import note_events_seen, process_again, purge_uploads

DAY = dt.date(2026, 7, 1)


def about(plant) -> dict:
    return {"actor": plant.actor, "terminal_id": plant.terminal.id}


def test_when_the_terminal_has_more_they_are_asked_for_again(plant):
    plant.device.punch(
        "1001\t2026-07-01 08:00:00\t0\t1", "9\t2026-07-01 23:59:59\t0\t1", "9\t2026-07-02 00:00:00\t0\t1"
    )
    with plant.context():
        reconcile.verify(**about(plant), first=DAY, last=DAY)
    ((number, text),) = plant.device.commands()
    assert text == "VERIFY SUM ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-01 23:59:59"
    plant.device.post("devicecmd", f"ID={number}&Return=0&CMD=VERIFY SUM&StartTime=x&EndTime=y&AttlogSum=3")
    assert [each for _, each in plant.device.commands()] == [
        "DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-01 23:59:59"
    ]
    with plant.context():
        event = TerminalEvent.objects.get(code="count_differs")
        assert (event.details["terminal"], event.details["here"]) == (3, 2)


@pytest.mark.parametrize(("answer", "events"), [("2", 0), ("1", 1), ("x", 0), ("", 0)])
def test_else_nothing_is_asked_for(plant, answer, events):
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1", "9\t2026-07-01 23:59:59\t0\t1")
    with plant.context():
        reconcile.verify(**about(plant), first=DAY, last=DAY)
    ((number, _),) = plant.device.commands()
    plant.device.post("devicecmd", f"ID={number}&Return=0&CMD=VERIFY SUM&AttlogSum={answer}")
    assert plant.device.commands() == []
    with plant.context():
        assert TerminalEvent.objects.filter(code="count_differs").count() == events


def test_all_of_it_again(plant):
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1", stamp=77)
    assert "ATTLOGStamp=77\n" in plant.device.hello().content.decode()
    with plant.context():
        reconcile.send_all_again(**about(plant))
    assert [each for _, each in plant.device.commands()] == ["CHECK"]
    assert "ATTLOGStamp=0\n" in plant.device.hello().content.decode()
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1", stamp=78)
    assert "ATTLOGStamp=78\n" in plant.device.hello().content.decode()


def test_simple_orders(plant):
    with plant.context():
        for kind in (CommandKind.QUERY_USERS, CommandKind.LOG, CommandKind.INFO, CommandKind.REBOOT):
            reconcile.order(**about(plant), kind=kind)
        reconcile.fetch_again(**about(plant), first=DAY, last=DAY)
        with pytest.raises(ValidationError, match="不支持"):
            reconcile.order(**about(plant), kind=CommandKind.USER_DELETE)
        with pytest.raises(ValidationError, match="92"):
            reconcile.verify(**about(plant), first=DAY, last=DAY - dt.timedelta(days=1))
    assert [each.split(" Start")[0] for _, each in plant.device.commands()] == [
        "DATA QUERY USERINFO", "LOG", "INFO", "REBOOT", "DATA QUERY ATTLOG",
    ]  # fmt: skip


def test_only_while_it_is_in_use(plant):
    with plant.context():
        Terminal.objects.update(state="retired")
        with pytest.raises(ValidationError, match="尚未启用"):
            reconcile.order(**about(plant), kind=CommandKind.LOG)


def test_a_command_that_waits_can_be_taken_back(plant):
    with plant.context():
        commands = queue_commands(plant.terminal, [NewCommand(CommandKind.REBOOT, {})], by="人事")
        assert queue_commands(plant.terminal, [], by="人事") == []
        cancel_commands(commands)
    assert plant.device.commands() == []


def test_answers_to_nothing_are_kept(plant):
    answer = plant.device.post("devicecmd", "lost line\nID=99&Return=0&CMD=DATA\nID=x&Return=0\n")
    assert answer.content == b"OK"
    with plant.context():
        assert TerminalUpload.objects.get().report == {"answers": 2, "not_waited_for": 2, "bad": 1}
        assert TerminalEvent.objects.get().code == "lost_acks"


def test_the_night_counts_and_cleans(plant):
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1")
    tasks.nightly(0)
    assert [text.partition(" Start")[0] for _, text in plant.device.commands()] == ["VERIFY SUM ATTLOG"]
    with plant.context():
        assert TerminalUpload.objects.count() == 1


def test_uploads_are_only_added_and_go_after_their_time(plant):
    plant.device.punch("1001\t2026-07-01 08:00:00\t0\t1")
    with plant.context():
        for forbidden in (TerminalUpload.objects.all().delete, lambda: TerminalUpload.objects.update(size=1)):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                forbidden()
        old = TerminalUpload.objects.get()
        for days in (29, 31, 99):
            TerminalUpload.objects.create(
                terminal=plant.terminal, legal_entity=plant.entity, path="cdata", table="ATTLOG", body=b"", size=0,
                received_at=timezone.now() - dt.timedelta(days=days),
            )  # fmt: skip
        Terminal.objects.update(keep_days=1)
        assert purge_uploads() == 2
        assert TerminalUpload.objects.filter(id=old.id).exists()


def test_seen_by_somebody_in_charge(plant):
    plant.device.punch("garbage")
    with plant.context():
        assert note_events_seen(**about(plant)) == 1
        assert note_events_seen(**about(plant)) == 0


def test_what_can_be_processed_again(plant):
    plant.device.post("cdata", b"new thing", table="NEWS")
    with plant.context():
        with pytest.raises(ValidationError, match="不能重新处理"):
            process_again(actor=plant.actor, upload_id=TerminalUpload.objects.get().id)
        with pytest.raises(Http404):
            process_again(actor=plant.actor, upload_id=plant.terminal.id)
        assert TerminalCommand.objects.count() == 0
