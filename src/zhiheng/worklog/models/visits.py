"""Visits to customers, and the evidence that somebody was there."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.choices import Datum
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel
from zhiheng.worklog.choices import CheckKind, VisitRisk, VisitState
from zhiheng.worklog.models.customers import Customer


class Visit(LegalEntityModel):
    """A visit to a customer, planned or made.

    ``on`` is the local day; ``started_at`` and ``ended_at`` are the server's clock at check-in and check-out.
    ``distance`` (metres) is that of the check-in from the customer's place.
    """

    person = TenantForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("员工")
    )
    customer = TenantForeignKey(
        Customer, on_delete=models.PROTECT, related_name="visits", verbose_name=_("客户")
    )
    on = models.DateField(_("日期"))
    planned_at = models.DateTimeField(_("计划时间"), null=True, blank=True)
    purpose = models.CharField(_("拜访目的"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=VisitState, default=VisitState.PLANNED)
    started_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("签退时间"), null=True, blank=True)
    distance = models.PositiveIntegerField(_("距客户（米）"), null=True, blank=True)
    risks = ArrayField(models.CharField(max_length=20), verbose_name=_("风险标记"), default=list, blank=True)
    contact = models.CharField(_("联系人"), max_length=80, blank=True)
    summary = models.TextField(_("拜访小结"), max_length=2000, blank=True)
    next_step = models.CharField(_("下一步"), max_length=200, blank=True)
    next_on = models.DateField(_("下次联系日期"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("客户拜访")
        ordering = ["-on", "-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "person"], condition=Q(state="started"), name="visit_one_open"
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "person", "on"], name="visit_person"),
            models.Index(fields=["tenant_id", "on"], name="visit_on"),
            models.Index(fields=["tenant_id", "customer", "on"], name="visit_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer.name} {self.on}"

    @property
    def minutes(self) -> int | None:
        """Return how long the visit took, in whole minutes; ``None`` before its end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.started_at).total_seconds() // 60)

    @property
    def risk_labels(self) -> list[str]:
        """Return what is odd about it, in the reader's language."""
        return [str(VisitRisk(each).label) for each in self.risks]


class VisitCheck(LegalEntityModel):
    """A check-in or check-out as it arrived; append-only.

    ``latitude``/``longitude`` are as given in ``datum``, ``wgs_*`` the same in WGS-84; ``accuracy`` and ``distance``
    (from the customer's place) in metres. ``checked_at`` is the server's clock.
    """

    visit = TenantForeignKey(Visit, on_delete=models.PROTECT, related_name="checks")
    person = TenantForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类型"), max_length=4, choices=CheckKind)
    checked_at = models.DateTimeField(_("时间"))
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    datum = models.CharField(_("坐标系"), max_length=8, choices=Datum, blank=True)
    wgs_latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    wgs_longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy = models.PositiveIntegerField(_("定位精度（米）"), null=True, blank=True)
    distance = models.PositiveIntegerField(_("距客户（米）"), null=True, blank=True)
    photo_id = models.UUIDField(_("照片"), null=True, blank=True)  # a stored file

    class Meta:
        verbose_name = _("拜访签到")
        ordering = ["checked_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "visit", "kind"], name="visit_check_once")
        ]
