"""Who may see and bring in data from outside."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_SOURCE = permission(
    "integrations.source.read",
    _("查看数据源与数据流"),
    {"hr": "tenant", "finance": "tenant", "department_head": "tenant", "auditor": "tenant"},
    is_scoped=False,
)
MANAGE_SOURCE = permission(
    "integrations.source.manage", _("管理数据源与数据流"), {"hr": "tenant"}, is_scoped=False
)
READ_RECORD = permission(
    "integrations.record.read",
    _("查看记录"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
        "auditor": "tenant",
    },
)
IMPORT_RECORD = permission(
    "integrations.record.import", _("导入记录"), {"hr": "tenant", "finance": "tenant"}, is_scoped=False
)
