"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeaveConfig(AppConfig):
    """Lets leave follow the roster."""

    name = "zhiheng.leave"
    verbose_name = _("假期")

    def ready(self) -> None:
        """Hear of changed rosters."""
        from zhiheng.leave.services.refresh import first_open_day, refresh_after_roster
        from zhiheng.rosters.public import on_change

        on_change(refresh_after_roster, since=first_open_day)
