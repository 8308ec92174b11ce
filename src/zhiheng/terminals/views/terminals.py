"""Pages of terminals: list, pairing, one terminal, and the forms that tell it something."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from zhiheng.access.http import requires
from zhiheng.people.public import persons_of_units
from zhiheng.terminals.choices import TerminalState
from zhiheng.terminals.forms import AssignForm, PairingForm, SendPeopleForm, StretchForm, TerminalForm
from zhiheng.terminals.models import Terminal, TerminalUser
from zhiheng.terminals.policies import MANAGE_TERMINAL, READ_TERMINAL
from zhiheng.terminals.queries.terminals import (
    counts_of,
    last_knock,
    recent_events,
    terminal_for_actor,
    terminal_for_change,
    terminal_rows,
    unknown_pins_for_actor,
    user_for_actor,
)
from zhiheng.terminals.services.people import send_people
from zhiheng.terminals.services.reconcile import fetch_again, verify
from zhiheng.terminals.services.terminals import change_terminal, open_pairing
from zhiheng.terminals.services.unknown import assign_pin
from zhiheng.terminals.views.shared import crumbs_of, terminal_tabs
from zhiheng.terminals.wording import CONNECTION_TAGS, STATE_TAGS, connection, event_detail, event_text
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction


class TerminalList(ListPage):
    """All terminals with what each of them needs."""

    key = "terminals.terminal"
    title = pgettext_lazy("page", "考勤机")
    sub = gettext_lazy("考勤机把打卡实时送到这里；人员和人脸照片从这里下发。")
    template_name = "terminals/terminal_list.html"
    columns = [
        Column(
            "name", gettext_lazy("名称"), sort="name", is_fixed=True,
            url=lambda row: reverse("terminals:terminal_detail", args=[row.id]),
        ),
        Column("serial_number", gettext_lazy("序列号"), sort="serial_number"),
        Column("state", gettext_lazy("状态"), sort="state", tags=STATE_TAGS),
        Column("connection", gettext_lazy("连接"), value=connection, tags=CONNECTION_TAGS),
        Column("last_seen_at", gettext_lazy("最近连接"), sort="last_seen_at", kind="time"),
        Column("newest_punch_at", gettext_lazy("最新打卡"), sort="newest_punch_at", kind="time"),
        Column("site", gettext_lazy("打卡地点"), value="site.name", sort="site__name"),
        Column("unknown", gettext_lazy("未知人员打卡"), sort="unknown", kind="number"),
        Column("waiting_commands", gettext_lazy("待执行命令"), sort="waiting_commands", kind="number"),
        Column("alarms", gettext_lazy("需关注"), sort="alarms", kind="number"),
        Column("model_name", gettext_lazy("型号"), is_default=False),
        Column("firmware", gettext_lazy("固件"), is_default=False),
        Column("ip_address", gettext_lazy("IP 地址"), is_default=False),
        Column("legal_entity", gettext_lazy("法人实体"), value="legal_entity.name", is_default=False),
    ]  # fmt: skip
    filters = [ChoiceFilter("state", gettext_lazy("状态"), choices=TerminalState.choices)]
    search_fields = ["name", "serial_number", "model_name"]
    search_label = gettext_lazy("名称 / 序列号 / 型号")
    default_sort = "name"
    total_label = gettext_lazy("共 {count} 台考勤机")
    empty_icon = "cpu"
    empty_title = gettext_lazy("还没有考勤机")
    empty_text = gettext_lazy("登记设备的序列号，然后在设备上填写服务器地址。")

    def rows(self):
        return terminal_rows(self.actor)

    def row_actions(self, row: Terminal):
        return [RowAction(_("查看"), reverse("terminals:terminal_detail", args=[row.id]))]

    def extra_context(self):
        can_manage = self.actor.can(MANAGE_TERMINAL)
        if can_manage:
            self.empty_action = (_("添加考勤机"), reverse("terminals:terminal_new"))
        return {
            "can_manage": can_manage,
            "unknown_count": unknown_pins_for_actor(self.actor).count(),
        }


@requires(READ_TERMINAL)
def terminal_list(request: HttpRequest) -> HttpResponseBase:
    """List the terminals."""
    return TerminalList(request).response()


@requires(MANAGE_TERMINAL)
def terminal_new(request: HttpRequest) -> HttpResponse:
    """Expect a terminal: its serial number first, then what to enter at the device."""
    posted = request.POST if request.method == "POST" else None
    form = PairingForm(posted, actor=request.actor, initial=_known(request))
    if posted is not None and form.is_valid():
        try:
            terminal_id = open_pairing(actor=request.actor, **form.values())
        except ValidationError as error:
            form.refused(error)
        else:
            return redirect("terminals:terminal_detail", terminal_id)
    listed = reverse("terminals:terminal_list")
    crumbs = [(pgettext("page", "考勤机"), listed), (_("添加考勤机"), None)]
    context = {"form": form, "step": 1, "crumbs": crumbs, "cancel": listed}
    return render(request, "terminals/terminal_new.html", context, status=422 if form.errors else 200)


def _known(request: HttpRequest) -> dict[str, object]:
    """Return what is known of a terminal that is to be paired again."""
    serial = request.GET.get("serial", "")
    known = terminal_rows(request.actor).filter(serial_number=serial).first() if serial else None
    if known is None:
        return {"serial_number": serial}
    return {
        "serial_number": known.serial_number, "name": known.name, "legal_entity": str(known.legal_entity_id),
        "site": str(known.site_id or ""), "zone": known.zone, "allowed_ips": " ".join(known.allowed_ips),
    }  # fmt: skip


@requires(READ_TERMINAL)
def terminal_detail(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Show a terminal: how it is, what it needs, what can be done."""
    terminal = terminal_for_actor(request.actor, terminal_id)
    context = {
        **_status(request, terminal),
        "crumbs": crumbs_of(terminal),
        "tabs": terminal_tabs(terminal, "overview"),
        "events": [(each, event_text(each), event_detail(each)) for each in recent_events(terminal)],
        "host": request.get_host().partition(":")[0],
    }
    return render(request, "terminals/terminal.html", context)


@requires(READ_TERMINAL)
def terminal_status(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Show the part that refreshes itself."""
    terminal = terminal_for_actor(request.actor, terminal_id)
    return render(request, "terminals/_status.html", _status(request, terminal))


def _status(request: HttpRequest, terminal: Terminal) -> dict[str, object]:
    is_pairing = terminal.state in (TerminalState.EXPECTED, TerminalState.WAITING)
    counts = counts_of(terminal)
    return {
        "terminal": terminal,
        "tag": STATE_TAGS[TerminalState(terminal.state)],
        "connection": CONNECTION_TAGS.get(connection(terminal)),
        "is_pairing": is_pairing,
        "is_window_open": terminal.window_until is not None and terminal.window_until > timezone.now(),
        "step": {TerminalState.EXPECTED: 2, TerminalState.WAITING: 3}.get(TerminalState(terminal.state), 4),
        "knocked_at": last_knock(terminal) if is_pairing else None,
        "pushed": counts.get("pushed", 0),
        "pending_people": counts.get("queued", 0) + counts.get("deleting", 0),
        "failed_people": counts.get("failed", 0),
        "can_manage": request.actor.can(MANAGE_TERMINAL),
    }


@requires(MANAGE_TERMINAL)
def terminal_edit(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Change a terminal."""
    terminal = terminal_for_change(request.actor, terminal_id)
    posted = request.POST if request.method == "POST" else None
    form = TerminalForm(posted, actor=request.actor, terminal=terminal)
    if posted is not None and form.is_valid():
        try:
            change_terminal(actor=request.actor, terminal_id=terminal_id, **form.values())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("terminals:terminal_detail", terminal_id)
    return _form_page(request, terminal, form, _("修改"))


@requires(MANAGE_TERMINAL)
def people_send(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Send people to a terminal."""
    terminal = terminal_for_change(request.actor, terminal_id)
    posted = request.POST if request.method == "POST" else None
    form = SendPeopleForm(posted, actor=request.actor)
    if posted is not None and form.is_valid():
        units = {UUID(each) for each in form.cleaned_data["units"]}
        people = {each.id for each in persons_of_units(units, timezone.localdate())} if units else set()
        try:
            sent = send_people(
                actor=request.actor,
                terminal_id=terminal_id,
                person_ids=people | set(form.cleaned_data["numbers"]),
            )
        except ValidationError as error:
            form.refused(error)
        else:
            text = _("已安排下发 {people} 人，其中 {faces} 人带人脸照片。设备取走后生效。")
            messages.success(request, text.format(people=sent.people, faces=sent.faces))
            return redirect("terminals:user_list", terminal_id)
    note = _("人脸照片只下发给单独同意使用人脸、并完成登记的员工。")
    return _form_page(request, terminal, form, _("下发人员到设备"), submit=_("下发"), note=note)


@requires(MANAGE_TERMINAL)
def stretch_order(request: HttpRequest, terminal_id: UUID) -> HttpResponse:
    """Let a terminal count the punches of some days, or send them again."""
    terminal = terminal_for_change(request.actor, terminal_id)
    posted = request.POST if request.method == "POST" else None
    form = StretchForm(posted)
    if posted is not None and form.is_valid():
        order = fetch_again if "fetch" in request.POST else verify
        try:
            order(actor=request.actor, terminal_id=terminal_id, **form.cleaned_data)
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("命令已下达，设备下次连接时执行。"))
            return redirect("terminals:command_list", terminal_id)
    context = {
        "terminal": terminal, "form": form, "title": _("核对打卡数"), "crumbs": crumbs_of(terminal, _("核对打卡数")),
        "cancel": reverse("terminals:terminal_detail", args=[terminal_id]),
    }  # fmt: skip
    return render(request, "terminals/stretch.html", context, status=422 if form.errors else 200)


@requires(MANAGE_TERMINAL)
def user_assign(request: HttpRequest, terminal_user_id: UUID) -> HttpResponse:
    """Give a PIN of a terminal to somebody."""
    user = user_for_actor(request.actor, terminal_user_id)
    posted = request.POST if request.method == "POST" else None
    initial = {"employee_number": user.person.employee_number} if user.person else None
    form = AssignForm(posted, initial=initial)
    if posted is not None and form.is_valid():
        try:
            count = assign_pin(
                actor=request.actor, terminal_id=user.terminal_id, pin=user.pin,
                person_id=form.cleaned_data["employee_number"],
            )  # fmt: skip
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("已指定，补记 {count} 条打卡。").format(count=count))
            return redirect("terminals:unknown_list")
    title = _("编号 {pin} 是谁").format(pin=user.pin)
    note = _("设备上的姓名：{name}").format(name=user.device_name) if user.device_name else ""
    return _form_page(request, user.terminal, form, title, submit=_("指定"), note=note, removed=user)


def _form_page(
    request: HttpRequest,
    terminal: Terminal,
    form: object,
    title: str,
    *,
    submit: str = "",
    note: str = "",
    removed: TerminalUser | None = None,
) -> HttpResponse:
    context = {
        "terminal": terminal, "form": form, "removed": removed, "title": title, "submit": submit, "note": note,
        "crumbs": crumbs_of(terminal, title), "cancel": reverse("terminals:terminal_detail", args=[terminal.id]),
    }  # fmt: skip
    return render(request, "terminals/form.html", context, status=422 if form.errors else 200)
