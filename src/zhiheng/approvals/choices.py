"""Enumerations of approvals."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestState(models.TextChoices):
    """Where a request for approval stands."""

    PENDING = "pending", _("审批中")
    APPROVED = "approved", _("已同意")
    REJECTED = "rejected", _("已驳回")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "已撤回")


class StepRole(models.TextChoices):
    """In which capacity somebody decides."""

    HEAD = "head", _("上级审批")
    HR = "hr", _("人事审批")


class StepState(models.TextChoices):
    """Where a step stands; of one request at most one is open."""

    WAITING = "waiting", _("尚未轮到")
    OPEN = "open", _("待审批")
    APPROVED = "approved", _("已同意")
    REJECTED = "rejected", _("已驳回")
    SKIPPED = "skipped", _("已跳过")
    CANCELLED = "cancelled", _("已取消")


class Act(models.TextChoices):
    """What somebody did to a request."""

    START = "start", pgettext_lazy("approval", "提交")
    APPROVE = "approve", _("同意")
    REJECT = "reject", _("驳回")
    WITHDRAW = "withdraw", pgettext_lazy("approval", "撤回")
