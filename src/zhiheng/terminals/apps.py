"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "terminals.command": _("考勤机指令"),
    "terminals.event": _("考勤机事件"),
    "terminals.people": _("考勤机人员"),
    "terminals.pin": _("考勤机工号"),
    "terminals.upload": _("考勤机上传"),
}


class TerminalsConfig(AppConfig):
    """Tells the audit log of names."""

    name = "zhiheng.terminals"
    verbose_name = _("考勤机")

    def ready(self) -> None:
        """Name what terminals write to the audit log about."""
        from zhiheng.audit.public import name_subjects

        name_subjects(SUBJECTS)
