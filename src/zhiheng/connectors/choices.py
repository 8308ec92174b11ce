"""Enumerations of connectors."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SyncState(models.TextChoices):
    """Where a sync is."""

    WAITING = "waiting", _("等待中")
    RUNNING = "running", _("同步中")
    DONE = "done", _("成功")
    PARTIAL = "partial", _("部分成功")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class SyncKind(models.TextChoices):
    """Why a sync was started."""

    SCHEDULED = "scheduled", _("定时")
    MANUAL = "manual", _("手动")
    WINDOW = "window", _("重新拉取")
    PUSH = "push", _("推送")


class Problem(models.TextChoices):
    """Why a row from outside did not become a record."""

    NO_KEY = "no_key", _("缺少主键")
    NO_DATE = "no_date", _("缺少发生日期")
    UNMATCHED = "unmatched", _("没有匹配到")
    BAD_VALUE = "bad_value", _("值无法转换")
    BAD_FORMULA = "bad_formula", _("表达式无法计算")
    TOO_LARGE = "too_large", _("内容过大")
    DUPLICATE = "duplicate", _("编号与其他行重复")


class CaseState(models.TextChoices):
    """Where an unmatched row is."""

    OPEN = "open", _("待处理")
    SOLVED = "solved", _("已解决")
    IGNORED = "ignored", _("已忽略")
