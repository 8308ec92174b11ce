"""What verbs and subjects of the log are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The last part of a verb; domains keep to these where they can.
ACTIONS: Mapping[str, str] = {
    "create": pgettext_lazy("audit", "新增"),
    "update": pgettext_lazy("audit", "修改"),
    "delete": pgettext_lazy("audit", "删除"),
    "restore": pgettext_lazy("audit", "恢复"),
    "upload": pgettext_lazy("audit", "上传"),
    "download": pgettext_lazy("audit", "下载"),
    "export": pgettext_lazy("audit", "导出"),
    "import": pgettext_lazy("audit", "导入"),
    "commit": pgettext_lazy("audit", "提交"),
    "undo": pgettext_lazy("audit", "撤销"),
    "approve": pgettext_lazy("audit", "通过"),
    "reject": pgettext_lazy("audit", "驳回"),
    "close": pgettext_lazy("audit", "关闭"),
    "reopen": pgettext_lazy("audit", "重新打开"),
    "cancel": pgettext_lazy("audit", "取消"),
    "retry": pgettext_lazy("audit", "重试"),
    "reveal": pgettext_lazy("audit", "查看明文"),
    "erase": pgettext_lazy("audit", "清除"),
    "verify": pgettext_lazy("audit", "校验"),
    "assign": pgettext_lazy("audit", "分配"),
    "revoke": pgettext_lazy("audit", "撤回"),
    "invite": pgettext_lazy("audit", "邀请"),
    "accept": pgettext_lazy("audit", "接受"),
    "fix": pgettext_lazy("audit", "修正"),
    "agree": pgettext_lazy("audit", "商定"),
    "propose": pgettext_lazy("audit", "提议"),
    "withdraw": pgettext_lazy("audit", "撤下"),
    "open": pgettext_lazy("audit", "开启"),
    "set": pgettext_lazy("audit", "设定"),
    "publish": pgettext_lazy("audit", "发布"),
    "redefine": pgettext_lazy("audit", "修改定义"),
    "rename": pgettext_lazy("audit", "改名"),
    "move": pgettext_lazy("audit", "移动"),
    "found": pgettext_lazy("audit", "注册"),
    "resend": pgettext_lazy("audit", "重发"),
    "activate": pgettext_lazy("audit", "启用"),
    "deactivate": pgettext_lazy("audit", "停用"),
    "add_role": pgettext_lazy("audit", "授予角色"),
    "remove_role": pgettext_lazy("audit", "收回角色"),
    "link_person": pgettext_lazy("audit", "关联员工"),
    "correct": pgettext_lazy("audit", "更正"),
    "transfer": pgettext_lazy("audit", "调动"),
    "leave": pgettext_lazy("audit", "离职"),
    "rehire": pgettext_lazy("audit", "再入职"),
    "accept_repairs": pgettext_lazy("audit", "采纳修正"),
    "download_marked": pgettext_lazy("audit", "下载标注文件"),
    "check_in": pgettext_lazy("audit", "签到"),
    "check_out": pgettext_lazy("audit", "签退"),
    "submit": pgettext_lazy("audit", "提交审批"),
    "pay": pgettext_lazy("audit", "登记付款"),
    "settle": pgettext_lazy("audit", "结算"),
    "lock": pgettext_lazy("audit", "锁定"),
    "unlock": pgettext_lazy("audit", "解锁"),
    "review": pgettext_lazy("audit", "复核"),
    "block": pgettext_lazy("audit", "拦截"),
    "take": pgettext_lazy("audit", "接收"),
    "void": pgettext_lazy("audit", "作废"),
    "remove": pgettext_lazy("audit", "移除"),
    "unassign": pgettext_lazy("audit", "取消分配"),
    "offer": pgettext_lazy("audit", "生成配对码"),
    "pair": pgettext_lazy("audit", "配对"),
    "stop": pgettext_lazy("audit", "停止"),
    "say": pgettext_lazy("audit", "同意或拒绝"),
    "enrol": pgettext_lazy("audit", "登记"),
    "confirm": pgettext_lazy("audit", "确认"),
    "expire": pgettext_lazy("audit", "到期删除"),
    "send": pgettext_lazy("audit", "下发"),
    "change": pgettext_lazy("audit", "更改"),
    "order": pgettext_lazy("audit", "下达"),
    "see": pgettext_lazy("audit", "标为已读"),
    "expect": pgettext_lazy("audit", "登记"),
    "refuse": pgettext_lazy("audit", "拒绝"),
    "retire": pgettext_lazy("audit", "报废"),
    "process": pgettext_lazy("audit", "处理"),
    "start": pgettext_lazy("audit", "开始"),
    "pause": pgettext_lazy("audit", "暂停"),
    "resume": pgettext_lazy("audit", "继续"),
    "select": pgettext_lazy("audit", "选择"),
    "save": pgettext_lazy("audit", "保存"),
    "answer": pgettext_lazy("audit", "回答"),
    "ignore": pgettext_lazy("audit", "忽略"),
    "impose": pgettext_lazy("audit", "单方下达"),
    "reply": pgettext_lazy("audit", "说明"),
}

_subjects: dict[str, str] = {
    "audit.entry": _("审计记录"),
    "audit.chain": _("审计链"),
    "audit.log": _("审计日志"),
    "jobs.run": _("后台任务"),
    "files.file": _("文件"),
    "access.account": _("账户"),
    "access.company": _("企业"),
    "access.member": _("成员"),
    "access.token": _("API 令牌"),
    "dataimport.batch": _("导入批次"),
    "people.identifier": _("个人标识"),
    "people.legal_entity": _("法人实体"),
    "people.org_unit": _("组织单元"),
    "reviews.cycle": _("考核周期"),
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
