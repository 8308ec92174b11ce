"""Lists of a terminal: its people, commands, uploads, events; and the PINs of nobody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zhiheng.access.http import requires
from zhiheng.terminals.choices import CommandState, EventKind, PinOrigin, PushState
from zhiheng.terminals.models import Terminal, TerminalEvent
from zhiheng.terminals.policies import MANAGE_TERMINAL, READ_TERMINAL
from zhiheng.terminals.queries.terminals import (
    commands_for_actor,
    events_for_actor,
    terminal_for_actor,
    unknown_pins_for_actor,
    uploads_for_actor,
    users_for_actor,
)
from zhiheng.terminals.views.shared import crumbs_of, terminal_tabs
from zhiheng.terminals.wording import command_result, event_detail, event_text, upload_text, user_error
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

PUSH_TAGS = {
    PushState.NONE: ("", PushState.NONE.label), PushState.QUEUED: ("info", PushState.QUEUED.label),
    PushState.PUSHED: ("ok", PushState.PUSHED.label), PushState.FAILED: ("bad", PushState.FAILED.label),
    PushState.DELETING: ("info", PushState.DELETING.label), PushState.DELETED: ("", PushState.DELETED.label),
}  # fmt: skip
COMMAND_TAGS = {
    CommandState.QUEUED: ("info", CommandState.QUEUED.label), CommandState.SENT: ("info", CommandState.SENT.label),
    CommandState.DONE: ("ok", CommandState.DONE.label), CommandState.FAILED: ("bad", CommandState.FAILED.label),
    CommandState.CANCELLED: ("", CommandState.CANCELLED.label),
}  # fmt: skip


class _OfTerminal(ListPage):
    """A list that is a tab of a terminal."""

    tab = ""
    template_name = "terminals/tab_list.html"

    @cached_property
    def terminal(self) -> Terminal:
        """Return the terminal; 404 for one that is not the actor's to see."""
        return terminal_for_actor(self.actor, self.options["terminal_id"])

    @property
    def can_manage(self) -> bool:
        """Tell whether the actor may do something about it."""
        return self.actor.can(MANAGE_TERMINAL)

    def extra_context(self):
        return {
            "terminal": self.terminal, "tabs": terminal_tabs(self.terminal, self.tab), "tab": self.tab,
            "can_manage": self.can_manage, "crumbs": crumbs_of(self.terminal, str(self.title)),
        }  # fmt: skip


class UserList(_OfTerminal):
    """The people on a terminal."""

    key = "terminals.user"
    tab = "people"
    title = gettext_lazy("设备人员")
    columns = [
        Column("pin", gettext_lazy("人员编号"), sort="pin", is_fixed=True),
        Column("person", gettext_lazy("员工"), value="person.name", sort="person__name"),
        Column("number", gettext_lazy("工号"), value="person.employee_number", sort="person__employee_number"),
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name"),
        Column("state", gettext_lazy("下发状态"), sort="state", tags=PUSH_TAGS),
        Column("face_state", gettext_lazy("人脸照片"), sort="face_state", tags=PUSH_TAGS),
        Column("error", gettext_lazy("失败原因"), value=user_error),
        Column("device_name", gettext_lazy("设备上的姓名"), sort="device_name"),
        Column("templates", gettext_lazy("登记的特征"), value=lambda row: templates_text(row.templates)),
        Column("origin", gettext_lazy("编号来源"), value=lambda row: row.get_origin_display(), is_default=False),
        Column("seen_at", gettext_lazy("设备上报时间"), sort="seen_at", kind="time", is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("state", gettext_lazy("下发状态"), choices=PushState.choices),
        ChoiceFilter("origin", gettext_lazy("编号来源"), choices=PinOrigin.choices),
    ]
    search_fields = ["pin", "person__search_text", "device_name"]
    search_label = gettext_lazy("编号 / 姓名 / 工号")
    default_sort = "pin"
    total_label = gettext_lazy("共 {count} 人")
    empty_icon = "users"
    empty_title = gettext_lazy("设备上还没有人员")
    empty_text = gettext_lazy("下发人员，或在设备上登记后会显示在这里。")

    def rows(self):
        return users_for_actor(self.actor, self.terminal.id)

    def row_actions(self, row):
        if not self.can_manage:
            return ()
        return [RowAction(_("指定员工"), reverse("terminals:user_assign", args=[row.id]))]


def templates_text(templates: dict[str, list[int]]) -> str:
    """Return what somebody is recognised by, in words."""
    names = {
        "finger": _("指纹"), "face": _("人脸"), "palm": _("掌纹"), "vein": _("指静脉"), "face_photo": _("人脸照片"),
        "picture": _("头像"), "other": _("其他特征"),
    }  # fmt: skip
    return "、".join(
        f"{names[kind]} {len(found)}" for kind, found in sorted(templates.items()) if found and kind in names
    )


class CommandList(_OfTerminal):
    """What a terminal was told."""

    key = "terminals.command"
    tab = "commands"
    title = gettext_lazy("命令记录")
    columns = [
        Column("number", gettext_lazy("编号"), sort="number", kind="number", is_fixed=True),
        Column("kind", gettext_lazy("命令"), value=lambda row: row.get_kind_display()),
        Column("pin", gettext_lazy("人员编号"), value="user.pin"),
        Column("person", gettext_lazy("员工"), value="user.person.name"),
        Column("state", gettext_lazy("状态"), sort="state", tags=COMMAND_TAGS),
        Column("result", gettext_lazy("处理结果"), value=command_result),
        Column("queued_at", gettext_lazy("下达时间"), sort="queued_at", kind="time"),
        Column("done_at", gettext_lazy("完成时间"), sort="done_at", kind="time"),
        Column("requested_by", gettext_lazy("发起人")),
        Column("attempts", gettext_lazy("发送次数"), kind="number", is_default=False),
        Column("text", gettext_lazy("内容"), is_default=False),
        Column("answer", gettext_lazy("设备答复"), is_default=False),
    ]
    filters = [ChoiceFilter("state", gettext_lazy("状态"), choices=CommandState.choices)]
    default_sort = "-number"
    total_label = gettext_lazy("共 {count} 条命令")
    empty_icon = "list-check"
    empty_title = gettext_lazy("还没有命令")
    empty_text = gettext_lazy("下发人员、核对打卡等操作会显示在这里。")

    def rows(self):
        return commands_for_actor(self.actor, self.terminal.id)


class UploadList(_OfTerminal):
    """What a terminal sent, as it came."""

    key = "terminals.upload"
    tab = "uploads"
    title = gettext_lazy("上传记录")
    columns = [
        Column("received_at", gettext_lazy("接收时间"), sort="received_at", kind="time", is_fixed=True),
        Column("table", gettext_lazy("数据表"), sort="table"),
        Column("line_count", gettext_lazy("行数"), sort="line_count", kind="number"),
        Column("bad_count", gettext_lazy("无法读取"), sort="bad_count", kind="number"),
        Column("result", gettext_lazy("处理结果"), value=upload_text),
        Column("size", gettext_lazy("大小"), sort="size", kind="number"),
        Column("stamp", gettext_lazy("时间戳"), is_default=False),
    ]
    filters = [
        ChoiceFilter(
            "bad", gettext_lazy("问题"), choices=[("1", gettext_lazy("有无法读取的行"))], is_segmented=True,
            apply=lambda rows, value: rows.filter(bad_count__gt=0),
        )
    ]  # fmt: skip
    default_sort = "-received_at"
    total_label = gettext_lazy("共 {count} 次上传")
    empty_icon = "upload"
    empty_title = gettext_lazy("还没有上传")
    empty_text = gettext_lazy("设备连接后，它送来的内容按原样保存在这里。")

    def rows(self):
        return uploads_for_actor(self.actor, self.terminal.id)

    def row_actions(self, row):
        if not self.can_manage:
            return ()
        return [RowAction(_("下载原文"), reverse("terminals:upload_raw", args=[row.id]))]


def needs_attention(event: TerminalEvent) -> bool | None:
    """Tell whether nobody has seen an alarming event yet; ``None`` when there is nothing to see."""
    return True if event.is_alarming and event.seen_at is None else None


class EventList(_OfTerminal):
    """What happened at a terminal."""

    key = "terminals.event"
    tab = "events"
    title = gettext_lazy("事件记录")
    columns = [
        Column("received_at", gettext_lazy("接收时间"), sort="received_at", kind="time", is_fixed=True),
        Column("kind", gettext_lazy("类型"), value=lambda row: row.get_kind_display()),
        Column("what", gettext_lazy("事件"), value=event_text),
        Column("detail", gettext_lazy("详情"), value=event_detail),
        Column("pin", gettext_lazy("人员编号")),
        Column(
            "photo", gettext_lazy("打卡照片"), url=lambda row: reverse("terminals:event_photo", args=[row.id]),
            value=lambda row: _("查看照片") if row.kind == EventKind.PHOTO else None,
        ),
        Column("happened_at", gettext_lazy("发生时间"), sort="happened_at", kind="time"),
        Column("alarm", gettext_lazy("需关注"), value=needs_attention, tags={True: ("bad", gettext_lazy("需关注"))}),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", gettext_lazy("类型"), choices=EventKind.choices),
        ChoiceFilter(
            "open", gettext_lazy("需关注"), choices=[("1", gettext_lazy("需关注"))], is_segmented=True,
            apply=lambda rows, value: rows.filter(is_alarming=True, seen_at=None),
        ),
    ]  # fmt: skip
    default_sort = "-received_at"
    total_label = gettext_lazy("共 {count} 个事件")
    empty_icon = "bell"
    empty_title = gettext_lazy("还没有事件")
    empty_text = gettext_lazy("设备上的操作、错误和接入异常会显示在这里。")

    def rows(self):
        return events_for_actor(self.actor, self.terminal.id)

    @cached_property
    def shown_columns(self) -> list[Column]:
        """Leave the photos out for those who may not see them."""
        shown = ListPage.shown_columns.func(self)
        return shown if self.can_manage else [each for each in shown if each.key != "photo"]


class UnknownList(ListPage):
    """PINs of nobody that punches wait for."""

    key = "terminals.unknown"
    title = gettext_lazy("未知人员打卡")
    sub = gettext_lazy("打卡都已保存；指定员工后立即补记，不会丢失。")
    template_name = "terminals/unknown_list.html"
    columns = [
        Column("pin", gettext_lazy("人员编号"), sort="pin", is_fixed=True),
        Column("device_name", gettext_lazy("设备上的姓名"), sort="device_name"),
        Column("terminal", gettext_lazy("考勤机"), value="terminal.name", sort="terminal__name"),
        Column("waiting", gettext_lazy("打卡数"), sort="waiting", kind="number"),
        Column("first_at", gettext_lazy("最早"), sort="first_at", kind="time"),
        Column("last_at", gettext_lazy("最近"), sort="last_at", kind="time"),
    ]
    search_fields = ["pin", "device_name", "terminal__name"]
    search_label = gettext_lazy("编号 / 姓名 / 考勤机")
    default_sort = "-last_at"
    total_label = gettext_lazy("共 {count} 个编号")
    empty_icon = "circle-check"
    empty_title = gettext_lazy("没有未知人员的打卡")
    empty_text = gettext_lazy("每条打卡都找到了员工。")

    def rows(self):
        return unknown_pins_for_actor(self.actor)

    def row_actions(self, row):
        if not self.actor.can(MANAGE_TERMINAL):
            return ()
        return [RowAction(_("指定员工"), reverse("terminals:user_assign", args=[row.id]))]

    def extra_context(self):
        self.crumbs = [
            (pgettext("page", "考勤机"), reverse("terminals:terminal_list")),
            (str(self.title), None),
        ]
        return {}


@requires(READ_TERMINAL)
def user_list(request: HttpRequest, terminal_id: UUID) -> HttpResponseBase:
    """List the people of a terminal."""
    return _page(UserList, request, terminal_id)


@requires(READ_TERMINAL)
def command_list(request: HttpRequest, terminal_id: UUID) -> HttpResponseBase:
    """List the commands of a terminal."""
    return _page(CommandList, request, terminal_id)


@requires(READ_TERMINAL)
def upload_list(request: HttpRequest, terminal_id: UUID) -> HttpResponseBase:
    """List the uploads of a terminal."""
    return _page(UploadList, request, terminal_id)


@requires(READ_TERMINAL)
def event_list(request: HttpRequest, terminal_id: UUID) -> HttpResponseBase:
    """List what happened at a terminal."""
    return _page(EventList, request, terminal_id)


@requires(READ_TERMINAL)
def unknown_list(request: HttpRequest) -> HttpResponseBase:
    """List the PINs of nobody."""
    return UnknownList(request).response()


def _page(kind: type[_OfTerminal], request: HttpRequest, terminal_id: UUID) -> HttpResponseBase:
    page = kind(request, terminal_id=terminal_id)
    terminal = page.terminal  # a missing one is a 404, before anything is drawn
    page.crumbs = crumbs_of(terminal, str(page.title))
    return page.response()
