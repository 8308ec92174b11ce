"""Tables of attendance, by noun."""

from zhiheng.attendance.models.imports import PinOwner, PunchImport, PunchImportLine
from zhiheng.attendance.models.kiosks import Kiosk, PunchPin
from zhiheng.attendance.models.punches import DayMark, Punch, PunchReview
from zhiheng.attendance.models.sites import PunchDevice, Site, SiteAssignment

__all__ = [
    "DayMark",
    "Kiosk",
    "PinOwner",
    "Punch",
    "PunchDevice",
    "PunchImport",
    "PunchImportLine",
    "PunchPin",
    "PunchReview",
    "Site",
    "SiteAssignment",
]
