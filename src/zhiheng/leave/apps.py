"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeaveConfig(AppConfig):
    name = "zhiheng.leave"
    verbose_name = _("假期")
