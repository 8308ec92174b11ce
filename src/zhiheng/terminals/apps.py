"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerminalsConfig(AppConfig):
    name = "zhiheng.terminals"
    verbose_name = _("考勤机")
