"""Travel expenses: what is paid for, and who claimed it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel
from zhiheng.worklog.choices import ClaimState, LineKind
from zhiheng.worklog.models.visits import Visit


class ExpenseRate(LegalEntityModel):
    """What a subsidiary pays from a day on. ``detour`` turns the distance as the crow flies into one by road."""

    from_on = models.DateField(_("生效日期"))
    distance_rate = models.DecimalField(_("每公里"), max_digits=10, decimal_places=4)
    daily_allowance = models.DecimalField(_("每日补贴"), max_digits=12, decimal_places=2)
    detour = models.DecimalField(_("绕行系数"), max_digits=4, decimal_places=2, default=1)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")

    class Meta:
        verbose_name = _("差旅标准")
        ordering = ["-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "legal_entity", "from_on"],
                name="expense_rate_from",
                violation_error_message=_("这一天已有生效的差旅标准。"),
            )
        ]


class ExpenseClaim(LegalEntityModel):
    """What somebody asks to be paid for the visits of a period (both days included)."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    number = models.CharField(_("报销单号"), max_length=40)
    first_on = models.DateField(_("开始日期"))
    last_on = models.DateField(_("结束日期"))
    state = models.CharField(_("状态"), max_length=12, choices=ClaimState, default=ClaimState.DRAFT)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    note = models.CharField(_("备注"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    paid_at = models.DateTimeField(_("付款时间"), null=True, blank=True)
    paid_by = models.CharField(_("付款人"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("差旅报销单")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "number"], name="expense_claim_number"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="expense_claim_period"),
        ]
        indexes = [models.Index(fields=["tenant_id", "person", "first_on"], name="expense_claim_person")]

    def __str__(self) -> str:
        return self.number


class ExpenseLine(LegalEntityModel):
    """One thing paid for: kilometres to a visit, the allowance of a day, or something with a receipt."""

    claim = TenantForeignKey(ExpenseClaim, on_delete=models.CASCADE, related_name="lines")
    on = models.DateField(_("日期"))
    kind = models.CharField(_("类型"), max_length=12, choices=LineKind)
    visit = TenantForeignKey(
        Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("客户拜访")
    )
    text = models.CharField(_("说明"), max_length=200, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=2, null=True, blank=True)
    rate = models.DecimalField(_("标准"), max_digits=12, decimal_places=4, null=True, blank=True)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    receipt_id = models.UUIDField(_("票据"), null=True, blank=True)  # a stored file

    class Meta:
        verbose_name = _("报销明细")
        ordering = ["on", "kind", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="expense_line_amount"),
        ]
