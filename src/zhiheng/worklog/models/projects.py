"""Projects with their activities and members, and the hours logged on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel
from zhiheng.worklog.choices import WeekState


class Project(LegalEntityModel):
    """Something people log hours on. ``is_open``: everybody of the subsidiary may, else its members only."""

    code = models.CharField(_("项目编号"), max_length=40)
    name = models.CharField(_("项目名称"), max_length=120)
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("负责部门"),
    )  # fmt: skip
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    is_open = models.BooleanField(_("所有人可填报"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("项目")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "legal_entity", "code"],
                name="project_code",
                violation_error_message=_("该编号已被其他项目使用，请换一个编号。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProjectActivity(LegalEntityModel):
    """A kind of work or a stage of a project, such as development or test."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="activities")
    name = models.CharField(_("活动名称"), max_length=60)
    planned_days = models.DecimalField(_("计划工作日"), max_digits=7, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    owner = TenantForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("负责人"),
    )  # fmt: skip
    position = models.PositiveIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("项目活动")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "project", "name"],
                name="project_activity_name",
                violation_error_message=_("这个项目已有同名的活动。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProjectMember(LegalEntityModel):
    """Somebody who may log hours on a project."""

    project = TenantForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )

    class Meta:
        verbose_name = _("项目成员")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "project", "person"], name="project_member_once")
        ]


class TimesheetEntry(LegalEntityModel):
    """Minutes somebody worked on an activity on a day."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    on = models.DateField(_("日期"))
    activity = TenantForeignKey(
        ProjectActivity, on_delete=models.PROTECT, related_name="entries", verbose_name=_("活动")
    )
    minutes = models.PositiveIntegerField(_("分钟"))
    note = models.CharField(_("备注"), max_length=200, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("工时记录")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person", "on", "activity"], name="timesheet_entry_once"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440), name="timesheet_entry_minutes"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "on"], name="timesheet_entry_on"),
            models.Index(fields=["tenant_id", "activity", "on"], name="timesheet_entry_activity"),
        ]


class TimesheetWeek(LegalEntityModel):
    """The state of a person's week; there is a row once it was submitted. ``starts_on`` is its Monday."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    starts_on = models.DateField(_("周一"))
    state = models.CharField(_("状态"), max_length=12, choices=WeekState, default=WeekState.OPEN)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    locked_at = models.DateTimeField(_("锁定时间"), null=True, blank=True)
    locked_by = models.CharField(_("锁定人"), max_length=120, blank=True)
    reason = models.CharField(_("解锁理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("工时周")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person", "starts_on"], name="timesheet_week_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "starts_on"], name="timesheet_week_start")]
