"""Who may import."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_BATCH = permission(
    "dataimport.batch.read",
    _("查看导入记录"),
    roles={"owner": "tenant", "hr": "tenant", "finance": "tenant", "auditor": "tenant"},
)
MANAGE_BATCH = permission(
    "dataimport.batch.manage",
    _("导入数据"),
    roles={"owner": "tenant", "hr": "tenant", "finance": "tenant"},
)
"""Beside it, the actor needs the permission of the target; both are asked for by every writing service."""
