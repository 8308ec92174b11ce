"""Who may see and make rosters."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_ROSTER = permission(
    "rosters.roster.read",
    _("查看排班"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
        "auditor": "tenant",
    },
)
MANAGE_ROSTER = permission(
    "rosters.roster.manage",
    _("编排班表"),
    {"hr": "tenant", "department_head": "org_subtree"},
)
PUBLISH_ROSTER = permission(
    "rosters.roster.publish",
    _("发布班表"),
    {"hr": "tenant", "department_head": "org_subtree"},
)
IMPORT_ROSTER = permission("rosters.roster.import", _("导入班表"), {"hr": "tenant"}, is_scoped=False)
MANAGE_ASSIGNMENT = permission("rosters.assignment.manage", _("设置排班规则与工时制"), {"hr": "tenant"})
READ_SHIFT = permission(
    "rosters.shift.read",
    _("查看班次、考勤规则与工作日历"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "department_head": "tenant",
        "employee": "tenant",
        "auditor": "tenant",
    },
    is_scoped=False,
)
MANAGE_SHIFT = permission(
    "rosters.shift.manage", _("设置班次、考勤规则与工作日历"), {"hr": "tenant"}, is_scoped=False
)
