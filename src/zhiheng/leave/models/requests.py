"""Requests for leave, and the days they take."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.leave.choices import Half, LeaveState
from zhiheng.leave.models.types import LeaveType
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel


class LeaveRequest(LegalEntityModel):
    """Leave that somebody asks for, from a day to a day, both included.

    ``from_half``/``to_half``: where it begins and ends for halves of days; ``from_minute``/``to_minute``: minutes from
    00:00 of the first and the last day for hours. ``amount`` is what it costs: days, or minutes.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    leave_type = TenantForeignKey(
        LeaveType, on_delete=models.PROTECT, related_name="requests", verbose_name=_("假期类型")
    )
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"))
    from_half = models.CharField(_("开始时段"), max_length=2, choices=Half, default=Half.FIRST)
    to_half = models.CharField(_("结束时段"), max_length=2, choices=Half, default=Half.SECOND)
    from_minute = models.PositiveSmallIntegerField(_("开始时间"), null=True)
    to_minute = models.PositiveSmallIntegerField(_("结束时间"), null=True)
    amount = models.DecimalField(_("时长"), max_digits=8, decimal_places=2)
    minutes = models.PositiveIntegerField(_("排班分钟"))
    reason = models.CharField(_("事由"), max_length=500, blank=True)
    attachment = TenantForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("附件")
    )
    state = models.CharField(_("状态"), max_length=12, choices=LeaveState, default=LeaveState.PENDING)
    approval_id = models.UUIDField(_("审批"), null=True)
    requested_by = models.CharField(_("提交人"), max_length=120)
    requested_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    close_reason = models.CharField(_("办结说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("请假单")
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="leave_request_span"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "person", "from_on"], name="leave_request_person"),
            models.Index(fields=["tenant_id", "state", "from_on"], name="leave_request_state"),
        ]


class LeaveDay(LegalEntityModel):
    """What a request takes of one day. ``share`` is 0 for hours; ``from_at`` is empty on days without work."""

    request = TenantForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="days")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    share = models.DecimalField(_("天数"), max_digits=3, decimal_places=2)
    minutes = models.PositiveSmallIntegerField(_("排班分钟"))
    from_at = models.DateTimeField(_("开始"), null=True)
    to_at = models.DateTimeField(_("结束"), null=True)

    class Meta:
        verbose_name = _("休假日")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "request", "on"], name="leave_day_on"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "on", "person"], name="leave_day_person"),
        ]
