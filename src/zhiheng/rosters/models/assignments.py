"""Who works what by default, and under which working-time system."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.rosters.choices import SettlementPeriod, WorkingTimeKind
from zhiheng.rosters.models.rotations import RotationPattern
from zhiheng.rosters.models.shifts import Shift
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel

_ONE = Q(person__isnull=False, org_unit__isnull=True) | Q(person__isnull=True, org_unit__isnull=False)


def _no_overlap(name: str, subject: str, message: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[(subject, "="), ("tenant_id", "="), ("valid", RangeOperators.OVERLAPS)],
        condition=Q(**{f"{subject}__isnull": False}),
        violation_error_message=message,
    )


class _Valid(LegalEntityModel):
    """Something that holds of a person, or of everybody of an org unit and below, over some days."""

    person = TenantForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("员工"),
    )  # fmt: skip
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("部门"),
    )  # fmt: skip
    valid = DateRangeField(_("有效期"))

    class Meta:
        abstract = True


class ShiftAssignment(_Valid):
    """The shift, or rotation, of a person or org unit where no published roster entry says otherwise.

    ``follows_calendar`` (with a shift): worked on the calendar's workdays only, else every day. ``anchor_on`` (with a
    rotation): a first day of the cycle for these people.
    """

    shift = TenantForeignKey(
        Shift, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("班次")
    )
    rotation = TenantForeignKey(
        RotationPattern, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("轮班规律"),
    )  # fmt: skip
    follows_calendar = models.BooleanField(_("只在工作日上班"), default=True)
    anchor_on = models.DateField(_("循环第 1 天"), null=True, blank=True)

    class Meta:
        verbose_name = _("排班规则")
        constraints = [
            _no_overlap("shift_assignment_person", "person", _("该员工在此期间已有排班规则。")),
            _no_overlap("shift_assignment_unit", "org_unit", _("该部门在此期间已有排班规则。")),
            models.CheckConstraint(condition=_ONE, name="shift_assignment_one"),
            models.CheckConstraint(
                condition=Q(shift__isnull=False, rotation__isnull=True)
                | Q(shift__isnull=True, rotation__isnull=False, anchor_on__isnull=False),
                name="shift_assignment_what",
            ),
        ]


class WorkingTime(_Valid):
    """A working-time system other than the standard one, with its approval by the authority."""

    kind = models.CharField(_("工时制"), max_length=14, choices=WorkingTimeKind)
    period = models.CharField(_("计算周期"), max_length=8, choices=SettlementPeriod, blank=True)
    approval_number = models.CharField(_("批准文号"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("工时制适用")
        constraints = [
            _no_overlap("working_time_person", "person", _("该员工在此期间已有工时制。")),
            _no_overlap("working_time_unit", "org_unit", _("该部门在此期间已有工时制。")),
            models.CheckConstraint(condition=_ONE, name="working_time_one"),
            models.CheckConstraint(
                condition=~Q(kind=WorkingTimeKind.COMPREHENSIVE) | ~Q(period=""), name="working_time_period"
            ),
        ]
