"""What other domains use of rosters."""

from __future__ import annotations

from zhiheng.rosters.calc.plan import DayTemplate, Plan
from zhiheng.rosters.queries.calendars import day_types
from zhiheng.rosters.queries.leave import LeaveSource, register_leave
from zhiheng.rosters.queries.plan import planned_days
from zhiheng.rosters.services.changes import on_change
from zhiheng.rosters.services.roster import swap_shifts

__all__ = [
    "DayTemplate", "LeaveSource", "Plan", "day_types", "on_change", "planned_days", "register_leave", "swap_shifts",
]  # fmt: skip
