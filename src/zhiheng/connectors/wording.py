"""How states of connections and syncs are said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.connectors.choices import CaseState, SyncState

HEALTH_TAGS = {
    "fresh": ("ok", _("正常")),
    "running": ("info", _("同步中")),
    "late": ("warn", _("延迟")),
    "failed": ("bad", _("失败")),
    "paused": ("", _("已暂停")),
    "new": ("", _("尚未同步")),
}
SYNC_TAGS = {
    SyncState.WAITING: ("", _("等待中")),
    SyncState.RUNNING: ("info", _("同步中")),
    SyncState.DONE: ("ok", _("成功")),
    SyncState.PARTIAL: ("warn", _("部分成功")),
    SyncState.FAILED: ("bad", _("失败")),
    SyncState.CANCELLED: ("", _("已取消")),
}
PROBLEMS = {
    "no_key": _("缺少主键"),
    "bad_value": _("含有无法保存的值"),
    "too_large": _("单行超过 4 MB"),
    "junk": _("无法识别的输出"),
}
COUNTS = (
    ("received", _("收到")), ("created", _("新增")), ("changed", _("变化")), ("unchanged", _("未变")),
    ("deleted", _("来源已删除")), ("rejected", _("无法保存")),
)  # fmt: skip
PROTECTIONS = (
    ("limits", _("内存、时间、文件大小受限")),
    ("files", _("看不到服务器上的其他文件")),
    ("network", _("只能访问连接设置中的地址")),
    ("processes", _("与其他进程隔离")),
)
CASE_TAGS = {
    CaseState.OPEN: ("warn", _("待处理")),
    CaseState.SOLVED: ("ok", _("已解决")),
    CaseState.IGNORED: ("", _("已忽略")),
}
RULE_KINDS = (
    ("none", _("不填")), ("field", _("来源字段")), ("person", _("匹配员工")), ("formula", _("公式")),
    ("constant", _("固定值")),
)  # fmt: skip
OPERATORS = (
    ("", "–"), ("=", _("等于")), ("<>", _("不等于")), ("in", _("属于（逗号分隔）")), ("filled", _("有值")),
    ("empty", _("没有值")),
)  # fmt: skip
WEBHOOK_TAGS = {
    "fresh": ("ok", _("正常")),
    "new": ("", _("尚未推送")),
    "failing": ("warn", _("重试中")),
    "paused": ("", _("已暂停")),
    "stopped": ("bad", _("多次失败，已停止")),
}
