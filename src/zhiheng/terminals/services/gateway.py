"""What the gateway does with a request of a terminal. It commits before it answers: what is acknowledged stays.

Whoever is not approved, known or not, gets the same answer. What an approved terminal sends is kept as it came, also
when nothing can be made of it, and then acknowledged: a terminal repeats everything else for ever, and meanwhile
sends nothing new.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, transaction

from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.keys import uuid7
from zhiheng.terminals.calc.clock import zone_option
from zhiheng.terminals.calc.options import initial_options, parse_info, parse_options
from zhiheng.terminals.calc.records import without_secrets
from zhiheng.terminals.calc.text import decode, encoding_of_language
from zhiheng.terminals.choices import GatewayIssue, TerminalState
from zhiheng.terminals.models import Terminal, TerminalUpload
from zhiheng.terminals.services.commands import hand_out, take_answers
from zhiheng.terminals.services.events import note_issue
from zhiheng.terminals.services.punches import take_punches
from zhiheng.terminals.services.register import (
    SERIAL_NUMBER,
    bound_claim,
    claims_of,
    key_hash,
    note_knock,
    open_claim,
)
from zhiheng.terminals.services.reports import encoding_of, take_options, take_photo, take_records
from zhiheng.terminals.services.sync import note_contact

logger = logging.getLogger(__name__)
MAX_BODY_BYTES = 16 * 1024 * 1024
RECORD_TABLES = frozenset({"OPERLOG", "BIODATA", "ERRORLOG", "USERINFO", "BIOPHOTO", "USERPIC", "IDCARD"})
ACCESS_PATHS = frozenset({"registry", "push", "rtdata", "querydata"})
ACCESS_TABLES = frozenset({"RTLOG", "RTSTATE", "TABLEDATA"})
UPLOAD_PATHS = frozenset({"cdata", "fdata"})


@dataclass(frozen=True)
class Incoming:
    """A request: ``path`` behind ``/iclock/`` without ``.aspx``, ``params`` with names in capitals."""

    path: str
    params: Mapping[str, str]
    body: bytes
    ip_address: str | None
    received_at: dt.datetime
    is_post: bool = False
    is_too_large: bool = False


@dataclass(frozen=True)
class Reply:
    """An answer: status and text."""

    status: int
    body: bytes


OK = Reply(200, b"OK")
UNAUTHORIZED = Reply(401, b"UNAUTHORIZED")
NOT_SUPPORTED = Reply(406, b"ERROR: access control protocol is not supported")
TOO_LARGE = Reply(413, b"ERROR: too large")


def answer(incoming: Incoming) -> Reply:
    """Answer a request of a terminal; raises what the database raises when it is away."""
    serial_number = incoming.params.get("SN", "")
    if not SERIAL_NUMBER.fullmatch(serial_number):
        return UNAUTHORIZED
    claims = claims_of(serial_number)
    bound = bound_claim(claims)
    if bound is None:
        claim = open_claim(claims, incoming.params.get("PUSHCOMMKEY", ""), incoming.received_at)
        if claim is None:
            note_knock(serial_number, incoming.ip_address)
        elif "OPTIONS" in incoming.params:
            with tenant_context(claim.tenant_id):
                _note_arrival(serial_number, incoming)
        return UNAUTHORIZED
    with tenant_context(bound.tenant_id):
        found = Terminal.objects.filter(serial_number=serial_number, state=TerminalState.APPROVED)
        # Who writes locks the terminal before anything else, so that nobody waits for each other in a circle.
        terminal = (found.select_for_update() if incoming.is_post else found).first()
        return _serve(terminal, incoming) if terminal else UNAUTHORIZED


def _note_arrival(serial_number: str, incoming: Incoming) -> None:
    """Let a terminal whose pairing window is open wait for approval."""
    states = [TerminalState.EXPECTED, TerminalState.WAITING]
    terminal = (
        Terminal.objects.select_for_update().filter(serial_number=serial_number, state__in=states).first()
    )
    if terminal is not None:
        terminal.state = TerminalState.WAITING
        terminal.last_seen_at, terminal.ip_address = incoming.received_at, incoming.ip_address
        fields = _introduce(terminal, incoming.params)
        terminal.save(update_fields=["state", "last_seen_at", "ip_address", *fields])


def _introduce(terminal: Terminal, params: Mapping[str, str]) -> list[str]:
    """Note what a terminal says of itself when it asks for its options; returns the fields that carry it."""
    terminal.push_version = params.get("PUSHVER", "")[:20]
    terminal.device_type = params.get("DEVICETYPE", "")[:20]
    language = params.get("LANGUAGE", "")[:10]
    if language != terminal.language:
        terminal.language, terminal.encoding = language, encoding_of_language(language)
    return ["push_version", "device_type", "language", "encoding"]


def _serve(terminal: Terminal, incoming: Incoming) -> Reply:
    """Answer an approved terminal."""
    if terminal.allowed_ips and incoming.ip_address not in terminal.allowed_ips:
        note_issue(
            terminal,
            GatewayIssue.WRONG_ADDRESS,
            details={"ip": incoming.ip_address},
            once=str(incoming.ip_address),
        )
        return UNAUTHORIZED
    if incoming.is_too_large:
        details = {"table": incoming.params.get("TABLE", "")[:40]}
        note_issue(terminal, GatewayIssue.TOO_LARGE, details=details, once=details["table"])
        return TOO_LARGE
    table = incoming.params.get("TABLE", "").upper()
    if incoming.path in ACCESS_PATHS or table in ACCESS_TABLES:
        return _refuse_access_control(terminal, incoming)
    if incoming.path in UPLOAD_PATHS and incoming.is_post:
        return _take_upload(terminal, incoming, table)
    if incoming.path == "devicecmd":
        return _take_upload(terminal, incoming, "DEVICECMD")
    note_contact(terminal, incoming.received_at, incoming.ip_address)
    if incoming.path == "cdata":
        return _greet(terminal, incoming) if "OPTIONS" in incoming.params else OK
    if incoming.path == "getrequest":
        return _give_commands(terminal, incoming.params)
    if incoming.path != "ping":
        _keep_unknown(terminal, incoming, GatewayIssue.UNKNOWN_PATH)
    return OK


def _refuse_access_control(terminal: Terminal, incoming: Incoming) -> Reply:
    note_issue(terminal, GatewayIssue.ACCESS_PROTOCOL, details={"path": incoming.path[:100]}, once="acc")
    return NOT_SUPPORTED


def _greet(terminal: Terminal, incoming: Incoming) -> Reply:
    """Answer the first question of a terminal that starts or looks for changes."""
    params = incoming.params
    if terminal.key_hash and key_hash(params.get("PUSHCOMMKEY", "")) != terminal.key_hash:
        note_issue(terminal, GatewayIssue.WRONG_KEY, details={"ip": incoming.ip_address}, once="key")
        return UNAUTHORIZED
    fields = _introduce(terminal, params)
    terminal.save(update_fields=fields)
    if terminal.device_type.lower() == "acc":
        return _refuse_access_control(terminal, incoming)
    stamps = {**terminal.stamps, **dict.fromkeys(terminal.resend, "0")}
    text = initial_options(
        terminal.serial_number, stamps=stamps, zone_option=zone_option(ZoneInfo(terminal.zone), incoming.received_at),
        pushver=terminal.push_version,
    )  # fmt: skip
    return Reply(200, text.encode())


def _give_commands(terminal: Terminal, params: Mapping[str, str]) -> Reply:
    if "INFO" in params:
        _take_info(terminal, params["INFO"])
    return Reply(200, hand_out(terminal) or b"OK")


def _take_info(terminal: Terminal, text: str) -> None:
    info = parse_info(text)
    found = {
        "firmware": info.firmware[:120] or terminal.firmware, "user_count": info.users, "punch_count": info.punches,
        "face_count": info.faces,
    }  # fmt: skip
    changed = [
        name for name, value in found.items() if value is not None and getattr(terminal, name) != value
    ]
    for name in changed:
        setattr(terminal, name, found[name])
    if changed:
        terminal.save(update_fields=changed)


# --- Uploads ----------------------------------------------------------------------------------------------------


def _take_upload(terminal: Terminal, incoming: Incoming, table: str) -> Reply:
    """Keep an upload and make of it what can be made; the answer counts its lines."""
    upload = TerminalUpload(
        id=uuid7(), terminal=terminal, legal_entity_id=terminal.legal_entity_id, path=incoming.path[:200],
        table=table[:40], stamp=_stamp(incoming.params), body=incoming.body, size=len(incoming.body),
        received_at=incoming.received_at,
    )  # fmt: skip
    is_counted = _process_safely(terminal, upload)
    upload.save(force_insert=True)
    _note_upload(terminal, upload)
    return Reply(200, f"OK: {upload.line_count}".encode()) if is_counted else OK


def _process_safely(terminal: Terminal, upload: TerminalUpload) -> bool:
    """Process an upload; when that fails through no fault of the database, keep it for later and tell people."""
    try:
        with transaction.atomic():
            return process(terminal, upload)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("upload %s of terminal %s failed", upload.id, terminal.serial_number)
        upload.report = {"failed": type(error).__name__}
        details = {"error": type(error).__name__, "table": upload.table}
        note_issue(terminal, GatewayIssue.NOT_PROCESSED, details=details, upload_id=upload.id)
        upload.body = without_secrets(upload.body) if upload.table in RECORD_TABLES else upload.body
        return upload.table in (*RECORD_TABLES, "ATTLOG")


def process(terminal: Terminal, upload: TerminalUpload) -> bool:
    """Make of an upload what can be made, and fill in its report; tell whether the answer counts lines."""
    about = {"upload_id": upload.id, "received_at": upload.received_at}
    if upload.table == "ATTLOG":
        taken = take_punches(terminal, upload.body, **about)
        upload.line_count, upload.bad_count, upload.report = taken.lines, taken.bad, taken.report()
        if taken.newest_at is not None:
            terminal.newest_punch_at = taken.newest_at
        return True
    if upload.table in RECORD_TABLES:
        upload.line_count, counts = take_records(terminal, upload.body, **about)
        upload.bad_count, upload.report = counts["bad"], counts
        upload.body = without_secrets(upload.body)
        return True
    if upload.table == "ATTPHOTO":
        upload.body, upload.report = take_photo(terminal, upload.body, **about)
    elif upload.table == "OPTIONS":
        take_options(terminal, parse_options(decode(upload.body, encoding_of(terminal))[0]))
    elif upload.table == "DEVICECMD":
        text, _ = decode(upload.body, encoding_of(terminal))
        upload.report = take_answers(terminal, text, upload_id=upload.id)
    else:
        note_issue(terminal, GatewayIssue.UNKNOWN_TABLE, details={"table": upload.table}, once=upload.table)
    return False


def _note_upload(terminal: Terminal, upload: TerminalUpload) -> None:
    """Remember where the table's next upload goes on from, and that the terminal is there."""
    fields = ["last_upload_at", "newest_punch_at"]
    terminal.last_upload_at = upload.received_at
    if upload.stamp and upload.table in STAMPED and terminal.stamps.get(upload.table) != upload.stamp:
        terminal.stamps = {**terminal.stamps, upload.table: upload.stamp}
        fields.append("stamps")
    if upload.table in terminal.resend:
        terminal.resend = [each for each in terminal.resend if each != upload.table]
        fields.append("resend")
    terminal.save(update_fields=fields)
    note_contact(terminal, upload.received_at, terminal.ip_address)


def _keep_unknown(terminal: Terminal, incoming: Incoming, issue: GatewayIssue) -> None:
    """Keep a request that nothing is known about; it may be something new worth learning."""
    params = {key[:40]: value[:200] for key, value in list(incoming.params.items())[:50]}
    upload = TerminalUpload(
        id=uuid7(), terminal=terminal, legal_entity_id=terminal.legal_entity_id, path=incoming.path[:200],
        table=incoming.params.get("TABLE", "")[:40], body=incoming.body, size=len(incoming.body),
        received_at=incoming.received_at, report={"params": params},
    )  # fmt: skip
    if incoming.body:
        upload.save(force_insert=True)
    note_issue(terminal, issue, details={"path": incoming.path[:100]}, once=incoming.path[:100])


STAMPED = frozenset({"ATTLOG", "OPERLOG", "ATTPHOTO", "BIODATA", "ERRORLOG"})


def _stamp(params: Mapping[str, str]) -> str:
    """Return the stamp of an upload, whatever the terminal calls it; nonsense is none."""
    value = params.get("STAMP") or params.get("OPSTAMP") or params.get("PHOTOSTAMP") or ""
    return value if value.isascii() and value.isdigit() and len(value) <= 20 else ""
