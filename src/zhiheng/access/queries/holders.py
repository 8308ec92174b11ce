"""Who could act on somebody's request: heads of units by their roles, and who can sign in at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from zhiheng.access.choices import ScopeKind
from zhiheng.access.grants import kinds_of_role
from zhiheng.access.models import Membership, RoleAssignment, RolePermission
from zhiheng.access.permissions import Permission


def persons_who_can_sign_in(person_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the persons who are active members."""
    rows = Membership.objects.filter(person_id__in=person_ids, is_active=True, user__is_active=True)
    return set(rows.values_list("person_id", flat=True))


def heads_along(permission: Permission, path: Sequence[UUID]) -> list[set[UUID]]:
    """Return, from the last unit of ``path`` to the first, the persons who hold a permission over it as its heads.

    A head's role has the permission for "own unit and below", anchored at that unit: the role is confined to it, or
    the unit is the person's own.
    """
    found: dict[UUID, set[UUID]] = {unit_id: set() for unit_id in path}
    for row in _assignments(path):
        pairs = [tuple(pair.split(":")) for pair in row.custom]
        kinds = kinds_of_role(row.role.code, row.role.is_builtin, pairs)
        if kinds.get(permission.code) == ScopeKind.ORG_SUBTREE:
            found[row.within_org_unit_id or row.own_unit_id].add(row.person_id)
    return [found[unit_id] for unit_id in reversed(path)]


def _assignments(path: Sequence[UUID]) -> QuerySet[RoleAssignment]:
    custom = RolePermission.objects.filter(role_id=OuterRef("role_id"))
    is_here = Q(within_org_unit_id__in=path) | Q(
        within_org_unit=None, membership__person__org_unit_id__in=path
    )
    return (
        RoleAssignment.objects.filter(
            is_here, membership__is_active=True, membership__user__is_active=True,
            membership__person__isnull=False,
        )
        .annotate(
            custom=ArraySubquery(custom.values(pair=Concat("code", Value(":"), "scope_kind"))),
            person_id=F("membership__person_id"),
            own_unit_id=F("membership__person__org_unit_id"),
        )
        .select_related("role")
    )  # fmt: skip
