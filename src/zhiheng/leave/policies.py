"""Permissions of leave."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_BALANCE = permission(
    "leave.balance.read",
    _("查看假期余额"),
    {
        "hr": "tenant", "finance": "tenant", "auditor": "tenant", "department_head": "org_subtree",
        "employee": "self",
    },
)  # fmt: skip
ADJUST_BALANCE = permission("leave.balance.adjust", _("调整假期余额和工龄"), {"hr": "tenant"})
IMPORT_BALANCE = permission("leave.balance.import", _("导入假期余额"), {"hr": "tenant"}, is_scoped=False)
READ_LEAVE = permission(
    "leave.request.read",
    _("查看请假单"),
    {
        "hr": "tenant", "finance": "tenant", "auditor": "tenant", "department_head": "org_subtree",
        "employee": "self",
    },
)  # fmt: skip
REQUEST_LEAVE = permission(
    "leave.request.create",
    _("申请请假"),
    {"hr": "tenant", "department_head": "self", "employee": "self", "finance": "self"},
)
CANCEL_LEAVE = permission(
    "leave.request.cancel",
    _("撤回请假和销假"),
    {"hr": "tenant", "department_head": "self", "employee": "self", "finance": "self"},
)
READ_CALENDAR = permission(
    "leave.calendar.read",
    _("查看团队休假日历"),
    {
        "hr": "tenant", "finance": "tenant", "auditor": "tenant", "department_head": "org_subtree",
        "employee": "org_subtree",
    },
)  # fmt: skip
READ_TYPE = permission(
    "leave.type.read",
    _("查看假期类型"),
    {"hr": "tenant", "finance": "tenant", "auditor": "tenant", "department_head": "tenant", "employee": "tenant"},
    is_scoped=False,
)  # fmt: skip
MANAGE_TYPE = permission("leave.type.manage", _("管理假期类型"), {"hr": "tenant"}, is_scoped=False)
