"""Uploads after they came: processing again what failed, deleting what is old, and marking what was seen."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.terminals.choices import CommandState
from zhiheng.terminals.models import Terminal, TerminalCommand, TerminalEvent, TerminalUpload
from zhiheng.terminals.policies import MANAGE_TERMINAL, in_scope
from zhiheng.terminals.queries.terminals import terminal_for_change
from zhiheng.terminals.services.commands import cancel_commands
from zhiheng.terminals.services.gateway import process

SUBJECT = "terminals.terminal"
AGAIN = frozenset({"ATTLOG", "OPERLOG", "BIODATA", "ERRORLOG", "OPTIONS"})
MOST_AT_ONCE = 500


def process_again(*, actor: Actor, upload_id: UUID) -> int:
    """Process an upload once more, for instance after an update; returns its lines. The upload stays as it is."""
    mine = in_scope(actor, MANAGE_TERMINAL)
    upload = TerminalUpload.objects.filter(mine, id=upload_id).first()
    if upload is None:
        raise Http404
    if upload.table not in AGAIN:
        raise ValidationError(_("这类上传不能重新处理。"), code="not_again")
    terminal = terminal_for_change(actor, upload.terminal_id)
    upload.body = bytes(upload.body)
    process(terminal, upload)
    payload = {"upload": upload.id, "table": upload.table, "report": upload.report}
    record(actor, "terminals.upload.process", subject=(SUBJECT, terminal.id), payload=payload)
    return upload.line_count


def process_failed(*, actor: Actor, terminal_id: UUID) -> int:
    """Process all uploads of a terminal again that failed; returns how many. It does no harm twice."""
    terminal = terminal_for_change(actor, terminal_id)
    failed = TerminalUpload.objects.filter(terminal=terminal, report__has_key="failed", table__in=AGAIN)
    ids = list(failed.order_by("received_at").values_list("id", flat=True)[:MOST_AT_ONCE])
    for upload_id in ids:
        process_again(actor=actor, upload_id=upload_id)
    return len(ids)


def cancel_waiting(*, actor: Actor, terminal_id: UUID) -> int:
    """Take back all commands that a terminal has not fetched; returns how many."""
    terminal = terminal_for_change(actor, terminal_id)
    count = cancel_commands(TerminalCommand.objects.filter(terminal=terminal, state=CommandState.QUEUED))
    record(actor, "terminals.command.cancel", subject=(SUBJECT, terminal.id), payload={"commands": count})
    return count


def note_events_seen(*, actor: Actor, terminal_id: UUID) -> int:
    """Mark a terminal's alarming events as seen by somebody in charge; returns how many."""
    terminal = terminal_for_change(actor, terminal_id)
    open_ones = TerminalEvent.objects.filter(terminal=terminal, is_alarming=True, seen_at=None)
    count = open_ones.update(seen_at=timezone.now())
    record(actor, "terminals.event.see", subject=(SUBJECT, terminal.id), payload={"events": count})
    return count


def purge_uploads() -> int:
    """Delete uploads older than their terminals keep them, and never younger ones than 30 days; returns how many."""
    count = 0
    for terminal_id, days in Terminal.objects.values_list("id", "keep_days"):
        before = timezone.now() - dt.timedelta(days=days)
        with connection.cursor() as cursor:
            cursor.execute("SELECT terminals_purge(%s, %s)", [terminal_id, before])
            count += cursor.fetchone()[0]
    return count
