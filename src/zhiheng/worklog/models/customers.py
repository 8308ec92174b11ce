"""Customers, and what imports of the work log changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.choices import Datum
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel


class Customer(LegalEntityModel):
    """A customer who is visited; without an owner they are everybody's.

    ``latitude`` and ``longitude`` are WGS-84; ``datum`` is the system they were entered in. A check-in further than
    ``radius`` metres away is flagged.
    """

    code = models.CharField(_("客户编号"), max_length=40)
    name = models.CharField(_("客户名称"), max_length=120)
    kind = models.CharField(_("客户类型"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    datum = models.CharField(_("坐标系"), max_length=8, choices=Datum, default=Datum.GCJ02)
    radius = models.PositiveIntegerField(_("签到半径（米）"), default=500)
    contact = models.CharField(_("联系人"), max_length=80, blank=True)
    owner = TenantForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("负责人"),
    )  # fmt: skip
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("客户")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "legal_entity", "code"],
                name="customer_code",
                violation_error_message=_("该编号已被其他客户使用，请换一个编号。"),
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "owner"], name="customer_owner")]

    def __str__(self) -> str:
        return self.name


class ImportChange(TenantModel):
    """A row that an import made, or changed from ``before``: what its undo goes by."""

    batch_id = models.UUIDField(_("导入批次"))
    object_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("导入改动")
        indexes = [
            models.Index(fields=["tenant_id", "batch_id"], name="worklog_change_batch"),
            models.Index(fields=["tenant_id", "object_id"], name="worklog_change_object"),
        ]
