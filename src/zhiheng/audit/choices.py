"""Enumerations of the audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingKind(models.TextChoices):
    """What can be wrong with a chain."""

    MODIFIED = "modified", _("记录被修改")
    MISSING = "missing", _("记录被删除")
    TAIL_MISSING = "tail_missing", _("末尾记录被截断")
    INSERTED = "inserted", _("记录被插入")
    MOVED = "moved", _("记录顺序被改动")
    HEAD_MISSING = "head_missing", _("链头缺失")
    HEAD_FORGED = "head_forged", _("链头签名无效")
    REWRITTEN = "rewritten", _("与已导出的链头不符")
    EXPORT_FORGED = "export_forged", _("导出的链头签名无效")
    PAYLOAD_MODIFIED = "payload_modified", _("内容被修改")
    PAYLOAD_MISSING = "payload_missing", _("内容被删除")
    ERASURE_UNRECORDED = "erasure_unrecorded", _("内容被清除但没有清除记录")
