"""Fields that tie rows to their tenant."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode

from zhiheng.tenancy.context import current_tenant_id


class TenantField(models.UUIDField):
    """The tenant a row belongs to.

    A plain UUID and no foreign key: the migration autodetector moves foreign keys out of ``CreateModel``, and
    the table would be born without its tenant. The database engine adds the reference, the composite key and
    the row-level security.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", current_tenant_id)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


def tenant_field(model: type[models.Model]) -> TenantField | None:
    """Return the model's tenant field, or ``None`` for a table that all tenants share."""
    return next((field for field in model._meta.local_fields if isinstance(field, TenantField)), None)


class _TenantJoin:
    """Mixin of relations whose joins also compare the tenant, so that indexes that lead with it serve."""

    model: type[models.Model]
    remote_field: Any

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> WhereNode | None:
        ours, theirs = tenant_field(self.model), tenant_field(self.remote_field.model)
        if alias is None or related_alias is None or ours is None or theirs is None:
            return None
        return WhereNode([Exact(Col(alias, theirs), Col(related_alias, ours))])

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_on_delete()]

    def _check_on_delete(self) -> list[checks.CheckMessage]:
        if self.remote_field.on_delete is not models.SET_NULL:
            return []
        return [
            checks.Error(
                "SET_NULL would clear the tenant too; use PROTECT or CASCADE", obj=self, id="tenancy.E004"
            )
        ]


class TenantForeignKey(_TenantJoin, models.ForeignKey):
    """A foreign key between tables of a tenant: the database checks (tenant_id, id) as one key."""


class TenantOneToOneField(_TenantJoin, models.OneToOneField):
    """Like `TenantForeignKey`, at most one row a tenant pointing to each target."""
