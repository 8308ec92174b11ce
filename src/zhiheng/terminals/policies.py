"""Who may see and manage terminals."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission, permission

READ_TERMINAL = permission("terminals.terminal.read", _("查看考勤机"), {"hr": "tenant", "auditor": "tenant"})
MANAGE_TERMINAL = permission("terminals.terminal.manage", _("管理考勤机"), {"hr": "tenant"})


def in_scope(actor: Actor, needed: Permission, legal_entity: str = "legal_entity_id") -> Q:
    """Return the filter of what belongs to terminals in scope; these belong to subsidiaries, to no person or unit."""
    scope = actor.scope(needed)
    return ~Q(pk__in=[]) if scope.is_tenant else Q(**{f"{legal_entity}__in": scope.legal_entity_ids})
