"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "worklog.activity": _("项目活动"),
    "worklog.category": _("工作类别"),
    "worklog.claim": _("差旅报销单"),
    "worklog.entry": _("工作内容"),
    "worklog.rate": _("差旅标准"),
    "worklog.timesheet": _("工时"),
    "worklog.week": _("工时周"),
}


class WorklogConfig(AppConfig):
    """Tells lower domains what only the work log knows."""

    name = "zhiheng.worklog"
    verbose_name = _("工作记录")

    def ready(self) -> None:
        """Let attendance know of visits, files of photos, the audit log of names."""
        from zhiheng.attendance.public import register_presence
        from zhiheng.audit.public import name_subjects
        from zhiheng.files.public import allow_download
        from zhiheng.worklog.queries.expenses import receipt_of_claim
        from zhiheng.worklog.queries.visits import visit_of_photo, visit_presence
        from zhiheng.worklog.services.expenses import RECEIPT_KIND
        from zhiheng.worklog.services.visits import PHOTO_KIND

        register_presence("worklog.visit", visit_presence)
        allow_download(PHOTO_KIND, visit_of_photo)
        allow_download(RECEIPT_KIND, receipt_of_claim)
        name_subjects(SUBJECTS)
