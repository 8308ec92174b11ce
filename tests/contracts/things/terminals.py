"""A terminal in every department's subsidiary, with people, punches of nobody, uploads, a photo and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.people.models import Person
from zhiheng.terminals.choices import CommandKind, EventKind
from zhiheng.terminals.models import Terminal, TerminalEvent, TerminalUpload, TerminalUser
from zhiheng.terminals.services.commands import NewCommand, queue_commands
from zhiheng.terminals.services.gateway import Incoming, answer
from zhiheng.terminals.services.terminals import approve_terminal, open_pairing

if TYPE_CHECKING:
    from tests.contracts.world import Company

KINDS = {
    "terminal_id": "terminal",
    "terminal_user_id": "terminal_user",
    "upload_id": "terminal_upload",
    "event_id": "terminal_event",
}
FIELD_KINDS = {"person_ids": "person"}
WITHOUT_MARKER = {"terminals:terminal_status", "list_events"}
OTHER_STATES = {"terminal": "waiting_terminal"}
OF_SUBSIDIARIES = {"terminal", "terminal_user", "terminal_upload", "terminal_event"}
OF_PEOPLE = OF_SUBSIDIARIES
BODY_WORDS = {"serial_number": "CONTRACT1"}
JPEG = b"\xff\xd8\xff\xe0"


def add(company: Company, actor: Actor) -> None:
    """Give every department's subsidiary a terminal in use and one that waits, named after the department's people."""
    for code in [each for each in company.ids if each != "all"]:
        found = company.ids[code]
        person = Person.objects.get(id=found["person"])
        serial = f"{company.latin}-{code}"
        found["terminal"] = _paired(actor, serial, f"{person.name}的考勤机", found["legal_entity"])
        approve_terminal(actor=actor, terminal_id=found["terminal"])
        found["waiting_terminal"] = _paired(
            actor, f"{serial}-2", f"{person.name}的新考勤机", found["legal_entity"]
        )
        _traffic(serial, person)
        terminal = Terminal.objects.get(id=found["terminal"])
        queue_commands(terminal, [NewCommand(CommandKind.LOG, {})], by=f"{person.name}上级")
        found["terminal_user"] = TerminalUser.objects.get(terminal=terminal, pin="4711").id
        found["terminal_upload"] = TerminalUpload.objects.filter(terminal=terminal, table="ATTLOG")[0].id
        found["terminal_event"] = TerminalEvent.objects.get(terminal=terminal, kind=EventKind.PHOTO).id


def crowd(company: Company, actor: Actor, count: int) -> None:
    """Add terminals, people on them, commands, uploads and events."""
    entity = company.ids["S1"]["legal_entity"]
    serial = f"{company.latin}-S1"
    for number in range(count):
        _paired(actor, f"{serial}-{number:03}", f"{company.name}{number}", entity)
        _send(serial, f"{5000 + number}\t2026-05-06 08:00:00\t0\t1\n", TABLE="ATTLOG")
        _send(serial, f"OPLOG 4\t14\t2026-05-06 10:{number % 60:02}:00\t{number}\t0\t0\t0\n", TABLE="OPERLOG")
    terminal = Terminal.objects.get(id=company.ids["S1"]["terminal"])
    commands = [NewCommand(CommandKind.USER_DELETE, {"pin": str(number)}) for number in range(count)]
    queue_commands(terminal, commands, by=company.name)


def _paired(actor: Actor, serial: str, name: str, entity):
    terminal_id = open_pairing(actor=actor, serial_number=serial, name=name, legal_entity_id=entity)
    _send(serial, "", OPTIONS="all", PUSHVER="2.4.1")
    return terminal_id


def _traffic(serial: str, person: Person) -> None:
    _send(serial, f"USER PIN=4711\tName={person.name}\tPri=0\n", TABLE="OPERLOG")
    _send(serial, "4711\t2026-05-04 08:00:00\t0\t1\n", TABLE="ATTLOG")
    photo = b"PIN=20260504080000-4711.jpg\nCMD=uploadphoto\0" + JPEG + person.name.encode()
    _send(serial, photo, TABLE="ATTPHOTO")


def _send(serial: str, body: str | bytes, **params: str) -> None:
    content = body.encode() if isinstance(body, str) else body
    answer(
        Incoming(
            "cdata", {"SN": serial, **params}, content, "10.0.0.8", timezone.now(), is_post="TABLE" in params
        )
    )
