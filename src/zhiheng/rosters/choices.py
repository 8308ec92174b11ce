"""Enumerations of rosters."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShiftKind(models.TextChoices):
    """How a shift fixes its times."""

    FIXED = "fixed", _("固定班")
    SPLIT = "split", _("分段班")
    FLEXIBLE = "flexible", _("弹性班")
    FREE = "free", _("自由班")


class Colour(models.TextChoices):
    """Colours of shifts on the board; each also differs by the shift's name, never by colour alone."""

    BLUE = "blue", _("蓝色")
    GREEN = "green", _("绿色")
    AMBER = "amber", _("黄色")
    VIOLET = "violet", _("紫色")
    CYAN = "cyan", _("青色")
    ROSE = "rose", _("玫红色")


class DayKind(models.TextChoices):
    """What a date is in a calendar."""

    WORKDAY = "WORKDAY", _("工作日")
    ADJUSTED_WORKDAY = "ADJUSTED_WORKDAY", _("调休上班")
    REST_DAY = "REST_DAY", _("休息日")
    SWAP_OFF = "SWAP_OFF", _("调休放假")
    SUBSTITUTE_OFF = "SUBSTITUTE_OFF", _("补休")
    STATUTORY_HOLIDAY = "STATUTORY_HOLIDAY", _("法定节假日")


class WorkingTimeKind(models.TextChoices):
    """Working-time systems of Chinese labour law."""

    STANDARD = "standard", _("标准工时制")
    COMPREHENSIVE = "comprehensive", _("综合计算工时制")
    IRREGULAR = "irregular", _("不定时工作制")


class SettlementPeriod(models.TextChoices):
    """Over what the hours of the comprehensive system are added up."""

    WEEK = "week", _("周")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季")
    YEAR = "year", _("年")


class EntryState(models.TextChoices):
    """Whether people are told of a roster entry and judged by it."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")


class ConflictKind(models.TextChoices):
    """What is wrong with a planned day."""

    OVERLAP = "overlap", _("班次重叠")
    SHORT_REST = "short_rest", _("休息时间不足")
    LONG_RUN = "long_run", _("连续上班天数过多")
    ON_LEAVE = "on_leave", _("当天已请假")
    WEEK_HOURS = "week_hours", _("周工时超过上限")
    PERIOD_HOURS = "period_hours", _("综合计算周期工时超标准")
