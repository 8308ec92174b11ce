"""Metrics: periods, definitions in versions, and the values that were observed."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.metrics.choices import AggregateFunction, Direction, MetricKind
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel
from zhiheng.tenancy.naming import NamedModel


class Period(NamedModel, TenantModel):
    """A stretch of days that goals, metrics and reviews speak of; ``period_to`` is the day after its last."""

    code = models.CharField(_("编码"), max_length=40)
    calendar = models.CharField(_("期间类别"), max_length=40, blank=True)
    period_from = models.DateField(_("开始日期"))
    period_to = models.DateField(_("结束日期（不含）"))

    class Meta:
        verbose_name = _("期间")
        ordering = ["period_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="period_code",
                violation_error_message=_("该编码已被其他期间使用，请换一个编码。"),
            ),
            models.CheckConstraint(
                condition=Q(period_from__lt=F("period_to")),
                name="period_order",
                violation_error_message=_("结束日期必须晚于开始日期。"),
            ),
        ]

    @property
    def last_on(self) -> dt.date:
        """Return the last day."""
        return self.period_to - dt.timedelta(days=1)


class Metric(NamedModel, TenantModel):
    """A measure of work; how it is computed is in its versions, of which ``current_version`` holds today."""

    code = models.SlugField(_("编码"), max_length=60, db_index=False)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    places = models.PositiveSmallIntegerField(_("小数位数"), default=2)
    direction = models.CharField(_("方向"), max_length=8, choices=Direction, default=Direction.HIGHER)
    current_version = models.PositiveIntegerField(_("当前版本"), default=1)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("指标")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="metric_code",
                violation_error_message=_("该编码已被其他指标使用，请换一个编码。"),
            )
        ]


class MetricVersion(TenantModel):
    """How a metric is computed, from some moment on; append-only.

    An aggregate has ``stream``, ``aggregate``, ``field`` and ``filters`` (a list of ``{"field", "op",
    "value"}``); a formula has ``formula`` over names, and ``inputs`` maps each name to the code of a metric.
    """

    metric = TenantForeignKey(
        Metric, on_delete=models.PROTECT, related_name="versions", verbose_name=_("指标")
    )
    version = models.PositiveIntegerField(_("版本"))
    kind = models.CharField(_("类型"), max_length=12, choices=MetricKind)
    stream = TenantForeignKey(
        "integrations.Stream", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("数据流")
    )
    aggregate = models.CharField(_("汇总方式"), max_length=16, choices=AggregateFunction, blank=True)
    field = models.CharField(_("字段"), max_length=60, blank=True)
    filters = models.JSONField(_("筛选条件"), default=list)
    formula = models.TextField(_("公式"), blank=True)
    inputs = models.JSONField(_("引用的指标"), default=dict)
    definition_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("创建时间"))
    created_by = models.CharField(_("创建人"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("指标版本")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "metric", "version"], name="metric_version_number")
        ]


class Observation(LegalEntityModel):
    """The value of a metric for a person over a period, with the records behind it; append-only.

    ``outcome`` other than OK says why there is no ``value``.
    """

    metric_version = TenantForeignKey(
        MetricVersion, on_delete=models.PROTECT, related_name="observations", verbose_name=_("指标版本")
    )
    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    period_from = models.DateField(_("开始日期"))
    period_to = models.DateField(_("结束日期（不含）"))
    value = models.DecimalField(_("数值"), max_digits=38, decimal_places=12, null=True)
    outcome = models.CharField(_("结果"), max_length=12, default="OK")
    record_ids = ArrayField(models.UUIDField(), verbose_name=_("依据记录"))
    inputs_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("观测值")
        indexes = [
            models.Index(fields=["tenant_id", "person", "period_from"], name="observation_person"),
            models.Index(fields=["tenant_id", "metric_version", "period_from"], name="observation_metric"),
            GinIndex(fields=["record_ids"], name="observation_records"),
        ]


class LiveSpan(TenantModel):
    """A period over which the values of a definition are kept, in `LiveValue`, as the records now stand.

    Derived, so rows come and go; several metrics of one definition share them. Not to be relied on while
    integrations knows of a change in its days.
    """

    definition_hash = models.CharField(max_length=64)
    period_from = models.DateField(_("开始日期"))
    period_to = models.DateField(_("结束日期（不含）"))
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("实时汇总")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "definition_hash", "period_from", "period_to"], name="live_span"
            )
        ]


class LiveValue(TenantModel):
    """The value of a person who has records in a span; all others have zero."""

    span = TenantForeignKey(
        LiveSpan, on_delete=models.CASCADE, related_name="values", verbose_name=_("实时汇总")
    )
    person = TenantForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("员工")
    )
    value = models.DecimalField(_("数值"), max_digits=38, decimal_places=12)
    record_count = models.PositiveIntegerField(_("依据记录数"))
    record_ids = ArrayField(models.UUIDField(), verbose_name=_("依据记录"))
    inputs_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("实时数值")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "span", "person"], name="live_value")]
