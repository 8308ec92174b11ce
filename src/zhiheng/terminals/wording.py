"""What terminals say by codes, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.terminals.choices import (
    ERROR_TEXTS,
    OPERATION_TEXTS,
    RETURN_TEXTS,
    EventKind,
    GatewayIssue,
    TerminalState,
)
from zhiheng.terminals.models import Terminal, TerminalCommand, TerminalEvent, TerminalUpload, TerminalUser
from zhiheng.terminals.queries.terminals import is_online

STATE_TAGS = {
    TerminalState.EXPECTED: ("info", TerminalState.EXPECTED.label),
    TerminalState.WAITING: ("warn", TerminalState.WAITING.label),
    TerminalState.APPROVED: ("ok", TerminalState.APPROVED.label),
    TerminalState.REFUSED: ("", TerminalState.REFUSED.label),
    TerminalState.RETIRED: ("", TerminalState.RETIRED.label),
}


def return_text(code: int | None) -> str:
    """Return what a return code means; ``None``: nothing came back."""
    if code is None:
        return _("设备没有答复")
    return str(RETURN_TEXTS.get(code) or _("返回码 {code}").format(code=code))


def command_result(command: TerminalCommand) -> str:
    """Return what came of a command."""
    if command.done_at is None or command.state == "cancelled":
        return ""
    return return_text(command.return_code)


def user_error(user: TerminalUser) -> str:
    """Return why sending somebody failed."""
    if not user.error:
        return ""
    return return_text(int(user.error) if user.error.lstrip("-").isdigit() else None)


def event_text(event: TerminalEvent) -> str:
    """Return what happened."""
    if event.kind == EventKind.OPERATION:
        known = OPERATION_TEXTS.get(int(event.code)) if event.code.isdigit() else None
        return str(known or _("操作 {code}").format(code=event.code))
    if event.kind == EventKind.ERROR:
        return str(ERROR_TEXTS.get(event.code) or event.details.get("text") or event.code)
    if event.kind == EventKind.PHOTO:
        return str(EventKind.PHOTO.label)
    return str(GatewayIssue(event.code).label) if event.code in GatewayIssue.values else event.code


def event_detail(event: TerminalEvent) -> str:
    """Return the particulars of an event, in one line."""
    details = event.details
    if event.code == GatewayIssue.COUNT_DIFFERS:
        text = _("设备 {terminal} 条，系统 {here} 条")
        return text.format(terminal=details.get("terminal"), here=details.get("here"))
    if event.code in (GatewayIssue.BAD_LINES, GatewayIssue.CLOCK_OFF):
        sample = details.get("line") or details.get("time")
        return _("{count} 行，例如 {sample}").format(count=details.get("count"), sample=sample)
    if event.kind == EventKind.PHOTO:
        return ""
    if event.kind == EventKind.OPERATION:
        return (
            _("设备管理员 {operator}").format(operator=event.operator)
            if event.operator not in ("", "0")
            else ""
        )
    return " · ".join(
        str(value) for key, value in details.items() if value not in ("", None) and key != "text"
    )


def upload_text(upload: TerminalUpload) -> str:
    """Return what became of an upload."""
    report = upload.report
    if report.get("failed"):
        return _("处理失败，可重新处理")
    if upload.table == "ATTLOG":
        text = _("新打卡 {new}，已有 {known}，未知人员 {unknown}")
        return text.format(**{key: report.get(key, 0) for key in ("new", "known", "unknown")})
    if "users" in report:
        text = _("人员 {users}，特征 {templates}，事件 {events}")
        return text.format(**{key: report.get(key, 0) for key in ("users", "templates", "events")})
    return _("命令回执 {answers}").format(answers=report["answers"]) if "answers" in report else ""


CONNECTION_TAGS = {True: ("ok", gettext_lazy("在线")), False: ("bad", gettext_lazy("离线"))}


def connection(terminal: Terminal) -> bool | None:
    """Tell whether a terminal is there; ``None`` for one that is not in use."""
    return is_online(terminal) if terminal.state == TerminalState.APPROVED else None
