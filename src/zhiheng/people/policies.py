"""Permissions of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

_EVERYBODY = ("hr", "finance", "department_head", "employee", "auditor")

READ_PERSON = permission(
    "people.person.read",
    _("查看员工档案"),
    {
        "hr": "tenant",
        "finance": "tenant",
        "auditor": "tenant",
        "department_head": "org_subtree",
        "employee": "self",
    },
)
WRITE_PERSON = permission("people.person.write", _("维护员工档案"), {"hr": "tenant"})
EXPORT_PERSON = permission(
    "people.person.export",
    _("导出员工名单"),
    {"hr": "tenant", "finance": "tenant", "department_head": "org_subtree"},
)
IMPORT_PERSON = permission("people.person.import", _("导入员工与任职"), {"hr": "tenant"})
READ_IDENTIFIER = permission(
    "people.identifier.read",
    _("查看遮盖后的个人标识"),
    {"hr": "tenant", "auditor": "tenant", "employee": "self"},
)
REVEAL_IDENTIFIER = permission("people.identifier.reveal", _("查看完整的个人标识"), {"hr": "tenant"})
READ_ORG_UNIT = permission(
    "people.org_unit.read",
    _("查看组织架构、职位与法人实体"),
    dict.fromkeys(_EVERYBODY, "tenant"),
    is_scoped=False,
)
WRITE_ORG_UNIT = permission(
    "people.org_unit.write", _("维护组织架构、职位与法人实体"), {"hr": "tenant"}, is_scoped=False
)
