"""Balances: accounts, and the ledger whose sum they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.leave.choices import EntryKind
from zhiheng.leave.models.types import LeaveType
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel


class LeaveAccount(LegalEntityModel):
    """A person's balance of a type: what is locked to write to its ledger. The amount is the ledger's sum."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    leave_type = TenantForeignKey(
        LeaveType, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("假期类型")
    )

    class Meta:
        verbose_name = _("假期余额")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person", "leave_type"], name="leave_account_person")
        ]
        indexes = [models.Index(fields=["tenant_id", "leave_type"], name="leave_account_type")]


class LeaveEntry(LegalEntityModel):
    """A line of the ledger; append-only. Days, or minutes for types taken in hours; negative ones take away.

    An entry that adds without ``lot`` is a lot itself: it has a last day of use, and what is taken, expires or comes
    back names it. A taking without a lot went beyond the balance. ``key`` keeps a line from being written twice.
    """

    account = TenantForeignKey(
        LeaveAccount, on_delete=models.PROTECT, related_name="entries", verbose_name=_("假期余额")
    )
    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    kind = models.CharField(_("类型"), max_length=12, choices=EntryKind)
    amount = models.DecimalField(_("数量"), max_digits=10, decimal_places=2)
    on = models.DateField(_("日期"))
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("所属年度"))
    lot = TenantForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="uses", verbose_name=_("来源")
    )
    request = TenantForeignKey(
        "leave.LeaveRequest",
        on_delete=models.PROTECT,
        null=True,
        related_name="entries",
        verbose_name=_("请假单"),
    )
    source_id = models.UUIDField(_("来源编号"), null=True)
    batch_id = models.UUIDField(_("导入批次"), null=True)
    key = models.CharField(max_length=120, null=True, editable=False)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    payout_multiple = models.DecimalField(_("支付倍数"), max_digits=4, decimal_places=2, null=True)
    written_by = models.CharField(_("操作人"), max_length=120)
    written_at = models.DateTimeField(_("操作时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("假期流水")
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "key"], name="leave_entry_key"),
            models.CheckConstraint(condition=~Q(amount=0), name="leave_entry_amount"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "account", "on"], name="leave_entry_account"),
            models.Index(fields=["tenant_id", "source_id"], name="leave_entry_source"),
            models.Index(fields=["tenant_id", "batch_id"], name="leave_entry_batch"),
            models.Index(fields=["tenant_id", "request"], name="leave_entry_request"),
        ]


class ServiceRecord(LegalEntityModel):
    """How long somebody had worked elsewhere when they were hired, and what shows it."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    months_before = models.PositiveSmallIntegerField(_("入职前累计工作月数"), default=0)
    first_worked_on = models.DateField(_("首次参加工作日期"), null=True, blank=True)
    evidence = TenantForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("证明材料"),
    )  # fmt: skip
    note = models.CharField(_("说明"), max_length=200, blank=True)
    set_by = models.CharField(_("登记人"), max_length=120, blank=True)
    set_at = models.DateTimeField(_("登记时间"), auto_now=True)

    class Meta:
        verbose_name = _("工龄记录")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "person"], name="service_record_person")]
