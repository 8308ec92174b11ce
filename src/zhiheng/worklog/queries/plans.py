"""How long somebody is to work on each day: the shift without leave."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from zhiheng.leave.public import approved_leave
from zhiheng.rosters.calc.shift import Shift
from zhiheng.rosters.public import planned_days
from zhiheng.worklog.calc.effective import union_minutes

Span = tuple[int, int]


def planned_minutes(person_id: UUID, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """Return the minutes of somebody's shifts, less approved leave; nothing for days without a plan."""
    plan = planned_days([person_id], first, last)
    leave = list(approved_leave([person_id], first, last).select("from_at", "to_at").iter_rows())
    return {
        on: _minutes(plan.templates[index].shift, _within_day(leave, on, zone))
        for on, index, zone in plan.frame.select("on", "template", "zone").iter_rows()
    }


def _within_day(leave: list[tuple[dt.datetime, dt.datetime]], on: dt.date, zone: str) -> list[Span]:
    """Return the leave as minutes from the day's beginning."""
    midnight = dt.datetime.combine(on, dt.time(), ZoneInfo(zone))
    return [
        (int((start - midnight).total_seconds() // 60), int((end - midnight).total_seconds() // 60))
        for start, end in leave
    ]


def _minutes(shift: Shift, leave: list[Span]) -> int:
    if shift.flex is not None:
        away = union_minutes([(max(start, 0), min(end, 24 * 60)) for start, end in leave if end > start])
        return max(shift.flex.required - max(away, 0), 0)
    whole = sum(end - start for start, end in shift.segments)
    off = [
        (max(start, begin), min(end, finish))
        for start, end in leave
        for begin, finish in shift.segments
        if start < finish and end > begin
    ]
    return whole - union_minutes(off)
