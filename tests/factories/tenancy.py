"""Tenants, legal entities and org units."""

from __future__ import annotations

from datetime import date
from itertools import count

from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant

_number = count(1)


def make_tenant(name: str = "示例公司") -> Tenant:
    """Make a tenant with no rows of its own."""
    return Tenant.objects.create(name=name, slug=f"tenant-{next(_number)}")


def make_legal_entity(tenant: Tenant, name: str = "总公司", **fields: object) -> LegalEntity:
    """Make a subsidiary of ``tenant``."""
    with tenant_context(tenant.id):
        return LegalEntity.objects.create(name=name, **{"code": f"E{next(_number)}", **fields})


def make_org_unit(legal_entity: LegalEntity, name: str = "销售部", parent: OrgUnit | None = None) -> OrgUnit:
    """Make an org unit, valid since 2000, below ``parent``."""
    with tenant_context(legal_entity.tenant_id):
        unit = OrgUnit(
            legal_entity=legal_entity, name=name, parent=parent, code=f"U{next(_number):05}",
            valid=(date(2000, 1, 1), None),
        )  # fmt: skip
        unit.path = [*(parent.path if parent else []), unit.id]
        unit.save()
        return unit
