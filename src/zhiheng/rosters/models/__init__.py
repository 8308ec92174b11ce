"""Tables of rosters, by noun."""

from zhiheng.rosters.models.assignments import ShiftAssignment, WorkingTime
from zhiheng.rosters.models.calendars import CalendarDay, CalendarUse, WorkCalendar
from zhiheng.rosters.models.roster import RosterEntry, RosterFeed, RosterSetting
from zhiheng.rosters.models.rotations import RotationPattern, RotationSlot
from zhiheng.rosters.models.shifts import RuleSet, RuleVersion, Shift, ShiftVersion

__all__ = [
    "CalendarDay", "CalendarUse", "RosterEntry", "RosterFeed", "RosterSetting", "RotationPattern", "RotationSlot",
    "RuleSet", "RuleVersion", "Shift", "ShiftAssignment", "ShiftVersion", "WorkCalendar", "WorkingTime",
]  # fmt: skip
