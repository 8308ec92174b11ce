"""Tenants and the tree inside them: legal entities and org units."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core import checks
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.tenancy.choices import OrgUnitKind, TenantStatus
from zhiheng.tenancy.context import current_tenant_id
from zhiheng.tenancy.fields import TenantField, TenantForeignKey, tenant_field
from zhiheng.tenancy.keys import uuid7

__all__ = ["LegalEntity", "LegalEntityModel", "OrgUnit", "Tenant", "TenantModel"]


class Tenant(models.Model):
    """A company or group that uses the product; all tenants share this table."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("企业名称"), max_length=120)
    slug = models.SlugField(_("企业标识"), max_length=60, unique=True)
    status = models.CharField(_("状态"), max_length=12, choices=TenantStatus, default=TenantStatus.ACTIVE)
    time_zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("租户")

    def __str__(self) -> str:
        return self.name


class TenantManager(models.Manager):
    """Manager that refuses to work outside a tenant, where the database would silently show nothing."""

    def get_queryset(self) -> models.QuerySet:
        current_tenant_id()
        return super().get_queryset()


class TenantModel(models.Model):
    """A table of a tenant: isolated by the database, keyed by (tenant_id, id)."""

    tenant_id = TenantField()
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: set[str] | None = None) -> None:
        """Check constraints with the tenant, which forms leave out for not being editable."""
        super().validate_constraints(exclude=set(exclude or ()) - {"tenant_id"})

    @classmethod
    def check(cls, **kwargs) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *_check_tenant_model(cls)]


class LegalEntityModel(TenantModel):
    """A table whose rows belong to one subsidiary; a second policy hides those of the others."""

    legal_entity = TenantForeignKey(
        "tenancy.LegalEntity", on_delete=models.PROTECT, verbose_name=_("法人实体"), related_name="+"
    )

    class Meta:
        abstract = True


class LegalEntity(TenantModel):
    """A subsidiary: a company of its own in law, with its country and currency."""

    code = models.CharField(_("编码"), max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    country = models.CharField(_("国家或地区"), max_length=2, default="CN")
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("法人实体")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                name="legal_entity_code",
                violation_error_message=_("该编码已被其他法人实体使用，请换一个编码。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrgUnit(LegalEntityModel):
    """A department, team or line; ``path`` holds the ids from the root down to the unit itself."""

    parent = TenantForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children",
                              verbose_name=_("上级组织"))  # fmt: skip
    code = models.CharField(_("编码"), max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类型"), max_length=12, choices=OrgUnitKind, default=OrgUnitKind.DEPARTMENT)
    path = ArrayField(models.UUIDField(), verbose_name=_("路径"), editable=False)
    valid = DateRangeField(_("有效期"))
    position = models.IntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("组织单元")
        ordering = ["position", "code"]
        constraints = [
            ExclusionConstraint(
                name="org_unit_code",
                expressions=[("tenant_id", "="), ("code", "="), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message=_("该编码在此期间已被其他组织单元使用，请换一个编码。"),
            )
        ]
        indexes = [GinIndex(fields=["path"], name="org_unit_path")]

    def __str__(self) -> str:
        return self.name


def _check_tenant_model(model: type[TenantModel]) -> list[checks.CheckMessage]:
    """Find relations and constraints of ``model`` that would leave its tenant."""
    found: list[checks.CheckMessage] = []
    for field in model._meta.local_fields:
        target = field.remote_field and field.remote_field.model
        is_tenant_target = isinstance(target, type) and tenant_field(target)
        if is_tenant_target and not hasattr(field, "_check_on_delete"):
            found.append(
                checks.Error(f"{field.name} must be a TenantForeignKey", obj=model, id="tenancy.E001")
            )
    for field in model._meta.local_many_to_many:
        found.append(
            checks.Error(f"{field.name} needs an explicit through model", obj=model, id="tenancy.E002")
        )
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and "tenant_id" not in constraint.fields:
            has_tenant = any("tenant_id" in repr(each) for each in constraint.expressions)
            if not has_tenant:
                found.append(
                    checks.Error(f"{constraint.name} must include tenant_id", obj=model, id="tenancy.E003")
                )
    return found
