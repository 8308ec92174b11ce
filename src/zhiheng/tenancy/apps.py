"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenancyConfig(AppConfig):
    name = "zhiheng.tenancy"
    verbose_name = _("租户")
