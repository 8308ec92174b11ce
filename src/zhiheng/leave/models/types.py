"""Types of leave, and what the law of each place gives."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.leave.choices import (
    WITH_BALANCE,
    Accrual,
    Basis,
    Counts,
    ForGender,
    Grade,
    LeaveUnit,
    Region,
    StepChange,
)
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel
from zhiheng.tenancy.naming import NamedModel, in_reader_language


class LeaveType(NamedModel, TenantModel):
    """A kind of leave of a company. Amounts are days, or minutes for a type taken in hours."""

    code = models.SlugField(_("编码"), max_length=40)
    basis = models.CharField(_("额度来源"), max_length=12, choices=Basis)
    unit = models.CharField(_("请假单位"), max_length=8, choices=LeaveUnit, default=LeaveUnit.DAY)
    counts = models.CharField(_("计算方式"), max_length=24, choices=Counts, default=Counts.WORKING)
    step = models.DecimalField(_("最小单位"), max_digits=6, decimal_places=2, default=Decimal("0.5"))
    minimum = models.DecimalField(_("单次最少"), max_digits=8, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("单次最多"), max_digits=8, decimal_places=2, null=True, blank=True)
    paid_share = models.DecimalField(_("发薪比例"), max_digits=5, decimal_places=4, default=Decimal(1))
    needs_attachment = models.BooleanField(_("需要附件"), default=False)
    for_gender = models.CharField(_("适用性别"), max_length=8, choices=ForGender, default=ForGender.ANY)
    accrual = models.CharField(_("发放方式"), max_length=12, choices=Accrual, default=Accrual.YEAR_START)
    step_change = models.CharField(
        _("年中工龄变化"), max_length=12, choices=StepChange, default=StepChange.NEXT_YEAR
    )
    is_prorated = models.BooleanField(_("入职离职折算"), default=True)
    carry_months = models.PositiveSmallIntegerField(_("可结转月数"), default=0)
    carry_maximum = models.DecimalField(_("最多结转"), max_digits=8, decimal_places=2, null=True, blank=True)
    payout_multiple = models.DecimalField(
        _("到期未休支付倍数"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    overdraft = models.DecimalField(_("可透支"), max_digits=8, decimal_places=2, default=Decimal(0))
    position = models.PositiveSmallIntegerField(_("排序"), default=100)
    is_active = models.BooleanField(_("启用"), default=True)
    is_own = models.BooleanField(_("自定义"), default=True)

    class Meta:
        verbose_name = _("假期类型")
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="leave_type_code",
                violation_error_message=_("该编码已被其他假期类型使用，请换一个编码。"),
            ),
            models.CheckConstraint(
                condition=Q(paid_share__gte=0) & Q(paid_share__lte=1), name="leave_type_paid_share"
            ),
            models.CheckConstraint(condition=Q(step__gt=0), name="leave_type_step"),
        ]

    @property
    def is_hourly(self) -> bool:
        """Whether amounts are minutes."""
        return self.unit == LeaveUnit.HOUR

    @property
    def has_balance(self) -> bool:
        """Whether people have a balance of it."""
        return self.basis in WITH_BALANCE

    @property
    def is_paid(self) -> bool:
        """Whether any wage is paid for it."""
        return self.paid_share > 0


class LeaveRule(TenantModel):
    """What a place gives of a type from a day on, and where that is written; ``OWN`` rules go before others."""

    leave_type = TenantForeignKey(
        LeaveType, on_delete=models.CASCADE, related_name="rules", verbose_name=_("假期类型")
    )
    region = models.CharField(_("地区"), max_length=8, choices=Region, default=Region.NATIONAL)
    amount = models.DecimalField(_("额度"), max_digits=8, decimal_places=2, null=True, blank=True)
    effective_from = models.DateField(_("生效日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    grade = models.CharField(_("可靠程度"), max_length=4, choices=Grade, default=Grade.OWN)
    source = models.CharField(_("依据"), max_length=200, blank=True)
    source_url = models.CharField(_("来源网址"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    note_en = models.CharField(_("英文说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("假期规则")
        ordering = ["region", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "leave_type", "region", "effective_from", "grade"],
                name="leave_rule_from",
                violation_error_message=_("该地区从这一天起已有规则。"),
            )
        ]

    @property
    def remark(self) -> str:
        """Return the note in the reader's language."""
        return in_reader_language(self.note, self.note_en)


class LeavePlace(LegalEntityModel):
    """Which place's rules a subsidiary follows."""

    region = models.CharField(_("地区"), max_length=8, choices=Region, default=Region.NATIONAL)

    class Meta:
        verbose_name = _("假期适用地区")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "legal_entity"], name="leave_place_entity")
        ]
