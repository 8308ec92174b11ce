"""Settlement of many people's days at once; see `frame`."""

from zhiheng.attendance.calc.columnar.frame import (
    DAYS,
    MINUTES,
    PUNCHES,
    SPANS,
    Given,
    flags_of,
    read,
    settle,
    settle_frame,
)  # fmt: skip
from zhiheng.attendance.calc.columnar.stored import stored_inputs
from zhiheng.attendance.calc.columnar.tables import Template

__all__ = [
    "DAYS", "MINUTES", "PUNCHES", "SPANS", "Given", "Template", "flags_of", "read", "settle", "settle_frame",
    "stored_inputs",
]  # fmt: skip
