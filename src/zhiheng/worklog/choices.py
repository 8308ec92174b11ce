"""Enumerations of the work log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisitState(models.TextChoices):
    """Where a customer visit is."""

    PLANNED = "planned", _("已计划")
    STARTED = "started", _("拜访中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")


class CheckKind(models.TextChoices):
    """Which end of a visit somebody checked."""

    IN = "in", _("签到")
    OUT = "out", _("签退")


class VisitRisk(models.TextChoices):
    """What is odd about a visit: a flag for somebody to look at, never a refusal."""

    FAR = "far", _("距客户较远")
    NO_LOCATION = "no_location", _("没有位置信息")
    LOW_ACCURACY = "low_accuracy", _("定位精度不足")
    NO_CUSTOMER_PLACE = "no_customer_place", _("客户没有坐标")
    NO_PHOTO = "no_photo", _("没有照片")
    TYPED_END = "typed_end", _("结束时间为手填")


class BuiltinCategory(models.TextChoices):
    """Kinds of work every company knows; more can be added."""

    VISIT = "visit", _("客户拜访")
    FOLLOW_UP = "follow_up", _("订单跟进")
    CUSTOMER_DATA = "customer_data", _("客户资料")
    MEETING = "meeting", _("会议")
    LEARNING = "learning", _("学习")
    PROJECT = "project", _("项目工时")


EFFECTIVE_BY_DEFAULT = frozenset({BuiltinCategory.VISIT, BuiltinCategory.FOLLOW_UP, BuiltinCategory.PROJECT})
FLOWS_IN = frozenset({BuiltinCategory.VISIT, BuiltinCategory.PROJECT})
"""Categories nobody enters by hand: they come from visits and timesheets."""


class WeekState(models.TextChoices):
    """Where a person's week of hours is."""

    OPEN = "open", _("填写中")
    SUBMITTED = "submitted", _("已提交")
    LOCKED = "locked", _("已锁定")


class ClaimState(models.TextChoices):
    """Where a travel expense claim is."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("审批中")
    APPROVED = "approved", _("待付款")
    REJECTED = "rejected", _("已驳回")
    PAID = "paid", _("已付款")


class LineKind(models.TextChoices):
    """What a line of a claim pays for."""

    DISTANCE = "distance", _("交通里程")
    ALLOWANCE = "allowance", _("每日补贴")
    OTHER = "other", _("其他费用")


class PresenceBasis(models.TextChoices):
    """From what the time that somebody was present is known."""

    SETTLED = "settled", _("考勤结算")
    PUNCHED = "punched", _("打卡与拜访")
    NONE = "none", _("没有考勤数据")
