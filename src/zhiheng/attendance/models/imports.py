"""Punch logs imported as files, line by line, so that none is lost."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.choices import LineState
from zhiheng.attendance.models.sites import PunchDevice
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel


class PunchImport(LegalEntityModel):
    """A punch log: looked at first, taken when ``taken_at`` is set, all its punches void when ``voided_at`` is."""

    name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(max_length=64, editable=False)
    file_id = models.UUIDField(_("文件"), editable=False)
    line_count = models.PositiveIntegerField(_("行数"), default=0)
    punch_count = models.PositiveIntegerField(_("导入的打卡"), default=0)
    zone = models.CharField(_("时区"), max_length=40)
    device = TenantForeignKey(
        PunchDevice, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("打卡设备")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(_("上传人"), max_length=120)
    taken_at = models.DateTimeField(_("导入时间"), null=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True)

    class Meta:
        verbose_name = _("打卡文件")
        ordering = ["-uploaded_at"]


class PunchImportLine(LegalEntityModel):
    """A line of a punch log that became no punch yet, or never: unknown person, unreadable, clock reset.

    Lines that became punches are not repeated here; the file holds them, and the punches name the batch.
    """

    batch = TenantForeignKey(PunchImport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("行号"))
    raw = models.TextField(_("原始内容"))
    pin = models.CharField(_("考勤号"), max_length=24, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=LineState)

    class Meta:
        verbose_name = _("未导入的行")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "batch", "number"], name="punch_import_line_number")
        ]


class PinOwner(LegalEntityModel):
    """Whose number a PIN of terminals is, where it is not the employee number."""

    pin = models.CharField(_("考勤号"), max_length=24)
    person = TenantForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("员工")
    )

    class Meta:
        verbose_name = _("考勤号对照")
        ordering = ["pin"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "pin"],
                name="pin_owner_pin",
                violation_error_message=_("该考勤号已对应其他员工。"),
            )
        ]
