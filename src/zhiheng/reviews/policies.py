"""Who may see scores and close review cycles."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

_EVERYBODY = ("hr", "finance", "department_head", "employee", "auditor")

READ_SCORE = permission(
    "reviews.score.read",
    _("查看得分"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
        "auditor": "tenant",
    },
)
READ_SCORECARD = permission(
    "reviews.scorecard.read",
    _("查看评分卡"),
    dict.fromkeys(_EVERYBODY, "tenant"),
    is_scoped=False,
)
MANAGE_SCORECARD = permission("reviews.scorecard.manage", _("管理评分卡"), {"hr": "tenant"}, is_scoped=False)
OPEN_CYCLE = permission("reviews.cycle.open", _("开启考核周期"), {"hr": "tenant"}, is_scoped=False)
CLOSE_CYCLE = permission("reviews.cycle.close", _("关闭考核周期"), {"hr": "tenant"}, is_scoped=False)
VERIFY_CYCLE = permission(
    "reviews.cycle.verify", _("复算考核周期"), {"hr": "tenant", "auditor": "tenant"}, is_scoped=False
)
EXPORT_SCORE = permission(
    "reviews.score.export",
    _("导出绩效排名"),
    {"hr": "tenant", "finance": "tenant", "department_head": "org_subtree", "auditor": "tenant"},
)
