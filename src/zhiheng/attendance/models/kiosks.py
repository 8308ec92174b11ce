"""Tablets at the door, and the PINs that people punch with where they do not use their face."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.models.sites import PunchDevice
from zhiheng.tenancy.fields import TenantForeignKey, TenantOneToOneField
from zhiheng.tenancy.models import LegalEntityModel


class Kiosk(LegalEntityModel):
    """What lets a tablet punch for others: paired once by a code, then known by a token; only hashes are kept."""

    device = TenantOneToOneField(PunchDevice, on_delete=models.CASCADE, related_name="kiosk")
    pairing_hash = models.CharField(max_length=64, blank=True, editable=False)
    pairing_until = models.DateTimeField(_("配对码有效至"), null=True, editable=False)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    paired_at = models.DateTimeField(_("配对时间"), null=True, editable=False)
    seen_at = models.DateTimeField(_("最近在线"), null=True, editable=False)
    uses_face = models.BooleanField(_("人脸识别"), default=False)

    class Meta:
        verbose_name = _("打卡平板")


class PunchPin(LegalEntityModel):
    """A person's PIN for kiosks, hashed; wrong tries lock it for a while."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("员工")
    )
    pin_hash = models.CharField(max_length=200, editable=False)
    set_at = models.DateTimeField(_("设置时间"))
    failed_count = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_until = models.DateTimeField(_("锁定至"), null=True, editable=False)

    class Meta:
        verbose_name = _("打卡密码")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "person"], name="punch_pin_person")]
