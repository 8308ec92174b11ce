"""Comparing a terminal with what is here, and asking it for what is missing."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.public import count_device_punches
from zhiheng.audit.public import record
from zhiheng.terminals.choices import CommandKind, GatewayIssue, TerminalState
from zhiheng.terminals.models import Terminal, TerminalCommand, UnknownPunch
from zhiheng.terminals.queries.terminals import terminal_for_change
from zhiheng.terminals.services.commands import NewCommand, queue_commands
from zhiheng.terminals.services.events import note_issue

SUBJECT = "terminals.terminal"
SIMPLE = frozenset({CommandKind.QUERY_USERS, CommandKind.LOG, CommandKind.INFO, CommandKind.REBOOT})
LONGEST = dt.timedelta(days=92)


def order(*, actor: Actor, terminal_id: UUID, kind: CommandKind) -> None:
    """Tell a terminal to do something that takes no values; ValidationError while it is not in use."""
    if kind not in SIMPLE:
        raise ValidationError(_("不支持此命令。"), code="unknown_command")
    terminal = _in_use(actor, terminal_id)
    queue_commands(terminal, [NewCommand(kind, {})], by=actor.name)
    record(actor, "terminals.command.order", subject=(SUBJECT, terminal.id), payload={"kind": kind})


def fetch_again(*, actor: Actor, terminal_id: UUID, first: dt.date, last: dt.date) -> None:
    """Ask a terminal for the punches of some days again; those that are here already stay as they are."""
    _order_stretch(actor, terminal_id, CommandKind.QUERY_PUNCHES, first, last)


def verify(*, actor: Actor, terminal_id: UUID, first: dt.date, last: dt.date) -> None:
    """Let a terminal count the punches of some days; if it has more, they are asked for again."""
    _order_stretch(actor, terminal_id, CommandKind.VERIFY_COUNT, first, last)


def _order_stretch(actor: Actor, terminal_id: UUID, kind: CommandKind, first: dt.date, last: dt.date) -> None:
    if not first <= last <= first + LONGEST:
        raise ValidationError(_("请选择不超过 92 天的日期范围。"), code="bad_stretch")
    terminal = _in_use(actor, terminal_id)
    queue_commands(terminal, [NewCommand(kind, stretch(first, last))], by=actor.name)
    payload = {"kind": kind, "first": first, "last": last}
    record(actor, "terminals.command.order", subject=(SUBJECT, terminal.id), payload=payload)


def stretch(first: dt.date, last: dt.date) -> dict[str, object]:
    """Return whole days as the values of a command, in wall time."""
    return {"since": f"{first.isoformat()}T00:00:00", "until": f"{last.isoformat()}T23:59:59"}


def send_all_again(*, actor: Actor, terminal_id: UUID) -> None:
    """Let a terminal send all punches it holds once more: its stamp starts over."""
    terminal = _in_use(actor, terminal_id)
    terminal.resend = sorted({*terminal.resend, "ATTLOG"})
    terminal.save(update_fields=["resend"])
    queue_commands(terminal, [NewCommand(CommandKind.CHECK, {})], by=actor.name)
    record(actor, "terminals.command.order", subject=(SUBJECT, terminal.id), payload={"kind": "resend"})


def _in_use(actor: Actor, terminal_id: UUID) -> Terminal:
    terminal = terminal_for_change(actor, terminal_id)
    if terminal.state != TerminalState.APPROVED:
        raise ValidationError(_("设备尚未启用。"), code="not_approved")
    return terminal


def compare_counts(terminal: Terminal, command: TerminalCommand, answered: str) -> None:
    """Compare the terminal's own count of a stretch with ours; when it has more, ask for them again."""
    if not answered.isascii() or not answered.isdigit():
        return
    ours = count_here(terminal, command.values)
    if int(answered) == ours:
        return
    details = {"terminal": int(answered), "here": ours, **command.values}
    note_issue(terminal, GatewayIssue.COUNT_DIFFERS, details=details, once=str(command.id))
    if int(answered) > ours:
        values = {"since": command.values["since"], "until": command.values["until"]}
        queue_commands(terminal, [NewCommand(CommandKind.QUERY_PUNCHES, values)], by=command.requested_by)


def count_here(terminal: Terminal, values: dict[str, object]) -> int:
    """Return how many punches of a stretch of wall time are here, those of nobody known included."""
    zone = ZoneInfo(terminal.zone)
    since, until = (
        dt.datetime.fromisoformat(str(values[key])).replace(tzinfo=zone) for key in ("since", "until")
    )
    until += dt.timedelta(seconds=1)
    waiting = UnknownPunch.objects.filter(
        terminal=terminal, person=None, punched_at__gte=since, punched_at__lt=until
    )
    return count_device_punches(terminal.device_id, since, until) + waiting.count()


def verify_yesterday(*, by: str) -> int:
    """Let every terminal in use count yesterday's punches; returns how many terminals that are."""
    rows = Terminal.objects.filter(state=TerminalState.APPROVED)
    for terminal in rows:
        day = timezone.now().astimezone(ZoneInfo(terminal.zone)).date() - dt.timedelta(days=1)
        queue_commands(terminal, [NewCommand(CommandKind.VERIFY_COUNT, stretch(day, day))], by=by)
    return len(rows)
