"""Punch logs as files: looked at first, then taken; lines that become no punch are kept with the reason."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.attlog import LogLine, method_of, parse_attlog
from zhiheng.attendance.choices import DeviceKind, LineState, PunchSource, PunchState, ReviewOutcome
from zhiheng.attendance.models import PunchImport, PunchImportLine
from zhiheng.attendance.policies import MANAGE_SITE
from zhiheng.attendance.queries.imports import import_for_actor
from zhiheng.attendance.queries.pins import persons_of_pins
from zhiheng.attendance.queries.punches import known_clients, punches_of_batch
from zhiheng.attendance.services.devices import ensure_device
from zhiheng.attendance.services.punches import NewPunch, record_punches
from zhiheng.attendance.services.reviews import add_reviews
from zhiheng.audit.public import record
from zhiheng.files.public import read_file, save_file
from zhiheng.people.public import persons_by_id

FILE_KIND = "attendance.attlog"
MOST_BYTES, MOST_LINES = 20 * 1024 * 1024, 300_000
MOST_AHEAD = dt.timedelta(days=1)
CHUNK = 20_000


@dataclass
class Look:
    """What a log holds: the punches it would add, those there already, and the lines that become none."""

    new: list[NewPunch] = field(default_factory=list)
    known: int = 0
    left: list[tuple[int, str, str, str]] = field(default_factory=list)  # number, raw, PIN, state
    unknown_pins: Counter[str] = field(default_factory=Counter)
    line_count: int = 0
    first: dt.datetime | None = None
    last: dt.datetime | None = None
    people: int = 0

    def count(self, state: str) -> int:
        """Return how many lines are left over for a reason."""
        return sum(each[3] == state for each in self.left)


def upload_log(
    *, actor: Actor, name: str, content: bytes, zone: str, legal_entity_id: UUID, device_name: str = ""
) -> UUID:
    """Keep a punch log to be looked at; takes nothing yet. Returns its id; the same file again is the same."""
    actor.scope(MANAGE_SITE)
    if actor.legal_entity_ids is not None and legal_entity_id not in actor.legal_entity_ids:
        raise ValidationError({"legal_entity": _("请选择您负责的法人实体。")})
    if zone not in available_timezones():
        raise ValidationError({"zone": _("没有这个时区，请填写如 Asia/Shanghai 的名称。")})
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": _("文件超过 20 MB，请分段导出后再上传。")})
    found = parse_attlog(content)
    if not found.lines:
        raise ValidationError({"file": _("没有找到打卡：请上传考勤机导出的 attlog.dat。")})
    if len(found.lines) > MOST_LINES:
        raise ValidationError({"file": _("文件超过 30 万行，请分段导出后再上传。")})
    digest = hashlib.sha256(content).hexdigest()
    known = PunchImport.objects.filter(sha256=digest, zone=zone, voided_at=None).first()
    if known is not None:
        return known.id
    device_id = _device(device_name, legal_entity_id)
    file_id = save_file(actor, name=name, content=content, kind=FILE_KIND, legal_entity_id=legal_entity_id)
    made = PunchImport.objects.create(
        name=name[:255], sha256=digest, file_id=file_id, zone=zone, legal_entity_id=legal_entity_id,
        device_id=device_id, uploaded_at=timezone.now(), uploaded_by=actor.name[:120],
        line_count=len(found.lines) + len(found.bad),
    )  # fmt: skip
    payload = {"name": name, "lines": made.line_count}
    record(
        actor, "attendance.punch_import.upload", subject=("attendance.punch_import", made.id), payload=payload
    )
    return made.id


def _device(name: str, legal_entity_id: UUID) -> UUID | None:
    if not name.strip():
        return None
    return ensure_device(
        code=f"file-{name.strip()[:50]}", name=name.strip()[:120], kind=DeviceKind.IMPORT, site_id=None,
        legal_entity_id=legal_entity_id,
    )  # fmt: skip


def look_at_log(*, actor: Actor, import_id: UUID, now: dt.datetime | None = None) -> Look:
    """Say what taking a log would do; changes nothing."""
    batch = import_for_actor(actor, import_id)
    now = now or timezone.now()
    found = parse_attlog(read_file(actor, batch.file_id).content)
    look = Look(line_count=batch.line_count)
    look.left = [(each.number, each.raw, "", LineState.BAD_LINE.value) for each in found.bad]
    owners = persons_of_pins({line.pin for line in found.lines})
    people = persons_by_id(set(owners.values()))
    zone = ZoneInfo(batch.zone)
    wanted: dict[str, NewPunch] = {}
    for line in found.lines:
        at = line.at.replace(tzinfo=zone)
        person = people.get(owners[line.pin]) if line.pin in owners else None
        state = _state(line, at, now, person is not None)
        if state or person is None:
            look.left.append((line.number, line.raw, line.pin, state))
            continue
        new = _punch(batch, line, at, person.id, person.legal_entity_id)
        look.known += new.client_id in wanted
        wanted[new.client_id] = new
    taken = _taken(list(wanted))
    look.new = [each for key, each in wanted.items() if key not in taken]
    look.known += len(taken)
    look.unknown_pins = Counter(each[2] for each in look.left if each[3] == LineState.UNKNOWN_PIN)
    look.people = len({each.person_id for each in wanted.values()})
    times = [each.punched_at for each in wanted.values()]
    look.first, look.last = (min(times), max(times)) if times else (None, None)
    return look


def _state(line: LogLine, at: dt.datetime, now: dt.datetime, is_known: bool) -> str:
    if line.is_clock_reset:
        return LineState.CLOCK_OFF.value
    if at > now + MOST_AHEAD:
        return LineState.FUTURE.value
    return "" if is_known else LineState.UNKNOWN_PIN.value


def _punch(
    batch: PunchImport, line: LogLine, at: dt.datetime, person_id: UUID, legal_entity_id: UUID
) -> NewPunch:
    device = str(batch.device_id or "file")
    return NewPunch(
        person_id=person_id, legal_entity_id=legal_entity_id, punched_at=at, source=PunchSource.IMPORT,
        client_id=f"{device}:{line.pin}:{line.at:%Y%m%d%H%M%S}", zone=batch.zone,
        wall_time=f"{line.at:%Y-%m-%d %H:%M:%S}", method=method_of(line.verify), direction=line.status,
        device_id=batch.device_id, batch_id=batch.id,
    )  # fmt: skip


def _taken(client_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(client_ids), CHUNK):
        found |= known_clients(PunchSource.IMPORT, client_ids[start : start + CHUNK])
    return found


def take_log(*, actor: Actor, import_id: UUID) -> Look:
    """Take the punches of a log; the lines left over are kept.

    Taken again, once more PINs are known, it adds what has become possible since and leaves the rest.
    """
    actor.scope(MANAGE_SITE)
    batch = _locked(actor, import_id)
    look = look_at_log(actor=actor, import_id=import_id)
    added = 0
    for start in range(0, len(look.new), CHUNK):
        added += record_punches(look.new[start : start + CHUNK])
    PunchImportLine.objects.filter(batch=batch).delete()
    PunchImportLine.objects.bulk_create(
        [
            PunchImportLine(
                batch=batch,
                legal_entity_id=batch.legal_entity_id,
                number=number,
                raw=raw[:500],
                pin=pin,
                state=state,
            )
            for number, raw, pin, state in look.left
        ],
        batch_size=2000,
    )
    batch.taken_at = batch.taken_at or timezone.now()
    batch.punch_count += added
    batch.save(update_fields=["taken_at", "punch_count"])
    payload = {"added": added, "known": look.known, "left": len(look.left)}
    record(
        actor, "attendance.punch_import.take", subject=("attendance.punch_import", batch.id), payload=payload
    )
    return look


def void_log(*, actor: Actor, import_id: UUID, reason: str) -> int:
    """Void all punches of a log; returns how many.

    Punches are facts and stay; each gets a review that it does not count, so the way back is another review.
    """
    actor.scope(MANAGE_SITE)
    batch = _locked(actor, import_id)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明作废的理由，员工会看到。")})
    punches = list(punches_of_batch(batch.id).exclude(state=PunchState.REJECTED))
    add_reviews(actor, punches, ReviewOutcome.REJECTED, reason.strip(), is_each_recorded=False)
    batch.voided_at = timezone.now()
    batch.save(update_fields=["voided_at"])
    payload = {"punches": len(punches), "reason": reason.strip()}
    record(
        actor, "attendance.punch_import.void", subject=("attendance.punch_import", batch.id), payload=payload
    )
    return len(punches)


def _locked(actor: Actor, import_id: UUID) -> PunchImport:
    """Return a log locked; `Http404` when it is not there, `ValidationError` when it has been voided."""
    import_for_actor(actor, import_id)
    batch = PunchImport.objects.select_for_update().filter(id=import_id).first()
    if batch is None:
        raise Http404
    if batch.voided_at is not None:
        raise ValidationError(_("这个文件的打卡已作废。"))
    return batch
