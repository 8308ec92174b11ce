"""Punches as they arrived, and what people decided about odd ones; both append-only."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.choices import Datum, PunchMethod, PunchSource, ReviewOutcome
from zhiheng.attendance.models.sites import PunchDevice, Site
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel


class Punch(LegalEntityModel):
    """Somebody was there: raw and immutable.

    ``punched_at`` is the instant that counts, ``wall_time`` what the device's clock showed (``YYYY-MM-DD HH:MM:SS`` in
    ``zone``), ``received_at`` when we got it. ``client_id`` is what the sender calls the punch: sent again, it is the
    same punch. ``latitude``/``longitude`` are as given in ``datum``, ``wgs_*`` the same in WGS-84; ``accuracy`` and
    ``distance`` (from the site) in metres. ``is_pending``: counts only after somebody accepted it.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    punched_at = models.DateTimeField(_("打卡时间"))
    zone = models.CharField(_("时区"), max_length=40)
    wall_time = models.CharField(_("设备时间"), max_length=19)
    received_at = models.DateTimeField(_("接收时间"))
    source = models.CharField(_("来源"), max_length=12, choices=PunchSource)
    method = models.CharField(_("方式"), max_length=8, choices=PunchMethod, default=PunchMethod.OTHER)
    direction = models.PositiveSmallIntegerField(_("方向代码"), default=255)  # 0 in, 1 out, 255 undefined
    client_id = models.CharField(_("来源编号"), max_length=120)
    device = TenantForeignKey(
        PunchDevice, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("打卡设备")
    )
    browser_id = models.CharField(_("手机标识"), max_length=64, blank=True)
    site = TenantForeignKey(
        Site, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("打卡地点")
    )
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True)
    datum = models.CharField(_("坐标系"), max_length=8, choices=Datum, blank=True)
    wgs_latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    wgs_longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy = models.PositiveIntegerField(_("定位精度（米）"), null=True)
    distance = models.PositiveIntegerField(_("距地点（米）"), null=True)
    face_score = models.DecimalField(_("人脸相似度"), max_digits=4, decimal_places=3, null=True)
    face_check_id = models.UUIDField(_("人脸核验"), null=True)
    photo_id = models.UUIDField(_("照片"), null=True)  # a stored file
    risks = ArrayField(models.CharField(max_length=20), verbose_name=_("风险标记"), default=list)
    is_pending = models.BooleanField(_("待复核"), default=False)
    is_late_upload = models.BooleanField(_("离线补传"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    batch_id = models.UUIDField(_("导入批次"), null=True)

    class Meta:
        verbose_name = _("打卡")
        ordering = ["punched_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "source", "client_id"], name="punch_client"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "person", "punched_at"], name="punch_person"),
            models.Index(fields=["tenant_id", "punched_at"], name="punch_time"),
            models.Index(fields=["tenant_id", "batch_id"], name="punch_batch"),
        ]


class PunchReview(LegalEntityModel):
    """A decision about a punch; the latest one counts."""

    punch = TenantForeignKey(Punch, on_delete=models.PROTECT, related_name="reviews")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("结论"), max_length=8, choices=ReviewOutcome)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    reviewed_by = models.CharField(_("复核人"), max_length=120)
    reviewed_at = models.DateTimeField(_("复核时间"))

    class Meta:
        verbose_name = _("打卡复核")
        ordering = ["-reviewed_at"]
        indexes = [models.Index(fields=["tenant_id", "punch", "reviewed_at"], name="punch_review_punch")]


class DayMark(LegalEntityModel):
    """A person's day that has to be settled (again), because something it rests on arrived or changed."""

    person = TenantForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    on = models.DateField(_("日期"))
    marked_at = models.DateTimeField(_("标记时间"))

    class Meta:
        verbose_name = _("待结算日")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "person", "on"], name="day_mark_day")]
