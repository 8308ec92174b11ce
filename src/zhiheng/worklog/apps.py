"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorklogConfig(AppConfig):
    name = "zhiheng.worklog"
    verbose_name = _("工作记录")
