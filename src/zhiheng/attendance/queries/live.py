"""Who is where right now, or was on a date: read from the day's row, which is settled a minute after each punch."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from zhiheng.attendance.calc.flex import frame
from zhiheng.attendance.choices import DayState, Presence
from zhiheng.attendance.models import AttendanceDay, DayRule
from zhiheng.rosters.calc.shift import shift_from_data

_COLUMNS = (
    "id", "person_id", "on", "rule_id", "zone", "state", "scheduled", "late", "early", "absent", "leave", "outing",
    "unresolved", "first_in_at", "last_out_at", "flags",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """Where somebody is on a date."""

    day_id: UUID
    person_id: UUID
    presence: Presence


def standings(rows: QuerySet[AttendanceDay], now: dt.datetime) -> list[Standing]:
    """Return where everybody of ``rows`` (days of one date) is; two queries however many there are."""
    found = list(rows.order_by("person__employee_number").values(*_COLUMNS))
    starts = _starts({row["rule_id"] for row in found})
    return [Standing(row["id"], row["person_id"], _presence(row, starts, now)) for row in found]


def counted(found: Iterable[Standing]) -> dict[str, int]:
    """Return how many are where; every place is among them."""
    counts = Counter(each.presence for each in found)
    return {place.value: counts[place] for place in Presence}


def _starts(rule_ids: set[UUID]) -> dict[UUID, int | None]:
    """Return when each shift starts at the latest, in minutes of its date; None without one."""
    starts: dict[UUID, int | None] = {}
    for rule_id, data in DayRule.objects.filter(id__in=rule_ids).values_list("id", "shift"):
        shift = shift_from_data(data)
        bounds = frame(shift)
        starts[rule_id] = shift.flex.latest if shift.flex else bounds[0] if bounds else None
    return starts


def _presence(row: dict, starts: dict[UUID, int | None], now: dt.datetime) -> Presence:
    if row["scheduled"] and row["leave"] == row["scheduled"]:
        return Presence.ON_LEAVE
    if row["scheduled"] and row["outing"] == row["scheduled"]:
        return Presence.AWAY
    if row["state"] != DayState.WAITING:
        return _afterwards(row)
    if row["first_in_at"] is None and row["last_out_at"] is None:
        return _not_there(row, starts[row["rule_id"]], now)
    if row["last_out_at"] and row["last_out_at"] <= now and not row["unresolved"]:
        return Presence.LEFT
    return Presence.LATE if row["late"] else Presence.IN


def _not_there(row: dict, start: int | None, now: dt.datetime) -> Presence:
    if start is None:
        return Presence.RESTING
    begin = dt.datetime.combine(row["on"], dt.time(), ZoneInfo(row["zone"]))
    return Presence.NOT_YET if now < begin + dt.timedelta(minutes=start) else Presence.MISSING


def _afterwards(row: dict) -> Presence:
    if row["absent"]:
        return Presence.ABSENT
    if row["unresolved"]:
        return Presence.UNRESOLVED
    if row["late"] or row["early"]:
        return Presence.LATE
    if not row["scheduled"] and row["first_in_at"] is None:
        return Presence.RESTING
    return Presence.DONE
