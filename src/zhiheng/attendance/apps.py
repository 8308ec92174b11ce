"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SUBJECTS = {"attendance.day": _("考勤日"), "attendance.month": _("考勤月")}


class AttendanceConfig(AppConfig):
    name = "zhiheng.attendance"
    verbose_name = _("考勤")

    def ready(self) -> None:
        """Settle days again whose roster or leave changed; name what the audit log speaks of."""
        from zhiheng.attendance.queries.settled import first_day
        from zhiheng.attendance.services.days import mark_days
        from zhiheng.audit.public import name_subjects
        from zhiheng.leave import public as leave
        from zhiheng.rosters import public as rosters

        rosters.on_change(mark_days, since=first_day)
        leave.on_change(mark_days)
        name_subjects(SUBJECTS)
