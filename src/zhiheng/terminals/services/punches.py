"""From lines of a terminal to punches: everybody's own, and those nobody is known for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiheng.attendance.calc.attlog import LogLine, method_of, parse_attlog
from zhiheng.attendance.choices import PunchRisk, PunchSource
from zhiheng.attendance.public import NewPunch, record_punches
from zhiheng.terminals.calc.clock import instant, is_clock_off, is_late
from zhiheng.terminals.choices import GatewayIssue
from zhiheng.terminals.models import Terminal, UnknownPunch
from zhiheng.terminals.queries.users import PinOwner, owners_of_pins
from zhiheng.terminals.services.events import note_issue
from zhiheng.terminals.services.pins import adopt_pins


@dataclass(frozen=True)
class Taken:
    """What became of an upload of punches; ``newest_at`` is the latest believable one of it."""

    lines: int = 0
    bad: int = 0
    new: int = 0
    unknown: int = 0
    clock_off: int = 0
    newest_at: dt.datetime | None = None

    def report(self) -> dict[str, int]:
        """Return the counts as they are kept with the upload."""
        known = self.lines - self.bad - self.new - self.unknown
        return {"new": self.new, "known": known, "unknown": self.unknown, "clock_off": self.clock_off}


def take_punches(terminal: Terminal, body: bytes, *, upload_id: UUID, received_at: dt.datetime) -> Taken:
    """Record the punches of an upload; sent again, or in another order, they are the same ones."""
    log = parse_attlog(body, "push")
    zone = ZoneInfo(terminal.zone)
    dated = [(line, instant(line.at, zone)) for line in log.lines]
    beyond = [line for line, at in dated if at is None]
    punches = [(line, at) for line, at in dated if at is not None]
    owners = _owners(terminal, {line.pin for line, _at in punches})
    mine = [(line, at) for line, at in punches if line.pin in owners]
    unknown = [(line, at) for line, at in punches if line.pin not in owners]
    new = record_punches([_punch(terminal, line, at, owners[line.pin], received_at) for line, at in mine])
    add_unknown(terminal, unknown, upload_id=upload_id, received_at=received_at)
    off = [line for line, at in punches if is_clock_off(line.at, at, received_at)]
    if off:
        sample = {"count": len(off), "time": f"{off[0].at:%Y-%m-%d %H:%M:%S}"}
        note_issue(terminal, GatewayIssue.CLOCK_OFF, details=sample, upload_id=upload_id, once="clock")
    bad = len(log.bad) + len(beyond)
    if bad:
        sample = {"count": bad, "line": [*log.bad, *beyond][0].raw[:200]}
        note_issue(terminal, GatewayIssue.BAD_LINES, details=sample, upload_id=upload_id)
    believable = [at for line, at in punches if not is_clock_off(line.at, at, received_at)]
    return Taken(
        len(log.lines) + len(log.bad), bad, new, len(unknown), len(off), max(believable, default=None)
    )


def _owners(terminal: Terminal, pins: set[str]) -> dict[str, PinOwner]:
    owners, unseen = owners_of_pins(terminal, pins)
    return owners | adopt_pins(terminal, unseen) if unseen else owners


def client_id(terminal: Terminal, pin: str, wall_time: str) -> str:
    """Return what makes two punches of a terminal the same one."""
    return f"{terminal.serial_number}:{pin}:{wall_time}"


def _punch(
    terminal: Terminal, line: LogLine, at: dt.datetime, owner: PinOwner, received_at: dt.datetime
) -> NewPunch:
    return new_punch(
        terminal, pin=line.pin, wall=line.at, at=at, owner=owner, received_at=received_at, status=line.status,
        verify=line.verify,
    )  # fmt: skip


def new_punch(
    terminal: Terminal,
    *,
    pin: str,
    wall: dt.datetime,
    at: dt.datetime,
    owner: PinOwner,
    received_at: dt.datetime,
    status: int,
    verify: int,
) -> NewPunch:
    """Return a punch of a terminal; one by a wrong clock waits for somebody to accept it."""
    off = is_clock_off(wall, at, received_at)
    wall_time = f"{wall:%Y-%m-%d %H:%M:%S}"
    return NewPunch(
        person_id=owner.person_id, legal_entity_id=owner.legal_entity_id, punched_at=at,
        source=PunchSource.TERMINAL, client_id=client_id(terminal, pin, wall_time), zone=terminal.zone,
        method=method_of(verify, "push"), direction=status, wall_time=wall_time, device_id=terminal.device_id,
        site_id=terminal.site_id, risks=(PunchRisk.CLOCK_OFF,) if off else (), is_pending=off,
        is_late_upload=not off and is_late(at, received_at),
    )  # fmt: skip


def add_unknown(
    terminal: Terminal,
    punches: Sequence[tuple[LogLine, dt.datetime]],
    *,
    upload_id: UUID,
    received_at: dt.datetime,
) -> None:
    """Keep punches with PINs of nobody; they become punches when a PIN is given to somebody."""
    rows = sorted(
        _unknown_rows(terminal, punches, upload_id, received_at), key=lambda row: (row.pin, row.wall_time)
    )
    UnknownPunch.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def _unknown_rows(
    terminal: Terminal,
    punches: Sequence[tuple[LogLine, dt.datetime]],
    upload_id: UUID,
    received_at: dt.datetime,
) -> Iterable[UnknownPunch]:
    for line, at in punches:
        yield UnknownPunch(
            terminal=terminal, legal_entity_id=terminal.legal_entity_id, upload_id=upload_id, pin=line.pin,
            wall_time=f"{line.at:%Y-%m-%d %H:%M:%S}", punched_at=at, received_at=received_at, status=line.status,
            verify=line.verify,
        )  # fmt: skip
