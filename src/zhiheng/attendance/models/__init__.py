"""Tables of attendance, by noun."""

from zhiheng.attendance.models.punches import DayMark, Punch, PunchReview
from zhiheng.attendance.models.sites import PunchDevice, Site, SiteAssignment

__all__ = ["DayMark", "Punch", "PunchDevice", "PunchReview", "Site", "SiteAssignment"]
