"""Work calendars: which days are worked, and for whom a calendar counts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.rosters.choices import DayKind
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel
from zhiheng.tenancy.naming import NamedModel


class WorkCalendar(NamedModel, TenantModel):
    """A calendar: the published one of ``country`` (CN), or plain weekends without one, and the company's own days.

    ``zone`` is the time zone of the people who work by it, "" for the tenant's.
    """

    code = models.CharField(_("编码"), max_length=20)
    country = models.CharField(_("法定日历"), max_length=2, blank=True, default="CN")
    zone = models.CharField(_("时区"), max_length=40, blank=True)
    is_default = models.BooleanField(_("默认日历"), default=False)

    class Meta:
        verbose_name = _("工作日历")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="work_calendar_code",
                violation_error_message=_("该编码已被其他工作日历使用，请换一个编码。"),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "is_default"], condition=Q(is_default=True), name="work_calendar_default"
            ),
        ]


class CalendarDay(TenantModel):
    """A day that the company itself says something about; it goes before the published calendar."""

    calendar = TenantForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    on = models.DateField(_("日期"))
    kind = models.CharField(_("日期类型"), max_length=20, choices=DayKind)
    note = models.CharField(_("说明"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("日历日")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "calendar", "on"], name="calendar_day_date")
        ]


class CalendarUse(LegalEntityModel):
    """Who works by a calendar: a whole subsidiary, or everybody of an org unit and below; the nearest one counts."""

    calendar = TenantForeignKey(
        WorkCalendar, on_delete=models.CASCADE, related_name="uses", verbose_name=_("工作日历")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("部门"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("日历适用范围")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "legal_entity"],
                condition=Q(org_unit__isnull=True),
                name="calendar_use_entity",
                violation_error_message=_("该法人实体已有工作日历。"),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "org_unit"],
                condition=Q(org_unit__isnull=False),
                name="calendar_use_unit",
                violation_error_message=_("该部门已有工作日历。"),
            ),
        ]
