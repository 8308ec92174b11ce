"""What verbs and subjects of the log are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.apps import apps
from django.utils.translation import gettext_lazy as _

# The last part of a verb; domains keep to these where they can.
ACTIONS: Mapping[str, str] = {
    "create": _("新增"),
    "update": _("修改"),
    "delete": _("删除"),
    "restore": _("恢复"),
    "upload": _("上传"),
    "download": _("下载"),
    "export": _("导出"),
    "import": _("导入"),
    "commit": _("提交"),
    "undo": _("撤销"),
    "approve": _("通过"),
    "reject": _("驳回"),
    "close": _("关闭"),
    "reopen": _("重新打开"),
    "cancel": _("取消"),
    "retry": _("重试"),
    "reveal": _("查看明文"),
    "erase": _("清除"),
    "verify": _("校验"),
    "assign": _("分配"),
    "revoke": _("撤回"),
    "invite": _("邀请"),
    "accept": _("接受"),
    "fix": _("修正"),
    "agree": _("商定"),
    "propose": _("提议"),
    "withdraw": _("撤下"),
}

_subjects: dict[str, str] = {
    "audit.entry": _("审计记录"),
    "audit.chain": _("审计链"),
    "audit.log": _("审计日志"),
    "jobs.run": _("后台任务"),
    "files.file": _("文件"),
}


def name_subjects(names: Mapping[str, str]) -> None:
    """Say what subjects are called whose type is not a model's name: ``{"goals.plan": _("方案")}``."""
    _subjects.update(names)


def subject_label(kind: str) -> str:
    """Return what a type of subject is called; its code where nobody said."""
    return str(_subjects.get(kind) or _model_label(kind) or kind)


@cache
def _model_label(kind: str) -> str:
    """Return the name of the model that a type such as ``people.org_unit`` stands for, if there is one."""
    app, _dot, noun = kind.partition(".")
    try:
        return apps.get_model(app, noun.replace("_", ""))._meta.verbose_name
    except (LookupError, ValueError):
        return ""


def verb_label(verb: str) -> str:
    """Return what a verb is called: its noun and its action; the code where nobody said."""
    noun, _dot, action = verb.rpartition(".")
    label = ACTIONS.get(action)
    return f"{subject_label(noun)} · {label}" if label else verb


def domain_choices() -> list[tuple[str, str]]:
    """Return the product's domains that write to the log, with their names."""
    ours = [each for each in apps.get_app_configs() if each.name.startswith("zhiheng.")]
    return [(each.label, str(each.verbose_name)) for each in ours if each.label not in ("web", "webkit")]
