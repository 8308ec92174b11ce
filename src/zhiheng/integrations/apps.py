"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "zhiheng.integrations"
    verbose_name = _("数据接入")
