"""Permissions of attendance."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

# --- Punches ---------------------------------------------------------------------------------------------------

CREATE_PUNCH = permission(
    "attendance.punch.create",
    _("打卡"),
    dict.fromkeys(("employee", "department_head", "hr", "finance"), "self"),
)
READ_PUNCH = permission(
    "attendance.punch.read",
    _("查看打卡记录"),
    {"hr": "tenant", "auditor": "tenant", "department_head": "org_subtree", "employee": "self"},
)
REVIEW_PUNCH = permission(
    "attendance.punch.review",
    _("复核打卡"),
    {"hr": "tenant", "department_head": "org_subtree"},
)
MANAGE_SITE = permission(
    "attendance.site.manage", _("维护打卡地点与打卡设备"), {"hr": "tenant"}, is_scoped=False
)

# --- Requests ---------------------------------------------------------------------------------------------------

READ_REQUEST = permission(
    "attendance.request.read",
    _("查看考勤申请"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "auditor": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
    },
)
CREATE_REQUEST = permission(
    "attendance.request.create",
    _("提交考勤申请"),
    {"hr": "tenant", "department_head": "org_subtree", "employee": "self", "finance": "self"},
)
OVERRIDE_REQUEST = permission(
    "attendance.request.override", _("超出期限或次数代为提交，撤销已生效的申请"), {"hr": "tenant"}
)
CONFIGURE_REQUEST = permission(
    "attendance.request.configure", _("设置考勤申请规则"), {"hr": "tenant"}, is_scoped=False
)

# --- Days ------------------------------------------------------------------------------------------------------

READ_DAY = permission(
    "attendance.day.read",
    _("查看考勤结果"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "auditor": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
    },
)
SETTLE_DAY = permission("attendance.day.settle", _("重新结算考勤"), {"hr": "tenant"})
CLOSE_MONTH = permission("attendance.month.close", _("锁定和解锁考勤月"), {"hr": "tenant"}, is_scoped=False)
CONFIGURE_SETTLEMENT = permission(
    "attendance.settlement.configure", _("设置考勤结算规则"), {"hr": "tenant"}, is_scoped=False
)
