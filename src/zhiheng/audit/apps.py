"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "zhiheng.audit"
    verbose_name = _("审计")

    def ready(self) -> None:
        """Have the entries of each piece of tenant work written at its end."""
        from zhiheng.audit.services.append import write_pending
        from zhiheng.tenancy.context import before_leaving

        before_leaving(write_pending)
