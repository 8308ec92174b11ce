"""From role assignments to grants: which permissions a member holds over which data.

Plain data in, plain data out; `queries` reads the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from zhiheng.access.actor import WHOLE_TENANT, DataScope
from zhiheng.access.choices import BuiltinRole, ScopeKind
from zhiheng.access.permissions import Permission, all_permissions, permissions_of_role


@dataclass(frozen=True)
class Held:
    """A role that a member holds: its permissions with their scope kinds, and where it is confined to."""

    kinds: Mapping[str, ScopeKind]
    within_legal_entity_id: UUID | None = None
    within_org_unit_id: UUID | None = None


@dataclass(frozen=True)
class Unit:
    """An org unit with what scopes need to know of it; ``path`` runs from the root to the unit itself."""

    id: UUID
    legal_entity_id: UUID
    path: tuple[UUID, ...]


@dataclass(frozen=True)
class Self:
    """The person a member is, if any, with their subsidiary and org unit."""

    person_id: UUID | None = None
    legal_entity_id: UUID | None = None
    org_unit_id: UUID | None = None


def kinds_of_role(code: str, is_builtin: bool, custom: Iterable[tuple[str, str]]) -> dict[str, ScopeKind]:
    """Return the permissions of a role: of a built-in one from the program, else the ``custom`` ones.

    Codes that no domain declares any more are left out.
    """
    if is_builtin:
        return permissions_of_role(BuiltinRole(code))
    known = {each.code for each in all_permissions()}
    return {permission: ScopeKind(kind) for permission, kind in custom if permission in known}


def anchor_ids(held: Iterable[Held], me: Self) -> set[UUID]:
    """Return the org units whose subtrees must be known to work out the grants."""
    found = {each.within_org_unit_id for each in held if each.within_org_unit_id}
    if me.org_unit_id and any(ScopeKind.ORG_SUBTREE in each.kinds.values() for each in held):
        found.add(me.org_unit_id)
    return found


def merge(held: Iterable[Held], me: Self, units: Collection[Unit]) -> dict[str, DataScope]:
    """Return the grants of a member: the union of all roles, each within its confines."""
    scoped = {each.code: each.is_scoped for each in all_permissions()}
    grants: dict[str, DataScope] = {}
    for role in held:
        for code, kind in role.kinds.items():
            scope = scope_of(kind, role, me, units) if scoped[code] else WHOLE_TENANT
            grants[code] = grants[code] | scope if code in grants else scope
    return grants


def scope_of(kind: ScopeKind, role: Held, me: Self, units: Collection[Unit]) -> DataScope:
    """Return the data one permission of one role holds over.

    The confines of the role narrow its kind: "whole tenant" within a subsidiary is that subsidiary. Without
    confines "own subsidiary" and "own unit and below" mean those of the member's person; nobody's are none.
    """
    if kind == ScopeKind.SELF:
        return DataScope(person_id=me.person_id)
    if role.within_org_unit_id:
        return DataScope(org_unit_ids=subtree(role.within_org_unit_id, units))
    if kind == ScopeKind.ORG_SUBTREE:
        return DataScope(org_unit_ids=subtree(me.org_unit_id, units, role.within_legal_entity_id))
    if role.within_legal_entity_id:
        return DataScope(legal_entity_ids=frozenset({role.within_legal_entity_id}))
    if kind == ScopeKind.LEGAL_ENTITY:
        return DataScope(legal_entity_ids=frozenset({me.legal_entity_id} - {None}))
    return WHOLE_TENANT


def subtree(
    root_id: UUID | None, units: Collection[Unit], legal_entity_id: UUID | None = None
) -> frozenset[UUID]:
    """Return the ids of a unit and all below it, those of one subsidiary only if it is given."""
    return frozenset(
        unit.id for unit in units if root_id in unit.path and legal_entity_id in (None, unit.legal_entity_id)
    )


def legal_entities(
    grants: Mapping[str, DataScope], me: Self, units: Collection[Unit], permissions: Iterable[Permission]
) -> frozenset[UUID] | None:
    """Return the subsidiaries the database may show at all: those of any scoped grant; ``None`` is all."""
    scopes = [grants[each.code] for each in permissions if each.is_scoped and each.code in grants]
    if any(scope.is_tenant for scope in scopes):
        return None
    entity_of = {unit.id: unit.legal_entity_id for unit in units}
    found: set[UUID] = set()
    for scope in scopes:
        found |= scope.legal_entity_ids
        found |= {entity_of[unit_id] for unit_id in scope.org_unit_ids}
        if scope.person_id and me.legal_entity_id:
            found.add(me.legal_entity_id)
    return frozenset(found)
