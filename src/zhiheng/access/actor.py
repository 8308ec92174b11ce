"""The actor: who does something, in which tenant, and over which data each permission holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from zhiheng.access.errors import Forbidden
from zhiheng.access.permissions import Permission, all_permissions


@dataclass(frozen=True)
class DataScope:
    """The rows a permission holds over: the union of whole tenant, subsidiaries, org units and one person.

    ``org_unit_ids`` are already expanded to the units below.
    """

    is_tenant: bool = False
    legal_entity_ids: frozenset[UUID] = frozenset()
    org_unit_ids: frozenset[UUID] = frozenset()
    person_id: UUID | None = None

    def __or__(self, other: DataScope) -> DataScope:
        return DataScope(
            self.is_tenant or other.is_tenant,
            self.legal_entity_ids | other.legal_entity_ids,
            self.org_unit_ids | other.org_unit_ids,
            self.person_id or other.person_id,
        )

    def q(
        self,
        *,
        person: str = "person_id",
        org_unit: str = "org_unit_id",
        legal_entity: str = "legal_entity_id",
    ) -> Q:
        """Return the filter of the rows in scope; the arguments name the row's columns."""
        if self.is_tenant:
            return ~Q(pk__in=[])  # all; an empty Q() would vanish from ``scope.q() | more``
        found = Q(pk__in=[])
        if self.legal_entity_ids:
            found |= Q(**{f"{legal_entity}__in": self.legal_entity_ids})
        if self.org_unit_ids:
            found |= Q(**{f"{org_unit}__in": self.org_unit_ids})
        if self.person_id:
            found |= Q(**{person: self.person_id})
        return found

    def has(self, *, person_id: UUID | None, org_unit_id: UUID | None, legal_entity_id: UUID | None) -> bool:
        """Tell whether one row, given by its three columns, is in scope."""
        return (
            self.is_tenant
            or legal_entity_id in self.legal_entity_ids
            or org_unit_id in self.org_unit_ids
            or (person_id is not None and person_id == self.person_id)
        )

    def covers(self, other: DataScope, units: Mapping[UUID, UUID]) -> bool:
        """Tell whether all data of ``other`` is in scope too, its own person's aside.

        ``units`` maps the org units of ``other`` to their subsidiaries.
        """
        if self.is_tenant:
            return True
        is_unit_in = all(
            unit_id in self.org_unit_ids or units.get(unit_id) in self.legal_entity_ids
            for unit_id in other.org_unit_ids
        )
        return not other.is_tenant and other.legal_entity_ids <= self.legal_entity_ids and is_unit_in


WHOLE_TENANT = DataScope(is_tenant=True)


@dataclass(frozen=True)
class Actor:
    """Somebody, or the system, acting in a tenant.

    ``grants`` maps permission codes to their scopes; ``legal_entity_ids`` is what the database lets through
    at all (``None``: every subsidiary).
    """

    tenant_id: UUID
    name: str
    grants: Mapping[str, DataScope] = field(repr=False)
    user_id: UUID | None = None
    membership_id: UUID | None = None
    person_id: UUID | None = None
    legal_entity_ids: frozenset[UUID] | None = None
    tenant_name: str = ""
    token_id: UUID | None = None

    def can(self, permission: Permission | str) -> bool:
        """Tell whether the actor holds a permission over any data."""
        return (permission if isinstance(permission, str) else permission.code) in self.grants

    def scope(self, permission: Permission) -> DataScope:
        """Return the data a permission holds over; raise `Forbidden` without it."""
        scope = self.grants.get(permission.code)
        if scope is None:
            raise Forbidden(permission)
        return scope


def system_actor(tenant_id: UUID, name: str = "系统") -> Actor:
    """Return an actor for work that no person asked for, such as schedules and the command line."""
    return Actor(tenant_id, name, {each.code: WHOLE_TENANT for each in all_permissions()})
