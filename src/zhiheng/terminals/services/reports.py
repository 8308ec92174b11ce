"""What terminals report beside punches: users, operations, errors, photos, their options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiheng.access.actor import system_actor
from zhiheng.files.public import save_file
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.terminals.calc.clock import instant
from zhiheng.terminals.calc.photo import parse_photo
from zhiheng.terminals.calc.records import (
    DeviceTemplate,
    DeviceUser,
    Operation,
    Record,
    error_of,
    names_encoding,
    operation_of,
    parse_records,
    template_of,
    user_of,
)
from zhiheng.terminals.calc.text import Encoding
from zhiheng.terminals.choices import ALARMING, EventKind, GatewayIssue, PinOrigin, PushState
from zhiheng.terminals.models import Terminal, TerminalEvent, TerminalUser
from zhiheng.terminals.services.events import add_events, event_key, note_issue
from zhiheng.terminals.services.pins import refs_of_pins

LONGEST_PIN = 24
DELETE_USER = 9


def take_records(
    terminal: Terminal, body: bytes, *, upload_id: UUID, received_at: dt.datetime
) -> tuple[int, dict[str, int]]:
    """Take an upload of operations, users, templates and errors; return the number of lines and what they were."""
    records = parse_records(body, encoding_of(terminal))
    users = [user for each in records if (user := user_of(each))]
    templates = [found for each in records if (found := template_of(each))]
    operations = [found for each in records if (found := operation_of(each))]
    take_users(terminal, users, templates, received_at)
    forget_users(
        terminal, [each.objects[0] for each in operations if each.code == DELETE_USER and each.objects]
    )
    events = [_operation_event(terminal, each, upload_id, received_at) for each in operations]
    events += [_error_event(terminal, each, upload_id, received_at) for each in records if error_of(each)]
    add_events(events)
    learned = names_encoding(records)
    if learned and learned != terminal.encoding:
        terminal.encoding = learned
        terminal.save(update_fields=["encoding"])
    bad = [each for each in records if not _is_understood(each)]
    if bad:
        sample = {"count": len(bad), "line": bad[0].raw[:200]}
        note_issue(terminal, GatewayIssue.BAD_LINES, details=sample, upload_id=upload_id)
    counts = {"users": len(users), "templates": len(templates), "events": len(events), "bad": len(bad)}
    return len(records), counts


def encoding_of(terminal: Terminal) -> Encoding:
    """Return the terminal's encoding as the parsers name it."""
    return "gb18030" if terminal.encoding == "gb18030" else "utf-8"


def _is_understood(record: Record) -> bool:
    return bool(operation_of(record) or user_of(record) or template_of(record) or error_of(record))


# --- Users ------------------------------------------------------------------------------------------------------


def take_users(
    terminal: Terminal,
    users: Sequence[DeviceUser],
    templates: Sequence[DeviceTemplate],
    received_at: dt.datetime,
) -> None:
    """Note which users a terminal has and what it recognises them by."""
    latest = {each.pin: each for each in users if len(each.pin) <= LONGEST_PIN}
    traits = [each for each in templates if len(each.pin) <= LONGEST_PIN]
    pins = sorted({*latest, *(each.pin for each in traits)})
    if not pins:
        return
    rows = {each.pin: each for each in _locked(terminal, pins)}
    fresh = [pin for pin in pins if pin not in rows]
    owners = refs_of_pins(terminal, fresh, {pin: latest[pin].name for pin in fresh if pin in latest})
    for pin in fresh:
        rows[pin] = _new_row(terminal, pin, owners[pin].id if pin in owners else None)
    for pin in pins:
        _bring_up(rows[pin], latest.get(pin), [each for each in traits if each.pin == pin], received_at)
    TerminalUser.objects.bulk_create([rows[pin] for pin in fresh])
    TerminalUser.objects.bulk_update(
        [rows[pin] for pin in pins if pin not in fresh],
        ["device_name", "privilege", "is_on_device", "seen_at", "templates"],
        batch_size=500,
    )


def _locked(terminal: Terminal, pins: Sequence[str]) -> list[TerminalUser]:
    """Lock the terminal, so that two uploads never make the same user, and return the users there are."""
    Terminal.objects.select_for_update().filter(id=terminal.id).values_list("id").get()
    return list(TerminalUser.objects.filter(terminal=terminal, pin__in=pins))


def _new_row(terminal: Terminal, pin: str, person_id: UUID | None) -> TerminalUser:
    return TerminalUser(
        terminal=terminal, legal_entity_id=terminal.legal_entity_id, pin=pin, person_id=person_id,
        origin=PinOrigin.NUMBER if person_id else PinOrigin.DEVICE, templates={},
    )  # fmt: skip


def _bring_up(
    row: TerminalUser, user: DeviceUser | None, traits: Sequence[DeviceTemplate], received_at: dt.datetime
) -> None:
    row.is_on_device, row.seen_at = True, received_at
    if user is not None:
        row.device_name, row.privilege = user.name[:120], user.privilege
    for each in traits:
        known = set(row.templates.get(each.kind, ()))
        known = known | {each.index} if each.is_valid else known - {each.index}
        row.templates = {**row.templates, each.kind: sorted(known)}


def forget_users(terminal: Terminal, pins: Sequence[str]) -> None:
    """Note that users were deleted at the terminal itself: it no longer has them, whatever was sent before."""
    TerminalUser.objects.filter(terminal=terminal, pin__in=pins).update(
        is_on_device=False, state=PushState.NONE, face_state=PushState.NONE, templates={}
    )


# --- Events -----------------------------------------------------------------------------------------------------


def _operation_event(
    terminal: Terminal, operation: Operation, upload_id: UUID, received_at: dt.datetime
) -> TerminalEvent:
    objects = list(operation.objects)
    key = event_key(EventKind.OPERATION, operation.code, operation.operator, operation.at, objects)
    return TerminalEvent(
        terminal=terminal, legal_entity_id=terminal.legal_entity_id, kind=EventKind.OPERATION,
        code=str(operation.code), key=key, pin=objects[0][:LONGEST_PIN] if objects and objects[0] != "0" else "",
        operator=operation.operator[:40], happened_at=operation.at and instant(operation.at, ZoneInfo(terminal.zone)),
        received_at=received_at, details={"objects": objects}, upload_id=upload_id,
        is_alarming=operation.code in ALARMING,
    )  # fmt: skip


def _error_event(
    terminal: Terminal, record: Record, upload_id: UUID, received_at: dt.datetime
) -> TerminalEvent:
    error = error_of(record)
    assert error is not None
    key = event_key(EventKind.ERROR, record.raw, f"{received_at:%Y-%m-%d}")
    return TerminalEvent(
        terminal=terminal, legal_entity_id=terminal.legal_entity_id, kind=EventKind.ERROR, code=error.code[:40],
        key=key, pin=error.details.get("PIN", "")[:LONGEST_PIN], received_at=received_at,
        details={"text": error.text, "command": error.command, **error.details}, upload_id=upload_id,
        is_alarming=True,
    )  # fmt: skip


# --- Photos and options -----------------------------------------------------------------------------------------


def take_photo(
    terminal: Terminal, body: bytes, *, upload_id: UUID, received_at: dt.datetime
) -> tuple[bytes, dict[str, object]]:
    """Store the photo of a punch; return what is left of the upload without it, and what it was."""
    photo = parse_photo(body)
    if not photo.is_complete:
        sample = {"name": photo.name[:100], "size": len(photo.content)}
        note_issue(
            terminal, GatewayIssue.BAD_PHOTO, details=sample, upload_id=upload_id, pin=photo.pin[:LONGEST_PIN]
        )
        return body, {"is_complete": False}
    key = event_key(EventKind.PHOTO, photo.name)
    if TerminalEvent.objects.filter(terminal=terminal, key=key).exists():
        return photo.head, {"is_complete": True, "is_known": True}
    file_id = save_file(
        system_actor(current_tenant_id()), name=photo.name or "photo.jpg", content=photo.content,
        kind="terminals.photo", legal_entity_id=terminal.legal_entity_id,
    )  # fmt: skip
    event = TerminalEvent(
        terminal=terminal, legal_entity_id=terminal.legal_entity_id, kind=EventKind.PHOTO, code="", key=key,
        pin=photo.pin[:LONGEST_PIN], happened_at=photo.at and instant(photo.at, ZoneInfo(terminal.zone)),
        received_at=received_at, details={"file": str(file_id), "size": len(photo.content)}, upload_id=upload_id,
    )  # fmt: skip
    add_events([event])
    return photo.head, {"is_complete": True, "file": str(file_id)}


def take_options(terminal: Terminal, options: Mapping[str, str]) -> None:
    """Note what a terminal says about itself."""
    known = {key[:60]: value[:300] for key, value in list(options.items())[:300]}
    terminal.options = {**terminal.options, **known}
    terminal.model_name = known.get("DeviceName", terminal.model_name)[:120]
    terminal.firmware = known.get("FWVersion", terminal.firmware)[:120]
    for field, key in (
        ("user_count", "UserCount"),
        ("face_count", "FaceCount"),
        ("punch_count", "TransactionCount"),
    ):
        if known.get(key, "").isdigit() and len(known[key]) < 9:
            setattr(terminal, field, int(known[key]))
    terminal.save(
        update_fields=["options", "model_name", "firmware", "user_count", "face_count", "punch_count"]
    )
