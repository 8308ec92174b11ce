"""Settled days, what they looked like before, and months that are closed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.choices import DayState, MonthState
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel


def _minutes(label: object) -> models.IntegerField:
    return models.IntegerField(label, default=0)


class DayRule(TenantModel):
    """A shift with the rules it was judged by, as it was then: kept once for all days that share it; never changed."""

    digest = models.CharField(max_length=32)
    shift_id = models.UUIDField(null=True)  # of the roster's shift; null on rest days and the default week
    code = models.CharField(_("编码"), max_length=40, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    system = models.CharField(_("工时制度"), max_length=16, default="standard")
    shift = models.JSONField(_("班次"))
    policy = models.JSONField(_("考勤规则"))

    class Meta:
        verbose_name = _("班次快照")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "digest"], name="day_rule_digest")]


class AttendanceDay(LegalEntityModel):
    """A person's day, derived and recomputable; all figures in minutes, see `calc.facts.DayResult`.

    ``inputs`` is all it was judged by (see `calc.stored`), ``digest`` the fingerprint of inputs, rule and day types.
    While ``waiting`` nobody is absent yet: what is not known counts as unresolved. ``closes_at``: when its window
    closes. ``is_unsynced``: it closed, but punches of a device are still to come. ``ot_comp``: the part of the overtime
    that is made up by time off.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    on = models.DateField(_("日期"))
    rule = TenantForeignKey(DayRule, on_delete=models.PROTECT, related_name="+", verbose_name=_("班次"))
    day_type = models.CharField(_("日期类型"), max_length=20)
    next_day_type = models.CharField(max_length=20)
    zone = models.CharField(_("时区"), max_length=40)
    state = models.CharField(_("状态"), max_length=8, choices=DayState)
    scheduled = _minutes(_("应出勤"))
    present = _minutes(_("在岗"))
    worked = _minutes(_("出勤"))
    late = _minutes(_("迟到"))
    early = _minutes(_("早退"))
    absent = _minutes(_("旷工"))
    leave = _minutes(_("请假"))
    outing = _minutes(_("外出"))
    unresolved = _minutes(_("待处理"))
    ot_requested = _minutes(_("申请加班"))
    ot_punched = _minutes(_("打卡加班"))
    ot_150 = _minutes(_("工作日加班"))
    ot_200 = _minutes(_("休息日加班"))
    ot_300 = _minutes(_("法定节假日加班"))
    ot_comp = _minutes(_("转调休加班"))
    unapproved = _minutes(_("未批准加班"))
    flags = ArrayField(models.CharField(max_length=32), verbose_name=_("标记"), default=list)
    first_in_at = models.DateTimeField(_("上班打卡"), null=True)
    last_out_at = models.DateTimeField(_("下班打卡"), null=True)
    closes_at = models.DateTimeField(_("窗口关闭时间"))
    is_unsynced = models.BooleanField(_("设备未同步"), default=False)
    inputs = models.TextField()
    digest = models.CharField(max_length=32)
    ruleset_version = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(_("修订"), default=1)
    settled_at = models.DateTimeField(_("结算时间"))

    class Meta:
        verbose_name = _("考勤日")
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person", "on"], name="attendance_day_one"),
            models.CheckConstraint(
                condition=Q(
                    scheduled=F("worked")
                    + F("late")
                    + F("early")
                    + F("absent")
                    + F("leave")
                    + F("unresolved")
                ),
                name="attendance_day_identity",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "on"], name="attendance_day_on"),
            models.Index(
                fields=["tenant_id", "closes_at"], name="attendance_day_waiting", condition=Q(state="waiting")
            ),
        ]


class DayRevision(LegalEntityModel):
    """What a judged day said before it was settled again; append-only."""

    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    revision = models.PositiveIntegerField(_("修订"))
    rule = TenantForeignKey(DayRule, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(_("数值"))
    inputs = models.TextField()
    settled_at = models.DateTimeField(_("结算时间"))
    replaced_at = models.DateTimeField(_("修订时间"))

    class Meta:
        verbose_name = _("考勤日修订")
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person", "on", "revision"], name="day_revision_one")
        ]


class AttendanceMonth(LegalEntityModel):
    """A subsidiary's month; one that is locked never changes again. ``checklist`` is what was open when it was locked.

    ``digest`` is the fingerprint of all its days.
    """

    month = models.DateField(_("月份"))  # its first day
    state = models.CharField(_("状态"), max_length=8, choices=MonthState, default=MonthState.OPEN)
    checklist = models.JSONField(_("核对清单"), default=dict)
    digest = models.CharField(max_length=64, blank=True)
    day_count = models.PositiveIntegerField(_("人天"), default=0)
    locked_at = models.DateTimeField(_("锁定时间"), null=True)
    locked_by = models.CharField(_("锁定人"), max_length=120, blank=True)
    unlock_reason = models.CharField(_("解锁理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("考勤月")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "legal_entity", "month"], name="attendance_month_one"
            )
        ]


class AttendanceAdjustment(LegalEntityModel):
    """By how much a day of a locked month would be different today; counts in ``month``, an open one; append-only.

    ``figures``: minutes to add, by name; only what differs. Several adjustments of a day add up.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    on = models.DateField(_("日期"))
    month = models.DateField(_("计入月份"))
    figures = models.JSONField(_("差额"))
    rule = TenantForeignKey(DayRule, on_delete=models.PROTECT, related_name="+")
    inputs = models.TextField()
    created_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("考勤调整")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["tenant_id", "month", "person"], name="adjustment_month"),
            models.Index(fields=["tenant_id", "person", "on"], name="adjustment_day"),
        ]


class SettlementRules(TenantModel):
    """A company's rules beyond those of a shift; one row.

    ``free_late_count`` latenesses a month of up to ``free_late_minutes`` (empty: however long) are not counted.
    ``absent_after_days``: that many days after, what is still unresolved counts as absence; empty: never.
    ``silent_hours``: a device without sign for so long holds no day up any more, and is reported.
    """

    free_late_count = models.PositiveSmallIntegerField(_("每月免计迟到次数"), default=0)
    free_late_minutes = models.PositiveSmallIntegerField(
        _("单次免计上限（分钟）"), null=True, blank=True, default=None
    )
    absent_after_days = models.PositiveSmallIntegerField(
        _("缺卡多少天后按旷工处理"), null=True, blank=True, default=None
    )
    silent_hours = models.PositiveSmallIntegerField(_("设备失联多少小时后不再等待"), default=24)
    cap_hours = models.PositiveSmallIntegerField(_("每月加班上限（小时）"), default=36)
    is_statutory_capped = models.BooleanField(_("法定节假日加班计入上限"), default=False)
    is_statutory_irregular = models.BooleanField(_("不定时工时制计法定节假日加班"), default=False)
    comp_months = models.PositiveSmallIntegerField(_("调休有效期（月）"), default=3)

    class Meta:
        verbose_name = _("结算规则")
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="settlement_rules_one")]
