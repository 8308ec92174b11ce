"""Pages of punch logs: upload, look, take, and the lines that are left over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.attendance.choices import LineState
from zhiheng.attendance.forms.imports import LogForm
from zhiheng.attendance.models import PunchImport
from zhiheng.attendance.policies import MANAGE_SITE
from zhiheng.attendance.queries.imports import import_for_actor, imports_for_actor, lines_left
from zhiheng.attendance.services.imports import look_at_log, take_log, upload_log, void_log
from zhiheng.webkit.export import csv_response
from zhiheng.webkit.lists import Column, ListPage, RowAction

STATES = {
    "open": ("warn", gettext_lazy("待导入")),
    "taken": ("ok", gettext_lazy("已导入")),
    "voided": ("", gettext_lazy("已作废")),
}
MOST_SHOWN = 200


def state_of(batch: PunchImport) -> str:
    """Return how far a log is."""
    if batch.voided_at:
        return "voided"
    return "taken" if batch.taken_at else "open"


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("考勤设置"), reverse("attendance:settings")), *more]


class ImportList(ListPage):
    """Punch logs."""

    key = "attendance.punch_import"
    title = gettext_lazy("打卡文件")
    template_name = "attendance/import_list.html"
    columns = [
        Column("name", gettext_lazy("文件名"), sort="name", is_fixed=True,
               url=lambda row: reverse("attendance:punch_import", args=[row.id])),
        Column("device", gettext_lazy("考勤机名称"), value="device.name"),
        Column("line_count", gettext_lazy("行数"), sort="line_count", kind="number"),
        Column("punch_count", gettext_lazy("导入的打卡"), sort="punch_count", kind="number"),
        Column("left", gettext_lazy("未导入的行"), sort="left", kind="number"),
        Column("uploaded_by", gettext_lazy("上传人")),
        Column("uploaded_at", gettext_lazy("上传时间"), sort="uploaded_at", kind="time"),
        Column("state", gettext_lazy("状态"), value=state_of, tags=STATES),
    ]  # fmt: skip
    search_fields = ["name"]
    search_label = gettext_lazy("文件名")
    default_sort = "-uploaded_at"
    total_label = gettext_lazy("共 {count} 个打卡文件")
    empty_icon = "file-spreadsheet"
    empty_title = gettext_lazy("还没有打卡文件")
    empty_text = gettext_lazy("把考勤机 U 盘导出的 attlog.dat 上传到这里。")

    def rows(self):
        return imports_for_actor(self.actor)

    def row_actions(self, row):
        return [RowAction(_("查看"), reverse("attendance:punch_import", args=[row.id]))]

    def extra_context(self):
        self.empty_action = (_("上传打卡文件"), reverse("attendance:punch_import_new"))
        self.crumbs = _crumbs((_("打卡文件"), None))
        return {}


@requires(MANAGE_SITE)
def punch_import_list(request: HttpRequest) -> HttpResponseBase:
    """List punch logs."""
    return ImportList(request).response()


@requires(MANAGE_SITE)
def punch_import_new(request: HttpRequest) -> HttpResponse:
    """Upload a punch log."""
    form = LogForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            import_id = upload_log(
                actor=request.actor, name=data["file"].name, content=data["file"].read(), zone=data["zone"],
                legal_entity_id=data["legal_entity"], device_name=data["device_name"],
            )  # fmt: skip
        except ValidationError as error:
            form.refused(error)
        else:
            return HttpResponseRedirect(reverse("attendance:punch_import", args=[import_id]))
    title = _("上传打卡文件")
    back = reverse("attendance:punch_import_list")
    context = {
        "form": form,
        "title": title,
        "cancel": back,
        "crumbs": _crumbs((_("打卡文件"), back), (title, None)),
    }
    return render(request, "attendance/simple_form.html", context, status=422 if form.errors else 200)


@requires(MANAGE_SITE)
def punch_import(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """Show what a log holds and what of it is left over."""
    batch = import_for_actor(request.actor, import_id)
    if request.GET.get("export") == "left":
        rows = ([each.number, each.get_state_display(), each.pin, each.raw] for each in lines_left(batch))
        head = [_("行号"), _("状态"), _("考勤号"), _("原始内容")]
        return csv_response(_("未导入的行"), head, rows)
    look = look_at_log(actor=request.actor, import_id=batch.id)
    kept = list(lines_left(batch)[:MOST_SHOWN])
    shown = kept or [
        {"number": number, "raw": raw, "pin": pin, "get_state_display": LineState(state).label}
        for number, raw, pin, state in look.left[:MOST_SHOWN]
    ]
    context = {
        "batch": batch,
        "look": look,
        "state": STATES[state_of(batch)],
        "reasons": [(each.label, count) for each in LineState if (count := look.count(each))],
        "unknown": sorted(look.unknown_pins.items(), key=lambda each: -each[1])[:50],
        "lines": shown,
        "has_kept": bool(kept),
        "crumbs": _crumbs((_("打卡文件"), reverse("attendance:punch_import_list")), (batch.name, None)),
    }
    return render(request, "attendance/import.html", context)


@requires(MANAGE_SITE)
@require_POST
def punch_import_act(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take a log, or void its punches."""
    try:
        if request.POST.get("do") == "void":
            count = void_log(actor=request.actor, import_id=import_id, reason=request.POST.get("reason", ""))
            messages.success(request, _("已作废 {count} 次打卡。").format(count=count))
        else:
            look = take_log(actor=request.actor, import_id=import_id)
            messages.success(request, _("已导入 {count} 次打卡。").format(count=len(look.new)))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(reverse("attendance:punch_import", args=[import_id]))
