"""Who may see and set goals."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_GOAL = permission(
    "goals.goal.read",
    _("查看目标与进度"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
        "auditor": "tenant",
    },
)
MANAGE_GOAL = permission(
    "goals.goal.manage",
    _("设定目标"),
    {"hr": "tenant", "finance": "tenant", "department_head": "org_subtree"},
)
NEGOTIATE_GOAL = permission(
    "goals.goal.negotiate",
    _("协商目标"),
    {"hr": "tenant", "finance": "tenant", "department_head": "org_subtree", "employee": "self"},
)
IMPORT_GOAL = permission(
    "goals.goal.import", _("导入目标"), {"hr": "tenant", "finance": "tenant"}, is_scoped=False
)
