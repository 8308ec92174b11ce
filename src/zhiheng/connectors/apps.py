"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "connectors.connection": _("数据接入"),
    "connectors.sync": _("同步"),
    "connectors.raw_row": _("原始数据"),
}


class ConnectorsConfig(AppConfig):
    """Tells the audit log of names."""

    name = "zhiheng.connectors"
    verbose_name = _("数据接入")

    def ready(self) -> None:
        """Name what connectors write to the audit log about."""
        from zhiheng.audit.public import name_subjects

        name_subjects(SUBJECTS)
