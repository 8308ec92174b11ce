"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SUBJECTS = {"goals.goal": _("目标"), "goals.negotiation": _("目标协商")}


class GoalsConfig(AppConfig):
    """Tells the audit log of names."""

    name = "zhiheng.goals"
    verbose_name = _("目标")

    def ready(self) -> None:
        """Name what goals write to the audit log about."""
        from zhiheng.audit.public import name_subjects

        name_subjects(SUBJECTS)
