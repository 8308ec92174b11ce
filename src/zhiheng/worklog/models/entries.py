"""What people did, by category, as they wrote it down."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel
from zhiheng.tenancy.naming import NamedModel


class WorkCategory(NamedModel, TenantModel):
    """A kind of work of the company's own, or its opinion of a built-in one (same code)."""

    code = models.SlugField(_("编码"), max_length=40, db_index=False)
    is_effective = models.BooleanField(_("计入有效工时"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    position = models.PositiveIntegerField(_("排序"), default=100)

    class Meta:
        verbose_name = _("工作类别")
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="work_category_code",
                violation_error_message=_("该编码已被其他工作类别使用，请换一个编码。"),
            )
        ]


class WorkEntry(LegalEntityModel):
    """Something somebody did on a day: from when to when, or how long. ``category`` is a category's code."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    on = models.DateField(_("日期"))
    category = models.CharField(_("类别"), max_length=40)
    started_at = models.DateTimeField(_("开始"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("分钟"))
    note = models.CharField(_("内容"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("工作内容")
        ordering = ["on", "started_at"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="work_entry_minutes"),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True, ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="work_entry_span",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "person", "on"], name="work_entry_person"),
            models.Index(fields=["tenant_id", "on"], name="work_entry_on"),
        ]
