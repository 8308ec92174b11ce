"""App configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    """Loads the kinds of requests of every domain when Django starts."""

    name = "zhiheng.approvals"
    verbose_name = _("审批")

    def ready(self) -> None:
        """Find ``approvals.py`` in every installed app."""
        autodiscover_modules("approvals")
