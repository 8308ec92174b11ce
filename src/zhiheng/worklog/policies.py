"""Who may see and keep the work log."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

SEEN = {
    "hr": "tenant",
    "finance": "tenant",
    "department_head": "org_subtree",
    "employee": "self",
    "auditor": "tenant",
}
OWN = {"hr": "tenant", "department_head": "self", "employee": "self"}

READ_ENTRY = permission("worklog.entry.read", _("查看工作内容与有效工时"), SEEN)
WRITE_ENTRY = permission("worklog.entry.write", _("填写工作内容与工时"), OWN)
LOCK_WEEK = permission(
    "worklog.week.lock", _("锁定与解锁工时"), {"hr": "tenant", "department_head": "org_subtree"}
)
IMPORT_ENTRY = permission("worklog.entry.import", _("导入工时"), {"hr": "tenant"}, is_scoped=False)
MANAGE_CATEGORY = permission("worklog.category.manage", _("管理工作类别"), {"hr": "tenant"}, is_scoped=False)

READ_CUSTOMER = permission("worklog.customer.read", _("查看客户"), SEEN)
MANAGE_CUSTOMER = permission(
    "worklog.customer.manage", _("管理客户"), {"hr": "tenant", "department_head": "org_subtree"}
)
IMPORT_CUSTOMER = permission("worklog.customer.import", _("导入客户"), {"hr": "tenant"}, is_scoped=False)
READ_VISIT = permission("worklog.visit.read", _("查看客户拜访"), SEEN)
WRITE_VISIT = permission("worklog.visit.write", _("登记客户拜访"), OWN)

READ_PROJECT = permission("worklog.project.read", _("查看项目"), SEEN)
MANAGE_PROJECT = permission(
    "worklog.project.manage", _("管理项目"), {"hr": "tenant", "department_head": "org_subtree"}
)
IMPORT_PROJECT = permission("worklog.project.import", _("导入项目"), {"hr": "tenant"}, is_scoped=False)

READ_CLAIM = permission("worklog.claim.read", _("查看差旅报销"), SEEN)
WRITE_CLAIM = permission("worklog.claim.write", _("填写差旅报销"), OWN)
PAY_CLAIM = permission("worklog.claim.pay", _("登记报销付款"), {"finance": "tenant"})
MANAGE_RATE = permission(
    "worklog.rate.manage", _("管理差旅标准"), {"hr": "tenant", "finance": "tenant"}, is_scoped=False
)
