"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeaveConfig(AppConfig):
    """Lets leave follow the roster, and the roster show leave."""

    name = "zhiheng.leave"
    verbose_name = _("假期")

    def ready(self) -> None:
        """Hear of changed rosters, and tell the board who is away."""
        from zhiheng.leave.queries.requests import approved_leave
        from zhiheng.leave.services.refresh import first_open_day, refresh_after_roster
        from zhiheng.rosters.public import on_change, register_leave

        register_leave(approved_leave)
        on_change(refresh_after_roster, since=first_open_day)
