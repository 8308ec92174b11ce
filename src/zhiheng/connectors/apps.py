"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "connectors.connection": _("数据接入"),
    "connectors.sync": _("同步"),
    "connectors.raw_row": _("原始数据"),
    "connectors.mapping": _("映射"),
    "connectors.unmatched_row": _("未匹配行"),
    "connectors.webhook": _("事件推送"),
}


class ConnectorsConfig(AppConfig):
    """Tells the audit log of names, and maps rows as they come."""

    name = "zhiheng.connectors"
    verbose_name = _("数据接入")

    def ready(self) -> None:
        """Name what connectors write to the audit log about; queue the mappings of a feed whose rows changed."""
        from zhiheng.audit.public import name_subjects
        from zhiheng.connectors.services.hooks import on_rows
        from zhiheng.connectors.services.mappings import queue_mappings_of

        name_subjects(SUBJECTS)
        on_rows(queue_mappings_of)
