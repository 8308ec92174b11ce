"""Settlement of many people's days at once; see `frame`."""

from zhiheng.attendance.calc.columnar.frame import DAYS, MINUTES, PUNCHES, SPANS, flags_of, settle_frame
from zhiheng.attendance.calc.columnar.tables import Template

__all__ = ["DAYS", "MINUTES", "PUNCHES", "SPANS", "Template", "flags_of", "settle_frame"]
