"""Enumerations of leave."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LeaveUnit(models.TextChoices):
    """The smallest piece in which leave of a type is taken."""

    DAY = "day", _("天")
    HALF_DAY = "half_day", _("半天")
    HOUR = "hour", _("小时")


class Basis(models.TextChoices):
    """Where the right to leave of a type comes from. The first three have balances."""

    SERVICE = "service", _("按累计工龄每年发放")
    FIXED = "fixed", _("每年固定额度")
    COMP = "comp", _("由加班转入")
    YEAR_LIMIT = "year_limit", _("每年不超过上限")
    EVENT_LIMIT = "event_limit", _("每次不超过上限")
    UNLIMITED = "unlimited", _("不设额度")


WITH_BALANCE = (Basis.SERVICE, Basis.FIXED, Basis.COMP)
GRANTED_YEARLY = (Basis.SERVICE, Basis.FIXED)


class Counts(models.TextChoices):
    """Which days within a leave cost something."""

    WORKING = "working", _("只计排班的工作时间")
    CALENDAR = "calendar", _("按日历天计，含休息日和节假日")
    CALENDAR_LESS_HOLIDAYS = "calendar_less_holidays", _("按日历天计，法定节假日顺延")


class ForGender(models.TextChoices):
    """Who may take leave of a type."""

    ANY = "any", pgettext_lazy("gender", "不限")
    FEMALE = "female", pgettext_lazy("gender", "女")
    MALE = "male", pgettext_lazy("gender", "男")


class Accrual(models.TextChoices):
    """When a yearly grant arrives."""

    YEAR_START = "year_start", _("年初一次发放")
    MONTHLY = "monthly", _("按月累积")


class StepChange(models.TextChoices):
    """What a step of service (10, 20 years) reached within a year does; no national rule says."""

    NEXT_YEAR = "next_year", _("次年起按新标准")
    PRO_RATA = "pro_rata", _("当年前后分段折算")
    WHOLE_YEAR = "whole_year", _("当年全年按新标准")


class EntryKind(models.TextChoices):
    """What a line of the ledger did."""

    GRANT = "grant", _("发放")
    ACCRUE = "accrue", _("累积")
    CREDIT = "credit", _("加班转入")
    CARRY = "carry", _("结转")
    EXPIRE = "expire", _("到期")
    TAKE = "take", _("使用")
    GIVE_BACK = "give_back", _("退回")
    ADJUST = "adjust", _("调整")
    OPEN = "open", _("期初")


class LeaveState(models.TextChoices):
    """Where a request for leave is."""

    PENDING = "pending", _("审批中")
    APPROVED = "approved", _("已批准")
    REJECTED = "rejected", _("已驳回")
    WITHDRAWN = "withdrawn", _("已撤回")
    CANCELLED = "cancelled", _("已销假")


class Half(models.TextChoices):
    """Which half of a day."""

    FIRST = "am", _("上午")
    SECOND = "pm", _("下午")


class Grade(models.TextChoices):
    """How well a rule is known."""

    OFFICIAL = "A", _("官方文本")
    TWO_SOURCES = "B", _("两个来源一致")
    ONE_SOURCE = "C", _("单一来源")
    KNOWLEDGE = "K", _("请核对")
    OWN = "own", _("本企业规定")


class Region(models.TextChoices):
    """Places whose rules of leave are known; others have the national ones and their own."""

    NATIONAL = "CN", _("全国")
    BEIJING = "CN-BJ", _("北京")
    SHANGHAI = "CN-SH", _("上海")
    GUANGDONG = "CN-GD", _("广东")
    ZHEJIANG = "CN-ZJ", _("浙江")
    OTHER = "CN-XX", _("其他地区")
