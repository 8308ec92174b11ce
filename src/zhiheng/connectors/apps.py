"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectorsConfig(AppConfig):
    """The domain of connectors."""

    name = "zhiheng.connectors"
    verbose_name = _("数据接入")
