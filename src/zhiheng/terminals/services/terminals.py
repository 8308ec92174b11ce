"""Pairing and keeping terminals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.attendance.choices import DeviceKind
from zhiheng.attendance.public import ensure_device
from zhiheng.audit.public import record
from zhiheng.terminals.choices import TerminalState
from zhiheng.terminals.models import Terminal
from zhiheng.terminals.policies import MANAGE_TERMINAL
from zhiheng.terminals.queries.terminals import terminal_for_change
from zhiheng.terminals.services.register import (
    SERIAL_NUMBER,
    drop_claim,
    is_bound_elsewhere,
    key_hash,
    save_claim,
)

WINDOW = dt.timedelta(minutes=15)
SUBJECT = "terminals.terminal"


def open_pairing(
    *,
    actor: Actor,
    serial_number: str,
    name: str,
    legal_entity_id: UUID,
    site_id: UUID | None = None,
    zone: str = "Asia/Shanghai",
    key: str = "",
    allowed_ips: Sequence[str] = (),
) -> UUID:
    """Expect a terminal for 15 minutes; returns its id. One that is known, refused or retired may come again.

    `Forbidden` for a subsidiary out of scope, ValidationError for a serial number that is none or in use.
    """
    _check_entity(actor, legal_entity_id)
    serial_number = serial_number.strip()
    if not SERIAL_NUMBER.fullmatch(serial_number):
        raise ValidationError(_("序列号只含字母、数字、点、横线和下划线，3 至 64 位。"), code="bad_serial")
    if is_bound_elsewhere(serial_number):
        text = _("序列号 {serial} 已被其他企业启用，请先在原企业停用该设备。")
        raise ValidationError(text.format(serial=serial_number), code="bound_elsewhere")
    terminal = Terminal.objects.select_for_update().filter(serial_number=serial_number).first()
    if terminal is not None and terminal.state == TerminalState.APPROVED:
        raise ValidationError(_("该序列号已登记，请在列表中查找。"), code="known")
    terminal = terminal or Terminal(serial_number=serial_number)
    terminal.name, terminal.legal_entity_id, terminal.site_id = (
        name.strip() or serial_number,
        legal_entity_id,
        site_id,
    )
    terminal.zone, terminal.key_hash, terminal.allowed_ips = zone, key_hash(key), list(allowed_ips)
    terminal.state, terminal.window_until = TerminalState.EXPECTED, timezone.now() + WINDOW
    terminal.full_clean(exclude=["device"])
    terminal.save()
    save_claim(serial_number=serial_number, until=terminal.window_until, key_hash=terminal.key_hash)
    record(
        actor,
        "terminals.terminal.expect",
        subject=(SUBJECT, terminal.id),
        payload={"serial_number": serial_number},
    )
    return terminal.id


def approve_terminal(*, actor: Actor, terminal_id: UUID) -> None:
    """Let a terminal that has connected in; ValidationError when it has not, or speaks another protocol."""
    terminal = terminal_for_change(actor, terminal_id)
    if terminal.state != TerminalState.WAITING:
        raise ValidationError(_("设备尚未连接，连接后才能批准。"), code="not_waiting")
    if terminal.device_type.lower() == "acc":
        text = _("这台设备使用门禁协议，不能用于考勤。请在设备上改为考勤模式后重新配对。")
        raise ValidationError(text, code="access_control")
    save_claim(serial_number=terminal.serial_number, until=None, key_hash=terminal.key_hash)
    terminal.device_id = _device_of(terminal, is_active=True)
    terminal.state, terminal.approved_at, terminal.window_until = TerminalState.APPROVED, timezone.now(), None
    terminal.save(update_fields=["device", "state", "approved_at", "window_until"])
    payload = {"serial_number": terminal.serial_number, "ip": terminal.ip_address}
    record(actor, "terminals.terminal.approve", subject=(SUBJECT, terminal.id), payload=payload)


def _device_of(terminal: Terminal, *, is_active: bool) -> UUID:
    return ensure_device(
        code=terminal.serial_number, name=terminal.name, kind=DeviceKind.TERMINAL, site_id=terminal.site_id,
        legal_entity_id=terminal.legal_entity_id, is_active=is_active,
    )  # fmt: skip


def refuse_terminal(*, actor: Actor, terminal_id: UUID) -> None:
    """Turn a terminal that waits, or is expected, away."""
    terminal = terminal_for_change(actor, terminal_id)
    if terminal.state not in (TerminalState.WAITING, TerminalState.EXPECTED):
        raise ValidationError(_("只能拒绝等待中的设备。"), code="not_waiting")
    _leave(actor, terminal, TerminalState.REFUSED, "terminals.terminal.refuse")


def retire_terminal(*, actor: Actor, terminal_id: UUID) -> None:
    """Let a terminal in no more; its punches and uploads stay. It can be paired again, here or elsewhere."""
    terminal = terminal_for_change(actor, terminal_id)
    if terminal.state != TerminalState.APPROVED:
        raise ValidationError(_("只能停用已启用的设备。"), code="not_approved")
    _device_of(terminal, is_active=False)
    _leave(actor, terminal, TerminalState.RETIRED, "terminals.terminal.retire")


def _leave(actor: Actor, terminal: Terminal, state: TerminalState, verb: str) -> None:
    drop_claim(terminal.serial_number)
    terminal.state, terminal.window_until, terminal.connected_since = state, None, None
    terminal.save(update_fields=["state", "window_until", "connected_since"])
    record(actor, verb, subject=(SUBJECT, terminal.id), payload={"serial_number": terminal.serial_number})


def change_terminal(
    *,
    actor: Actor,
    terminal_id: UUID,
    name: str,
    site_id: UUID | None,
    zone: str,
    allowed_ips: Sequence[str],
    keep_days: int,
) -> None:
    """Change what people decide about a terminal; the zone counts for punches from now on."""
    terminal = terminal_for_change(actor, terminal_id)
    before = _decided(terminal)
    terminal.name, terminal.site_id, terminal.zone = name.strip() or terminal.serial_number, site_id, zone
    terminal.allowed_ips, terminal.keep_days = list(allowed_ips), keep_days
    terminal.full_clean(exclude=["device"])
    terminal.save(update_fields=["name", "site", "zone", "allowed_ips", "keep_days"])
    if terminal.device_id:
        _device_of(terminal, is_active=terminal.state == TerminalState.APPROVED)
    payload = {"before": before, "after": _decided(terminal)}
    record(actor, "terminals.terminal.change", subject=(SUBJECT, terminal.id), payload=payload)


def _decided(terminal: Terminal) -> dict[str, object]:
    return {
        "name": terminal.name, "site": terminal.site_id, "zone": terminal.zone, "allowed_ips": terminal.allowed_ips,
        "keep_days": terminal.keep_days,
    }  # fmt: skip


def _check_entity(actor: Actor, legal_entity_id: UUID) -> None:
    scope = actor.scope(MANAGE_TERMINAL)
    if not (scope.is_tenant or legal_entity_id in scope.legal_entity_ids):
        raise Forbidden(MANAGE_TERMINAL)
