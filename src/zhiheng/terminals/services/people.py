"""Sending people to terminals and taking them off again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.faces.public import enrolled
from zhiheng.people.public import PersonRef, persons_by_id
from zhiheng.terminals.calc.pins import assign_pins, default_pin
from zhiheng.terminals.choices import CommandKind, PinOrigin, PushState, TerminalState
from zhiheng.terminals.models import Terminal, TerminalUser
from zhiheng.terminals.queries.terminals import terminal_for_change
from zhiheng.terminals.services.commands import NewCommand, queue_commands

SUBJECT = "terminals.terminal"
GONE = "left"


@dataclass(frozen=True)
class Sent:
    """How many people are on their way to a terminal, and how many of them with a photo."""

    people: int
    faces: int


def send_people(*, actor: Actor, terminal_id: UUID, person_ids: Collection[UUID]) -> Sent:
    """Send people to a terminal, with the photos of those who consented; who has left is passed over.

    They are of the tenant and subsidiaries in force; ValidationError while the terminal is not in use.
    """
    terminal = _in_use(actor, terminal_id)
    found = persons_by_id(list(person_ids)).values()
    people = sorted((each for each in found if each.status != GONE), key=lambda each: each.number)
    rows = _rows_of(terminal, people)
    faces = enrolled([each.id for each in people])
    commands = []
    for person in people:
        row = rows[person.id]
        row.state, row.error = PushState.QUEUED, ""
        commands.append(_user_command(row, person))
        if person.id in faces:
            row.face_state = PushState.QUEUED
            commands.append(NewCommand(CommandKind.FACE_UPDATE, {"pin": row.pin}, row.id))
    TerminalUser.objects.bulk_update(rows.values(), ["state", "face_state", "error"], batch_size=500)
    queue_commands(terminal, commands, by=actor.name)
    sent = Sent(len(people), sum(each.kind == CommandKind.FACE_UPDATE for each in commands))
    payload = {"people": sent.people, "faces": sent.faces}
    record(actor, "terminals.people.send", subject=(SUBJECT, terminal.id), payload=payload)
    return sent


def _user_command(row: TerminalUser, person: PersonRef) -> NewCommand:
    # The privilege stays what it is on the terminal: its administrator would lock themselves out.
    values = {"pin": row.pin, "name": person.name, "privilege": row.privilege}
    return NewCommand(CommandKind.USER_UPDATE, values, row.id)


def _rows_of(terminal: Terminal, people: list[PersonRef]) -> dict[UUID, TerminalUser]:
    """Return the users of people at a terminal, with PINs for those who have none yet."""
    rows = {
        each.person_id: each
        for each in TerminalUser.objects.filter(terminal=terminal, person_id__in=[each.id for each in people])
    }
    missing = {each.id: each.number for each in people if each.id not in rows}
    if not missing:
        return rows
    elsewhere = TerminalUser.objects.filter(person_id__in=missing).exclude(terminal=terminal)
    known = dict(elsewhere.order_by("pin").values_list("person_id", "pin"))
    here = TerminalUser.objects.filter(terminal=terminal)
    taken = set(here.exclude(person=None).values_list("pin", flat=True))
    unowned = {each.pin: each for each in here.filter(person=None)}
    known = {person_id: pin for person_id, pin in known.items() if pin not in taken | set(unowned)}
    pins = assign_pins(missing, known, taken | _strangers(unowned, people))
    fresh = []
    for person_id, pin in pins.items():
        row = unowned.get(pin) or TerminalUser(
            terminal=terminal, legal_entity_id=terminal.legal_entity_id, pin=pin, templates={}
        )
        row.person_id = person_id
        row.origin = PinOrigin.NUMBER if pin == default_pin(missing[person_id]) else PinOrigin.ASSIGNED
        fresh.append(row)
        rows[person_id] = row
    TerminalUser.objects.bulk_create([each for each in fresh if each.pin not in unowned])
    TerminalUser.objects.bulk_update([each for each in fresh if each.pin in unowned], ["person", "origin"])
    return rows


def _strangers(unowned: dict[str, TerminalUser], people: Iterable[PersonRef]) -> set[str]:
    """Return the PINs on the terminal that carry another name than whoever would get them by number."""
    names = {default_pin(each.number): each.name for each in people}
    return {
        pin for pin, row in unowned.items()
        if row.device_name and "".join(row.device_name.split()) != "".join(names.get(pin, "").split())
    }  # fmt: skip


def remove_people(*, actor: Actor, terminal_id: UUID, user_ids: Collection[UUID]) -> int:
    """Take users off a terminal, with all it recognises them by; whose PIN it was stays known. Returns how many."""
    terminal = _in_use(actor, terminal_id)
    rows = list(TerminalUser.objects.filter(terminal=terminal, id__in=user_ids))
    _queue_removal(terminal, rows, by=actor.name)
    record(actor, "terminals.people.remove", subject=(SUBJECT, terminal.id), payload={"people": len(rows)})
    return len(rows)


def _queue_removal(terminal: Terminal, rows: list[TerminalUser], *, by: str) -> None:
    for each in rows:
        each.state, each.error = PushState.DELETING, ""
    TerminalUser.objects.bulk_update(rows, ["state", "error"], batch_size=500)
    commands = [NewCommand(CommandKind.USER_DELETE, {"pin": each.pin}, each.id) for each in rows]
    queue_commands(terminal, commands, by=by)


def _in_use(actor: Actor, terminal_id: UUID) -> Terminal:
    terminal = terminal_for_change(actor, terminal_id)
    if terminal.state != TerminalState.APPROVED:
        raise ValidationError(_("设备尚未启用。"), code="not_approved")
    return terminal


# --- By itself --------------------------------------------------------------------------------------------------

_THERE = Q(is_on_device=True) | Q(state__in=[PushState.PUSHED, PushState.QUEUED])


def keep_people_current(*, by: str) -> dict[str, int]:
    """Take who has left off all terminals, and the faces of those who withdrew consent; return how many of each."""
    counts = {"left": 0, "faces": 0}
    for terminal in Terminal.objects.select_for_update().filter(state=TerminalState.APPROVED).order_by("id"):
        rows = list(
            TerminalUser.objects.filter(_THERE, terminal=terminal)
            .exclude(person=None)
            .exclude(state=PushState.DELETING)
        )
        refs = persons_by_id({each.person_id for each in rows})
        left = [each for each in rows if refs[each.person_id].status == GONE]
        _queue_removal(terminal, left, by=by)
        allowed = enrolled(refs.keys())
        faces = [
            each for each in rows if _has_face(each) and each not in left and each.person_id not in allowed
        ]
        _queue_face_removal(terminal, faces, by=by)
        counts["left"] += len(left)
        counts["faces"] += len(faces)
    return counts


def _has_face(row: TerminalUser) -> bool:
    return row.face_state in (PushState.PUSHED, PushState.QUEUED)


def _queue_face_removal(terminal: Terminal, rows: list[TerminalUser], *, by: str) -> None:
    for each in rows:
        each.face_state = PushState.DELETING
    TerminalUser.objects.bulk_update(rows, ["face_state"], batch_size=500)
    commands = [
        NewCommand(kind, {"pin": each.pin}, each.id)
        for each in rows
        for kind in (CommandKind.FACE_DELETE, CommandKind.FACE_TEMPLATE_DELETE)
    ]
    queue_commands(terminal, commands, by=by)
