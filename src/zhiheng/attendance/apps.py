"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    name = "zhiheng.attendance"
    verbose_name = _("考勤")

    def ready(self) -> None:
        """Settle days again whose roster or leave changed."""
        from zhiheng.attendance.queries.settled import first_day
        from zhiheng.attendance.services.days import mark_days
        from zhiheng.leave import public as leave
        from zhiheng.rosters import public as rosters

        rosters.on_change(mark_days, since=first_day)
        leave.on_change(mark_days)
