"""Rotation patterns: shifts that follow each other in a cycle of days."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.rosters.models.shifts import Shift
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel
from zhiheng.tenancy.naming import NamedModel


class RotationPattern(NamedModel, TenantModel):
    """A cycle of days, such as 四班三运转; each group of people starts it on a day of its own.

    ``follows_calendar``: days off of the calendar are off, and a worked weekend is worked on that week's shift.
    """

    code = models.CharField(_("编码"), max_length=20)
    follows_calendar = models.BooleanField(_("法定节假日与调休按日历"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("轮班规律")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="rotation_code",
                violation_error_message=_("该编码已被其他轮班规律使用，请换一个编码。"),
            )
        ]


class RotationSlot(TenantModel):
    """A day of the cycle, counted from 0; without a shift it is a rest day."""

    rotation = TenantForeignKey(RotationPattern, on_delete=models.CASCADE, related_name="slots")
    day = models.PositiveSmallIntegerField(_("第几天"))
    shift = TenantForeignKey(
        Shift, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("班次")
    )

    class Meta:
        verbose_name = _("轮班日")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "rotation", "day"], name="rotation_slot_day")
        ]
