"""Where people punch, and what they punch on."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.choices import Datum, DeviceKind
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel


class Site(LegalEntityModel):
    """A place of work with its fence: a circle, or a polygon when ``polygon`` is filled.

    ``latitude`` and ``longitude`` are WGS-84, ``datum`` is the system they were entered in. ``methods`` are the ways
    to punch that are offered here; face is never the only one. ``actions`` says, for each punch risk, whether the
    punch counts with a flag, waits for a review, or is not taken (``FlagAction``).
    """

    code = models.CharField(_("编码"), max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    datum = models.CharField(_("坐标系"), max_length=8, choices=Datum, default=Datum.GCJ02)
    radius = models.PositiveIntegerField(_("半径（米）"), default=200)
    polygon = models.JSONField(_("多边形"), default=list, blank=True)  # [[latitude, longitude], …], WGS-84
    wifi = ArrayField(models.CharField(max_length=40), verbose_name=_("Wi-Fi 地址"), default=list, blank=True)
    methods = ArrayField(models.CharField(max_length=12), verbose_name=_("打卡方式"), default=list)
    actions = models.JSONField(_("风险处理"), default=dict, blank=True)
    qr_secret = models.CharField(max_length=64, editable=False, blank=True)
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("打卡地点")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="site_code",
                violation_error_message=_("该编码已被其他打卡地点使用，请换一个编码。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SiteAssignment(LegalEntityModel):
    """Who may punch at a site: a person, or everybody of an org unit and below."""

    site = TenantForeignKey(Site, on_delete=models.CASCADE, related_name="assignments")
    person = TenantForeignKey(
        "people.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("员工"),
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("部门"),
    )
    valid = DateRangeField(_("有效期"))

    class Meta:
        verbose_name = _("地点适用范围")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, org_unit__isnull=True)
                | Q(person__isnull=True, org_unit__isnull=False),
                name="site_assignment_one",
            )
        ]

    @property
    def last_on(self) -> dt.date | None:
        """Return the last day it holds, ``None`` without an end."""
        return self.valid.upper and self.valid.upper - dt.timedelta(days=1)


class PunchDevice(LegalEntityModel):
    """Something that sends punches of many people; ``code`` is its serial number.

    ``synced_until``: all punches before this instant have arrived. A day of its people is judged only after that.
    """

    code = models.CharField(_("序列号"), max_length=64)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=12, choices=DeviceKind)
    site = TenantForeignKey(
        Site,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="devices",
        verbose_name=_("打卡地点"),
    )
    synced_until = models.DateTimeField(_("已同步至"), null=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("打卡设备")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="punch_device_code",
                violation_error_message=_("该序列号已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name
