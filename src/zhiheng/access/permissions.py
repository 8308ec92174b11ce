"""Permission codes: what can be allowed, by which built-in role and over which data.

Each domain declares its own in ``policies.py``; the registry is what the role editor, the permission matrix
of the tests and the built-in roles read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhiheng.access.choices import BuiltinRole, ScopeKind


@dataclass(frozen=True)
class Permission:
    """Something that can be allowed.

    ``roles`` gives the scope each built-in role holds it with. An unscoped permission is about things of the
    whole tenant (settings, definitions), so its scope kinds do not matter.
    """

    code: str
    label: str
    roles: Mapping[BuiltinRole, ScopeKind]
    is_scoped: bool = True

    @property
    def domain(self) -> str:
        """Return the domain that declares it, the code's first part."""
        return self.code.partition(".")[0]


_registry: dict[str, Permission] = {}


def permission(code: str, label: str, roles: Mapping[str, str], *, is_scoped: bool = True) -> Permission:
    """Declare a permission; ``roles`` maps codes of built-in roles to scope kinds. Owners hold all."""
    granted = {BuiltinRole(role): ScopeKind(kind) for role, kind in roles.items()}
    granted[BuiltinRole.OWNER] = ScopeKind.TENANT
    made = Permission(code, label, granted, is_scoped)
    if _registry.setdefault(code, made) != made:
        raise ValueError(f"permission {code} is declared twice")
    return made


def all_permissions() -> list[Permission]:
    """Return every declared permission, by code."""
    return sorted(_registry.values(), key=lambda each: each.code)


def permissions_of_role(role: BuiltinRole) -> dict[str, ScopeKind]:
    """Return the codes a built-in role holds, with their scope kinds."""
    return {each.code: each.roles[role] for each in _registry.values() if role in each.roles}
