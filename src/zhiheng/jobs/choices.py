"""Enumerations of background jobs."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobState(models.TextChoices):
    """Where a job is; the last three are final until somebody retries it."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("运行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class Queue(models.TextChoices):
    """Queues, one per kind of work, so that a long payroll run does not hold up a notice."""

    DEFAULT = "default", pgettext_lazy("queue", "常规")
    SETTLEMENT = "settlement", pgettext_lazy("queue", "结算")
    PAYROLL = "payroll", pgettext_lazy("queue", "薪酬")
    SYNC = "sync", pgettext_lazy("queue", "同步")
    IMPORTS = "imports", pgettext_lazy("queue", "导入")
    NOTICES = "notices", pgettext_lazy("queue", "通知")
    SOLVER = "solver", pgettext_lazy("queue", "求解")


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)
