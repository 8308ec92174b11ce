"""Goals: what somebody is to reach in a period."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel
from zhiheng.tenancy.naming import in_reader_language


class Goal(LegalEntityModel):
    """A number that a person is to reach, measured by a metric over a period.

    ``org_unit`` is the person's on the last day of the period; ``target`` repeats the latest revision's.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    metric = TenantForeignKey(
        "metrics.Metric", on_delete=models.PROTECT, related_name="+", verbose_name=_("指标")
    )
    period = TenantForeignKey(
        "metrics.Period", on_delete=models.PROTECT, related_name="+", verbose_name=_("期间")
    )
    name = models.CharField(_("目标名称"), max_length=120, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    target = models.DecimalField(_("目标值"), max_digits=38, decimal_places=4)
    revision = models.PositiveIntegerField(_("版本"), default=1)
    is_withdrawn = models.BooleanField(_("已撤回"), default=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("目标")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person", "metric", "period"],
                name="goal_subject",
                violation_error_message=_("该员工在此期间已有同一指标的目标。"),
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "period", "org_unit"], name="goal_period")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the goal's own name in the reader's language, or that of its metric."""
        return in_reader_language(self.name, self.name_en) or self.metric.label


class GoalRevision(LegalEntityModel):
    """A target as it was set, by whom and from which row of which file; append-only."""

    goal = TenantForeignKey(Goal, on_delete=models.PROTECT, related_name="revisions")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    org_unit = TenantForeignKey("tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(_("版本"))
    target = models.DecimalField(_("目标值"), max_digits=38, decimal_places=4)
    is_withdrawn = models.BooleanField(_("已撤回"), default=False)
    batch_id = models.UUIDField(_("导入批次"), null=True)
    row_number = models.PositiveIntegerField(_("文件行号"), null=True)
    set_by = models.CharField(_("设定人"), max_length=120, blank=True)
    set_at = models.DateTimeField(_("设定时间"))

    class Meta:
        verbose_name = _("目标版本")
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "goal", "revision"], name="goal_revision_number")
        ]
        indexes = [models.Index(fields=["tenant_id", "batch_id"], name="goal_revision_batch")]
