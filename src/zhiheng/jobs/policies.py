"""Who sees and handles background jobs: everybody their own, owners and HR all of the tenant."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

_OWN = dict.fromkeys(("finance", "department_head", "employee"), "self")

READ_JOB = permission("jobs.run.read", _("查看后台任务"), {"hr": "tenant", "auditor": "tenant", **_OWN})
MANAGE_JOB = permission(
    "jobs.run.manage", _("取消与重试后台任务"), {"hr": "tenant", "auditor": "self", **_OWN}
)
