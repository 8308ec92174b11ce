"""Who may connect systems and see what they sent: a system is the whole company's, and so is whoever may see it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission, permission

READ_CONNECTION = permission(
    "connectors.connection.read",
    _("查看数据接入与同步记录"),
    {"hr": "tenant", "finance": "tenant", "auditor": "tenant"},
)
MANAGE_CONNECTION = permission(
    "connectors.connection.manage", _("连接系统、修改设置、启动同步"), {"hr": "tenant"}
)
READ_RAW = permission(
    "connectors.raw.read",
    _("查看来源系统的原始数据"),
    {"hr": "tenant", "finance": "tenant", "auditor": "tenant"},
)


def all_or_none(actor: Actor, needed: Permission) -> Q:
    """Return the filter of what is the whole company's: everything for whom the scope is that, else nothing."""
    return ~Q(pk__in=[]) if actor.scope(needed).is_tenant else Q(pk__in=[])
