"""Commands: queueing them, handing them out when a terminal asks, and taking its answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from zhiheng.terminals.calc import commands as texts
from zhiheng.terminals.calc.options import parse_options
from zhiheng.terminals.calc.text import encode
from zhiheng.terminals.choices import CommandKind, CommandState, GatewayIssue, PushState
from zhiheng.terminals.models import Terminal, TerminalCommand, TerminalUser
from zhiheng.terminals.services.events import note_issue
from zhiheng.terminals.services.faces import photo_for_terminal
from zhiheng.terminals.services.reports import encoding_of, take_options

RESEND_AFTER = dt.timedelta(seconds=60)
MAX_ATTEMPTS = 5
AT_ONCE = 50
MAX_ANSWER_BYTES = 512 * 1024
TRY_AGAIN = frozenset({-1003, -1005})
"""Return codes of a terminal that was busy."""
NO_SUCH_PIN = -10


@dataclass(frozen=True)
class NewCommand:
    """A command on its way into the queue."""

    kind: CommandKind
    values: Mapping[str, object]
    user_id: UUID | None = None


def queue_commands(terminal: Terminal, commands: Sequence[NewCommand], *, by: str) -> list[TerminalCommand]:
    """Queue commands of a terminal in their order. One of the same kind and content that still waits serves too."""
    if not commands:
        return []
    locked = Terminal.objects.select_for_update().get(id=terminal.id)
    waiting = TerminalCommand.objects.filter(terminal=terminal, state=CommandState.QUEUED)
    known = {(each.kind, each.user_id, str(sorted(each.values.items()))) for each in waiting}
    now = timezone.now()
    rows = []
    for each in commands:
        if (each.kind, each.user_id, str(sorted(each.values.items()))) in known:
            continue
        locked.command_number += 1
        rows.append(_row(terminal, each, locked.command_number, by, now))
    locked.save(update_fields=["command_number"])
    return TerminalCommand.objects.bulk_create(rows, batch_size=500)


def _row(terminal: Terminal, new: NewCommand, number: int, by: str, now: dt.datetime) -> TerminalCommand:
    return TerminalCommand(
        terminal=terminal, legal_entity_id=terminal.legal_entity_id, user_id=new.user_id, number=number,
        kind=new.kind, values=dict(new.values), requested_by=by[:120], queued_at=now,
    )  # fmt: skip


def cancel_commands(commands: Iterable[TerminalCommand]) -> int:
    """Take back commands that no terminal has fetched yet, and what waits for them; returns how many."""
    waiting = TerminalCommand.objects.select_for_update().filter(
        id__in=[each.id for each in commands], state=CommandState.QUEUED
    )
    rows = list(waiting)
    for each in rows:
        each.state, each.done_at = CommandState.CANCELLED, timezone.now()
        field = _STATES.get(CommandKind(each.kind), ("", ""))[0]
        if each.user_id and field:
            TerminalUser.objects.filter(id=each.user_id).update(**{field: PushState.NONE})
    TerminalCommand.objects.bulk_update(rows, ["state", "done_at"])
    return len(rows)


# --- Out --------------------------------------------------------------------------------------------------------


def hand_out(terminal: Terminal) -> bytes:
    """Return the lines of the commands a terminal is to do now; empty when there are none.

    What it fetched and did not answer within a minute is handed out again, up to five times.
    """
    now = timezone.now()
    is_unanswered = Q(state=CommandState.SENT, sent_at__lt=now - RESEND_AFTER)
    due = TerminalCommand.objects.filter(Q(state=CommandState.QUEUED) | is_unanswered, terminal=terminal)
    rows = list(
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .order_by("number")[:AT_ONCE]
    )
    answer = b""
    for each in rows:
        line = _next_line(terminal, each, now)
        if answer and len(answer) + len(line) > MAX_ANSWER_BYTES:
            break
        if line:
            each.state, each.sent_at, each.attempts = CommandState.SENT, now, each.attempts + 1
        each.save(update_fields=["state", "sent_at", "attempts", "text", "answer", "done_at"])
        answer += line
    return answer


def _next_line(terminal: Terminal, command: TerminalCommand, now: dt.datetime) -> bytes:
    """Return the line of a command; empty when it is given up."""
    if command.attempts >= MAX_ATTEMPTS:
        command.state, command.done_at = CommandState.FAILED, now
        _note_outcome(command, is_done=False)
        return b""
    text = _text(command)
    if text is None:
        command.state, command.done_at = CommandState.CANCELLED, now
        TerminalUser.objects.filter(id=command.user_id).update(face_state=PushState.NONE)
        return b""
    command.text = text.partition("Content=")[0][:400]
    return encode(texts.command_line(command.number, text), encoding_of(terminal))


def _text(command: TerminalCommand) -> str | None:
    """Write a command; ``None`` when there is no photo to send, or no longer consent to it."""
    values, kind = command.values, command.kind
    pin = str(values.get("pin", ""))
    since, until = (_wall(values.get(key)) for key in ("since", "until"))
    if kind == CommandKind.USER_UPDATE:
        return texts.user_update(pin, str(values.get("name", "")), privilege=int(values.get("privilege", 0)))
    if kind == CommandKind.USER_DELETE:
        return texts.user_delete(pin)
    if kind == CommandKind.FACE_UPDATE:
        photo = (
            photo_for_terminal(command.user.person_id) if command.user and command.user.person_id else None
        )
        return texts.face_update(pin, photo) if photo else None
    if kind == CommandKind.FACE_DELETE:
        return texts.face_delete(pin)[0]
    if kind == CommandKind.FACE_TEMPLATE_DELETE:
        return texts.face_delete(pin)[1]
    if kind == CommandKind.QUERY_USERS:
        return texts.query_users(pin)
    if kind == CommandKind.QUERY_PUNCHES:
        return texts.query_punches(since, until)
    if kind == CommandKind.VERIFY_COUNT:
        return texts.verify_count(since, until)
    return {
        CommandKind.CHECK: texts.CHECK, CommandKind.LOG: texts.LOG, CommandKind.INFO: texts.INFO,
        CommandKind.REBOOT: texts.REBOOT,
    }[CommandKind(kind)]  # fmt: skip


def _wall(value: object) -> dt.datetime:
    return dt.datetime.fromisoformat(str(value)) if value else dt.datetime(2000, 1, 1)  # noqa: DTZ001


# --- Back -------------------------------------------------------------------------------------------------------


def take_answers(terminal: Terminal, text: str, *, upload_id: UUID) -> dict[str, int]:
    """Take a terminal's answers to commands; one sent twice changes nothing."""
    acks, lost = texts.parse_acks(text)
    numbers = {each.number for each in acks if each.number is not None and each.number > 0}
    rows = TerminalCommand.objects.select_for_update(of=("self",)).filter(
        terminal=terminal, number__in=numbers, state__in=[CommandState.QUEUED, CommandState.SENT]
    )
    known = {each.number: each for each in rows.select_related("user").order_by("number")}
    strange = 0
    for each in acks:
        command = known.pop(each.number, None) if each.number is not None else None
        if command is None:
            strange += 1
        else:
            _take_answer(terminal, command, each)
        if each.command.upper() == "INFO" and each.code == 0:
            take_options(terminal, parse_options(each.extra))
    if lost:
        note_issue(terminal, GatewayIssue.LOST_ACKS, details={"line": lost[0][:200]}, upload_id=upload_id)
    return {"answers": len(acks), "not_waited_for": strange, "bad": len(lost)}


def _take_answer(terminal: Terminal, command: TerminalCommand, ack: texts.Ack) -> None:
    values = [f"{key}={value}" for key, value in ack.values.items()]
    command.return_code = ack.code
    command.answer = "\n".join([*values, ack.extra]).strip()[:2000]
    if ack.code in TRY_AGAIN and command.attempts < MAX_ATTEMPTS:
        command.state = CommandState.QUEUED
    else:
        is_gone = command.kind in _DELETING and ack.code == NO_SUCH_PIN
        is_done = (ack.code is not None and ack.code >= 0) or is_gone
        command.state = CommandState.DONE if is_done else CommandState.FAILED
        command.done_at = timezone.now()
        _note_outcome(command, is_done=is_done)
    command.save(update_fields=["state", "return_code", "answer", "done_at"])
    if command.kind == CommandKind.VERIFY_COUNT and command.state == CommandState.DONE:
        from zhiheng.terminals.services.reconcile import compare_counts

        compare_counts(terminal, command, ack.values.get("ATTLOGSUM", ""))


_DELETING = frozenset({CommandKind.USER_DELETE, CommandKind.FACE_DELETE, CommandKind.FACE_TEMPLATE_DELETE})
_STATES = {
    CommandKind.USER_UPDATE: ("state", PushState.PUSHED),
    CommandKind.FACE_UPDATE: ("face_state", PushState.PUSHED),
    CommandKind.USER_DELETE: ("state", PushState.DELETED),
    CommandKind.FACE_DELETE: ("face_state", PushState.DELETED),
}


def _note_outcome(command: TerminalCommand, *, is_done: bool) -> None:
    """Bring the push state of the command's user up to what the terminal said."""
    if command.user_id is None or command.kind not in _STATES:
        return
    field, reached = _STATES[CommandKind(command.kind)]
    changes: dict[str, object] = {field: reached if is_done else PushState.FAILED}
    changes["error"] = (
        "" if is_done else str(command.return_code if command.return_code is not None else "timeout")
    )
    if is_done and command.kind == CommandKind.USER_UPDATE:
        changes |= {"is_on_device": True, "pushed_at": timezone.now()}
    if is_done and command.kind == CommandKind.USER_DELETE:
        changes |= {"is_on_device": False, "face_state": PushState.NONE, "templates": {}}
    TerminalUser.objects.filter(id=command.user_id).update(**changes)
