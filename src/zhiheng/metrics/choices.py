"""Enumerations of metrics."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MetricKind(models.TextChoices):
    """What a metric is made of."""

    AGGREGATE = "aggregate", _("汇总记录")
    FORMULA = "formula", _("由其他指标计算")


class AggregateFunction(models.TextChoices):
    """How records become one number."""

    SUM = "sum", _("求和")
    COUNT = "count", _("计数")
    COUNT_DISTINCT = "count_distinct", _("去重计数")
    COUNT_FIRST = "count_first", _("首次出现计数")


class Direction(models.TextChoices):
    """Which way is better."""

    HIGHER = "higher", _("越高越好")
    LOWER = "lower", _("越低越好")


class Comparison(models.TextChoices):
    """Comparisons that a filter of an aggregate can make."""

    EQUAL = "eq", _("等于")
    NOT_EQUAL = "ne", _("不等于")
    IN = "in", _("属于")
    AT_LEAST = "ge", _("不小于")
    AT_MOST = "le", _("不大于")
