"""Who may read the audit log, check it and erase personal data from it."""

from django.utils.translation import gettext_lazy as _

from zhiheng.access.permissions import permission

READ_ENTRY = permission("audit.entry.read", _("查看审计日志"), {"auditor": "tenant"}, is_scoped=False)
VERIFY_CHAIN = permission("audit.chain.verify", _("校验审计链"), {"auditor": "tenant"}, is_scoped=False)
ERASE_PAYLOAD = permission("audit.payload.erase", _("清除审计内容中的个人信息"), {}, is_scoped=False)
