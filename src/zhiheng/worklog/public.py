"""What other domains use of the work log."""

from __future__ import annotations

from zhiheng.worklog.calc.effective import DayTime
from zhiheng.worklog.queries.days import WorkDay, work_days
from zhiheng.worklog.services.work_time import ensure_work_time, refresh_range

__all__ = ["DayTime", "WorkDay", "ensure_work_time", "refresh_range", "work_days"]
