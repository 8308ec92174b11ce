"""Permissions of access, and the rule that nobody gives away more than they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor, DataScope
from zhiheng.access.choices import BuiltinRole, ScopeKind
from zhiheng.access.permissions import Permission, all_permissions, permission

READ_MEMBER = permission("access.member.read", _("查看成员"), {"hr": "tenant", "auditor": "tenant"})
WRITE_MEMBER = permission("access.member.write", _("邀请成员、授予角色、停用成员"), {"hr": "tenant"})
READ_ROLE = permission(
    "access.role.read", _("查看角色"), {"hr": "tenant", "auditor": "tenant"}, is_scoped=False
)
WRITE_ROLE = permission("access.role.write", _("维护自定义角色"), {}, is_scoped=False)
WRITE_TOKEN = permission(
    "access.token.write", _("使用 API 令牌"), dict.fromkeys(BuiltinRole, "tenant"), is_scoped=False
)
MANAGE_TOKEN = permission("access.token.manage", _("查看并吊销所有成员的令牌"), {}, is_scoped=False)
WRITE_COMPANY = permission("access.company.write", _("维护公司资料"), {}, is_scoped=False)


class Escalation(ValidationError):
    """Somebody tried to give, or to touch, more than they hold themselves."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(
            _t("您没有「%(label)s」权限，或只在更小的范围内拥有它，因此不能授予或更改含有它的角色。")
            % {"label": permission.label},
            code="escalation",
        )
        self.permission = permission


def check_may_give(
    actor: Actor, grants: Mapping[str, DataScope], kinds: Mapping[str, ScopeKind], units: Mapping[UUID, UUID]
) -> None:
    """Raise `Escalation` unless the actor holds all of ``grants`` themselves, over at least the same data.

    What a member may see and do about themselves is left out: it is theirs, and who invites them need not be
    able to do it for them. ``kinds`` tells which permissions are of that sort, ``units`` maps the org units
    in ``grants`` to their subsidiaries.
    """
    for each in all_permissions():
        scope = grants.get(each.code)
        if scope is None or (each.is_scoped and kinds[each.code] == ScopeKind.SELF):
            continue
        held = actor.grants.get(each.code)
        if held is None or not held.covers(scope, units):
            raise Escalation(each)


def check_may_define(actor: Actor, kinds: Mapping[str, ScopeKind]) -> None:
    """Raise `Escalation` unless the actor may make a role with these permissions.

    Whom a role will be given to is unknown, so anything wider than "self" needs the whole tenant.
    """
    for each in all_permissions():
        if each.code not in kinds:
            continue
        held = actor.grants.get(each.code)
        is_enough = held is not None and (
            held.is_tenant or (each.is_scoped and kinds[each.code] == ScopeKind.SELF)
        )
        if not is_enough:
            raise Escalation(each)


def widest(kinds: Iterable[ScopeKind]) -> ScopeKind:
    """Return the widest of some scope kinds."""
    order = (ScopeKind.SELF, ScopeKind.ORG_SUBTREE, ScopeKind.LEGAL_ENTITY, ScopeKind.TENANT)
    return max(kinds, key=order.index)
