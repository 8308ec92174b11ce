"""Who may see and define metrics."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

_EVERYBODY = ("hr", "finance", "department_head", "employee", "auditor")

READ_METRIC = permission(
    "metrics.metric.read",
    _("查看指标与期间"),
    dict.fromkeys(_EVERYBODY, "tenant"),
    is_scoped=False,
)
MANAGE_METRIC = permission(
    "metrics.metric.manage", _("管理指标与期间"), {"hr": "tenant", "finance": "tenant"}, is_scoped=False
)
READ_OBSERVATION = permission(
    "metrics.observation.read",
    _("查看观测值"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
        "auditor": "tenant",
    },
)
