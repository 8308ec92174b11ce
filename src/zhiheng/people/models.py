"""Persons and what holds of them over time.

`Employment` and `Assignment` are the effective-dated truth; the columns of `Person` from ``status`` on repeat
what holds today, so that lists and scopes need no joins. Only the services write them.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiheng.people.choices import EmploymentKind, Gender, IdentifierKind, PersonStatus
from zhiheng.tenancy.fields import TenantForeignKey
from zhiheng.tenancy.models import LegalEntityModel, TenantModel


class Position(TenantModel):
    """A job that people hold, such as 销售经理."""

    code = models.CharField(_("编码"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("职位")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="position_code",
                violation_error_message=_("该编码已被其他职位使用，请换一个编码。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Person(LegalEntityModel):
    """Somebody who works, worked or will work for the tenant; ``legal_entity`` is who manages them."""

    name = models.CharField(_("姓名"), max_length=80)
    search_text = models.TextField(editable=False)  # name, pinyin, initials, number, e-mail
    gender = models.CharField(_("性别"), max_length=8, choices=Gender, default=Gender.UNKNOWN)
    birth_on = models.DateField(_("出生日期"), null=True, blank=True)
    email = models.EmailField(_("工作邮箱"), blank=True)

    status = models.CharField(_("状态"), max_length=12, choices=PersonStatus, editable=False)
    employee_number = models.CharField(_("工号"), max_length=40, editable=False)
    hired_on = models.DateField(_("入职日期"), null=True, editable=False)
    left_on = models.DateField(_("离职日期"), null=True, editable=False)  # the last day at work
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"),
        editable=False,
    )  # fmt: skip
    position = TenantForeignKey(
        Position, null=True, on_delete=models.PROTECT, related_name="holders", verbose_name=_("职位"),
        editable=False,
    )  # fmt: skip
    manager = TenantForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="reports", verbose_name=_("直接上级"),
        editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    changed_at = models.DateTimeField(
        _("更改时间"), default=timezone.now, editable=False
    )  # of anything of them

    class Meta:
        verbose_name = _("人员")
        indexes = [
            models.Index(fields=["tenant_id", "employee_number"], name="person_number"),
            models.Index(fields=["tenant_id", "org_unit", "status"], name="person_org_unit"),
            models.Index(fields=["tenant_id", "manager"], name="person_manager"),
        ]

    def __str__(self) -> str:
        return self.name


class Employment(LegalEntityModel):
    """A spell of work for one legal entity; ``valid`` is half-open, its upper end the day after the last."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    employee_number = models.CharField(_("工号"), max_length=40)
    kind = models.CharField(
        _("用工形式"), max_length=12, choices=EmploymentKind, default=EmploymentKind.FULL_TIME
    )
    valid = DateRangeField(_("任职期间"))
    service_from = models.DateField(
        _("工龄起算日"), null=True, blank=True
    )  # when it goes on from another one
    probation_until = models.DateField(_("试用期至"), null=True, blank=True)
    leave_reason = models.CharField(_("离职原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("任职")
        constraints = [
            ExclusionConstraint(
                name="employment_overlap",
                # The most telling column first: GiST splits by it, and a tenant's rows all share the tenant.
                expressions=[
                    ("person", "="), ("tenant_id", "="), ("legal_entity", "="), ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("与该员工已有的任职期间重叠。"),
            ),
            ExclusionConstraint(
                # A number never goes to a second person, not even years later.
                name="employment_number",
                expressions=[
                    (Upper("employee_number"), "="), ("tenant_id", "="), ("legal_entity", "="), ("person", "<>"),
                ],
                violation_error_message=_("该工号已被其他员工使用。"),
            ),
            models.CheckConstraint(
                condition=Q(valid__startswith__isnull=False) & Q(valid__isempty=False), name="employment_period"
            ),
        ]  # fmt: skip


class Assignment(LegalEntityModel):
    """Where, as what and under whom somebody works during part of an employment."""

    employment = TenantForeignKey(Employment, on_delete=models.PROTECT, related_name="assignments")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    org_unit = TenantForeignKey(
        "tenancy.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("部门")
    )
    position = TenantForeignKey(
        Position, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("职位")
    )
    manager = TenantForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("直接上级")
    )
    shift_name = models.CharField(_("班次"), max_length=40, blank=True)
    valid = DateRangeField(_("期间"))
    is_primary = models.BooleanField(_("主岗"), default=True)

    class Meta:
        verbose_name = _("岗位安排")
        constraints = [
            ExclusionConstraint(
                name="assignment_overlap",
                expressions=[("employment", "="), ("tenant_id", "="), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(is_primary=True),
                violation_error_message=_("与该员工已有的主岗期间重叠。"),
            ),
            models.CheckConstraint(
                condition=Q(valid__startswith__isnull=False) & Q(valid__isempty=False),
                name="assignment_period",
            ),
            models.CheckConstraint(condition=~Q(manager=F("person")), name="assignment_manager"),
        ]
        indexes = [models.Index(fields=["tenant_id", "org_unit"], name="assignment_org_unit")]


class PersonIdentifier(LegalEntityModel):
    """A personal identifier: encrypted, found by a keyed fingerprint, shown masked; revealing one is audited."""

    person = TenantForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("类型"), max_length=16, choices=IdentifierKind)
    ciphertext = models.BinaryField(editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    masked = models.CharField(_("号码"), max_length=60, editable=False)

    class Meta:
        verbose_name = _("个人标识")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person", "kind"], name="person_identifier_kind"),
        ]
        indexes = [models.Index(fields=["tenant_id", "kind", "fingerprint"], name="person_identifier_number")]


class ImportTrace(TenantModel):
    """What an import batch wrote to one row, to take it back; ``before`` is empty for a new row."""

    batch_id = models.UUIDField(editable=False)
    target = models.CharField(max_length=40, editable=False)
    object_id = models.UUIDField(editable=False)
    before = models.JSONField(null=True, editable=False)
    after = models.JSONField(null=True, editable=False)
    written_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("导入痕迹")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "batch_id", "target", "object_id"], name="import_trace_object"
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "object_id"], name="import_trace_of_object")]
