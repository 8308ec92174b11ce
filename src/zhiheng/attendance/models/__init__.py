"""Tables of attendance, by noun."""

from zhiheng.attendance.models.days import (
    AttendanceAdjustment,
    AttendanceDay,
    AttendanceMonth,
    DayRevision,
    DayRule,
    SettlementRules,
)  # fmt: skip
from zhiheng.attendance.models.imports import PinOwner, PunchImport, PunchImportLine
from zhiheng.attendance.models.kiosks import Kiosk, PunchPin
from zhiheng.attendance.models.punches import DayMark, Punch, PunchReview
from zhiheng.attendance.models.requests import LIVE_STATES, RequestRules, TimeRequest
from zhiheng.attendance.models.sites import PunchDevice, Site, SiteAssignment

__all__ = [
    "LIVE_STATES",
    "AttendanceAdjustment",
    "AttendanceDay",
    "AttendanceMonth",
    "DayMark",
    "DayRevision",
    "DayRule",
    "Kiosk",
    "PinOwner",
    "Punch",
    "PunchDevice",
    "PunchImport",
    "PunchImportLine",
    "PunchPin",
    "PunchReview",
    "RequestRules",
    "SettlementRules",
    "Site",
    "SiteAssignment",
    "TimeRequest",
]
