"""Who may see and decide requests for approval.

Whoever is named in a step (the applicant's manager, or the heads of their unit) decides it, wherever they work; they
need `DECIDE_REQUEST` over no data in particular. Over the data they hold it for, others may stand in for them.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_REQUEST = permission(
    "approvals.request.read",
    _("查看审批"),
    {"hr": "tenant", "auditor": "tenant", "department_head": "org_subtree", "employee": "self", "finance": "self"},
)  # fmt: skip
DECIDE_REQUEST = permission(
    "approvals.request.decide",
    _("以上级身份审批"),
    {"hr": "tenant", "department_head": "org_subtree", "employee": "self", "finance": "self"},
)
DECIDE_AS_HR = permission("approvals.request.decide_hr", _("以人事身份审批"), {"hr": "tenant"})
WITHDRAW_REQUEST = permission(
    "approvals.request.withdraw",
    _("撤回审批中的申请"),
    {"hr": "tenant", "department_head": "self", "employee": "self", "finance": "self"},
)
