"""Who may connect systems and see what they sent."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_CONNECTION = permission(
    "connectors.connection.read",
    _("查看数据接入与同步记录"),
    {"hr": "tenant", "finance": "tenant", "auditor": "tenant"},
    is_scoped=False,
)
MANAGE_CONNECTION = permission(
    "connectors.connection.manage", _("连接系统、修改设置、启动同步"), {"hr": "tenant"}, is_scoped=False
)
READ_RAW = permission(
    "connectors.raw.read",
    _("查看来源系统的原始数据"),
    {"hr": "tenant", "finance": "tenant", "auditor": "tenant"},
    is_scoped=False,
)
