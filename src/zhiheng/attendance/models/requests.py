"""What people ask for about their time: overtime, corrections, outings, trips, shift swaps; and the rules for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.attendance.choices import Compensation, RequestKind, ShiftEnd, TimeRequestState
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel

LIVE_STATES = (TimeRequestState.ASKED, TimeRequestState.PENDING, TimeRequestState.APPROVED)


class TimeRequest(LegalEntityModel):
    """A request of one kind; which columns are filled depends on it.

    ``from_on`` to ``to_on`` (both included) are the attendance days it concerns. ``from_at`` and ``to_at``: overtime
    with times, outings; a correction has only ``from_at``, the time of the missing punch. ``minutes``: of overtime,
    without breaks. A swap gives what ``person`` works on ``from_on`` away for what ``other_person`` works
    on ``other_on``: on both days both have what the other had. ``warnings``: what the applicant was told and confirmed,
    as codes with figures.
    """

    kind = models.CharField(_("类型"), max_length=12, choices=RequestKind)
    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    state = models.CharField(_("状态"), max_length=12, choices=TimeRequestState)
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"))
    from_at = models.DateTimeField(pgettext_lazy("request", "开始时间"), null=True)
    to_at = models.DateTimeField(pgettext_lazy("request", "结束时间"), null=True)
    zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    minutes = models.PositiveIntegerField(_("时长（分钟）"), null=True)
    compensation = models.CharField(_("补偿方式"), max_length=8, choices=Compensation, blank=True)
    end = models.CharField(_("缺哪次卡"), max_length=3, choices=ShiftEnd, blank=True)
    is_device_failure = models.BooleanField(_("设备故障"), default=False)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    reason = models.CharField(_("事由"), max_length=500)
    evidence_id = models.UUIDField(_("凭证"), null=True)  # a stored file
    other_person = TenantForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("换班同事")
    )
    other_on = models.DateField(_("同事的班次日期"), null=True)
    other_answered_at = models.DateTimeField(_("同事答复时间"), null=True)
    warnings = models.JSONField(_("提醒"), default=list)
    created_by = models.CharField(_("提交人"), max_length=120)
    created_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)
    end_reason = models.CharField(_("撤销理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("考勤申请")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="time_request_days"),
            models.CheckConstraint(
                condition=Q(to_at=None) | Q(from_at=None) | Q(to_at__gt=F("from_at")),
                name="time_request_times",
            ),
            models.CheckConstraint(
                condition=(Q(kind="overtime") & Q(minutes__gt=0) & ~Q(compensation=""))
                | (Q(kind="correction") & Q(from_at__isnull=False) & ~Q(end=""))
                | (Q(kind="outing") & Q(from_at__isnull=False, to_at__isnull=False))
                | Q(kind="trip")
                | (Q(kind="swap") & Q(other_person__isnull=False, other_on__isnull=False)),
                name="time_request_kind",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "person", "from_on", "end"],
                condition=Q(kind="correction", state__in=["pending", "approved"]),
                name="time_request_correction",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "person", "from_on"], name="time_request_person"),
            models.Index(fields=["tenant_id", "kind", "state", "from_on"], name="time_request_kind_state"),
            models.Index(fields=["tenant_id", "created_at"], name="time_request_created"),
            models.Index(fields=["tenant_id", "other_person"], name="time_request_other"),
        ]


class RequestRules(TenantModel):
    """A company's rules for requests; one row. Days are days back from today, minutes and counts speak for themselves.

    ``who``: request kind -> `WhoMayAsk`; a kind that is not in it is open to everybody.
    """

    correction_quota = models.PositiveSmallIntegerField(_("每月补卡次数"), default=3)
    correction_days = models.PositiveSmallIntegerField(_("补卡期限（天）"), default=7)
    overtime_days = models.PositiveSmallIntegerField(_("加班补交期限（天）"), default=3)
    outing_days = models.PositiveSmallIntegerField(_("外出补交期限（天）"), default=3)
    trip_days = models.PositiveSmallIntegerField(_("出差补交期限（天）"), default=7)
    overtime_day_minutes = models.PositiveSmallIntegerField(default=180)
    overtime_month_minutes = models.PositiveSmallIntegerField(default=2160)
    longest_overtime_minutes = models.PositiveSmallIntegerField(default=720)
    longest_outing_minutes = models.PositiveSmallIntegerField(default=1440)
    longest_trip_days = models.PositiveSmallIntegerField(_("单次出差最长天数"), default=60)
    is_weekday_time_off = models.BooleanField(_("工作日加班可以调休"), default=False)
    who = models.JSONField(_("谁可以提交"), default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("申请规则")
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="request_rules_one")]
