"""The roster: what people work on single days, as draft and as published."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.rosters.choices import EntryState
from zhiheng.rosters.models.shifts import Shift
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel


class RosterEntry(LegalEntityModel):
    """A person's shift on a day, or rest when ``shift`` is empty.

    A day has at most one published entry, which people are told of and judged by, and one draft over it. A draft with
    ``is_removed`` takes the published entry away when it is published, so that the person's assignment counts again.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("员工")
    )
    on = models.DateField(_("日期"))
    state = models.CharField(_("状态"), max_length=10, choices=EntryState)
    shift = TenantForeignKey(
        Shift, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("班次")
    )
    is_removed = models.BooleanField(_("恢复为排班规则"), default=False)
    batch_id = models.UUIDField(_("导入批次"), null=True, editable=False)
    changed_by = models.CharField(_("排班人"), max_length=120)
    changed_at = models.DateTimeField(_("排班时间"))

    class Meta:
        verbose_name = _("班表")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person", "on", "state"], name="roster_entry_day")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "on"], name="roster_entry_on"),
            models.Index(fields=["tenant_id", "batch_id"], name="roster_entry_batch"),
        ]


class RosterSetting(TenantModel):
    """From when the board warns; at most one row a tenant, the defaults without one."""

    min_rest_minutes = models.PositiveIntegerField(
        _("两班之间至少休息（分钟）"), default=660, validators=[MaxValueValidator(1440)]
    )
    max_run_days = models.PositiveSmallIntegerField(
        _("最多连续上班（天）"), default=6, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    week_minutes = models.PositiveIntegerField(
        _("每周工时上限（分钟）"), default=2640, validators=[MaxValueValidator(10080)]
    )

    class Meta:
        verbose_name = _("排班提醒设置")
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="roster_setting_one")]


class RosterFeed(LegalEntityModel):
    """A secret address under which a person's calendar reads their shifts; only its hash is kept."""

    person = TenantForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("员工")
    )
    secret_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("创建时间"))
    last_read_at = models.DateTimeField(_("最近读取"), null=True)

    class Meta:
        verbose_name = _("日历订阅")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "person"], name="roster_feed_person")]
