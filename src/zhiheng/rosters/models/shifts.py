"""Shifts and the rules days are judged by; both change by new versions, so that old days keep theirs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.rosters.choices import Colour, ShiftKind
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import TenantModel
from zhiheng.tenancy.naming import NamedModel


class RuleSet(NamedModel, TenantModel):
    """A named set of rules (`zhiheng.rosters.calc.shift.Policy`); shifts that name none use the default one."""

    code = models.CharField(_("编码"), max_length=40)
    is_default = models.BooleanField(_("默认规则"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("考勤规则")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="rule_set_code",
                violation_error_message=_("该编码已被其他考勤规则使用，请换一个编码。"),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "is_default"], condition=Q(is_default=True), name="rule_set_default"
            ),
        ]


class RuleVersion(TenantModel):
    """The rules of a set from a date on, as JSON of `Policy`."""

    rule_set = TenantForeignKey(RuleSet, on_delete=models.CASCADE, related_name="versions")
    valid_from = models.DateField(_("生效日期"))
    rules = models.JSONField(_("规则"), default=dict)

    class Meta:
        verbose_name = _("考勤规则版本")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "rule_set", "valid_from"], name="rule_version_from")
        ]


class Shift(NamedModel, TenantModel):
    """A shift as people call it; its times are in its versions."""

    code = models.CharField(_("编码"), max_length=20)
    colour = models.CharField(_("颜色"), max_length=8, choices=Colour, default=Colour.BLUE)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("班次")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="shift_code",
                violation_error_message=_("该编码已被其他班次使用，请换一个编码。"),
            )
        ]


class ShiftVersion(TenantModel):
    """The times of a shift from a date on, as JSON of `zhiheng.rosters.calc.shift.Shift`."""

    shift = TenantForeignKey(Shift, on_delete=models.CASCADE, related_name="versions")
    valid_from = models.DateField(_("生效日期"))
    kind = models.CharField(_("类型"), max_length=8, choices=ShiftKind, default=ShiftKind.FIXED)
    times = models.JSONField(_("时间"), default=dict)
    rule_set = TenantForeignKey(
        RuleSet, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("考勤规则")
    )

    class Meta:
        verbose_name = _("班次版本")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "shift", "valid_from"], name="shift_version_from")
        ]
