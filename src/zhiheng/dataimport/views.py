"""Pages of the import: history, and a wizard of four steps (upload, columns, check, done)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.dataimport import services, tasks
from zhiheng.dataimport.calc.issue import Issue
from zhiheng.dataimport.calc.sniff import MAX_BYTES
from zhiheng.dataimport.choices import BatchState, IssueSeverity
from zhiheng.dataimport.forms import CommitForm, HeaderForm
from zhiheng.dataimport.models import ImportBatch
from zhiheng.dataimport.policies import MANAGE_BATCH, READ_BATCH
from zhiheng.dataimport.queries.batches import (
    batch_for_actor,
    batches_for_actor,
    earlier_batch_with,
    fixes_of,
    target_for_actor,
)
from zhiheng.dataimport.queries.reports import field_labels, issue_sentence, issues_from_report
from zhiheng.dataimport.queries.targets import target_by_code, targets_for_actor
from zhiheng.jobs.public import job_status
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

STEPS = (
    gettext_lazy("上传文件"), gettext_lazy("对应列"), gettext_lazy("检查"), gettext_lazy("完成"),
)  # fmt: skip
STATE_TAGS = {
    BatchState.UPLOADED: ("", BatchState.UPLOADED.label),
    BatchState.MAPPED: ("info", BatchState.MAPPED.label),
    BatchState.CHECKED: ("warn", BatchState.CHECKED.label),
    BatchState.COMMITTED: ("ok", BatchState.COMMITTED.label),
    BatchState.UNDONE: ("", BatchState.UNDONE.label),
}
SEVERITY_TAGS = {"error": "bad", "warning": "warn", "repair": "info"}
ISSUES_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BatchList(ListPage):
    """History of imports."""

    key = "dataimport.batch"
    title = gettext_lazy("数据导入")
    sub = gettext_lazy("从 Excel 或 CSV 导入数据；导入前逐格检查，导入后可以撤销")
    total_label = gettext_lazy("共 {count} 次导入")
    template_name = "dataimport/batch_list.html"
    search_fields = ("name",)
    search_label = gettext_lazy("文件名")
    default_sort = "-created_at"
    can_export = False
    empty_icon = "file-spreadsheet"
    empty_title = gettext_lazy("还没有导入过数据")
    empty_text = gettext_lazy("下载模板填写，或直接上传现有的表格，系统会自动识别表头和列。")
    columns = (
        Column(
            "name",
            gettext_lazy("文件"),
            sort="name",
            url=lambda row: reverse("dataimport:batch", args=[row.id]),
            is_fixed=True,
        ),
        Column("target", gettext_lazy("导入内容"), value="target_label"),
        Column("state", gettext_lazy("状态"), tags=STATE_TAGS, sort="state"),
        Column("row_count", gettext_lazy("行数"), kind="number", sort="row_count"),
        Column("error_count", gettext_lazy("错误"), kind="number", sort="error_count"),
        Column("created_count", gettext_lazy("新增"), kind="number", sort="created_count"),
        Column("updated_count", gettext_lazy("更新"), kind="number", sort="updated_count"),
        Column("created_by_name", gettext_lazy("上传人"), sort="created_by_name"),
        Column("created_at", gettext_lazy("上传时间"), kind="time", sort="created_at"),
    )
    filters = (ChoiceFilter("state", gettext_lazy("状态"), choices=BatchState.choices, is_segmented=True),)

    @property
    def empty_action(self) -> tuple[str, str] | None:
        """The first step, for those who may take it."""
        if not self.actor.can(MANAGE_BATCH):
            return None
        return _("导入数据"), reverse("dataimport:batch_new")

    def rows(self):
        """Batches of the actor, without their reports."""
        return batches_for_actor(self.actor).defer("report", "columns", "mapping")

    def drawn_rows(self):
        """Rows of the page; the name of what was imported is looked up once for each target."""
        labels = {code: target_by_code(code).label for code in {row.target for row in self.page.object_list}}
        for row in self.page.object_list:
            row.target_label = str(labels[row.target])
        return super().drawn_rows()

    def row_actions(self, row: ImportBatch) -> list[RowAction]:
        """Go on with the wizard, or look at the outcome."""
        label = _("查看") if row.state in (BatchState.COMMITTED, BatchState.UNDONE) else _("继续")
        return [RowAction(label, reverse("dataimport:batch", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        """Whether a new import may be begun."""
        return {"can_manage": self.actor.can(MANAGE_BATCH)}


@requires(READ_BATCH)
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """History of imports."""
    return BatchList(request).response()


@requires(MANAGE_BATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    """Step 1: what to import, and the file."""
    targets = targets_for_actor(request.actor)
    wanted = request.POST.get("target") or request.GET.get("target")
    target = next((item for item in targets if item.code == wanted), targets[0] if targets else None)
    error = ""
    if request.method == "POST" and target is not None:
        try:
            batch_id = _upload(request, target.code)
            return redirect("dataimport:batch_columns", batch_id)
        except ValidationError as problem:
            error = problem.messages[0]
    tabs = [
        {"label": item.label, "url": f"?target={item.code}", "current": item is target, "count": None}
        for item in targets
    ]
    context = {"target": target, "tabs": tabs, "error": error, "steps": STEPS, "max_bytes": MAX_BYTES}
    return render(request, "dataimport/batch_new.html", context, status=422 if error else 200)


def _upload(request: HttpRequest, target_code: str) -> UUID:
    file = request.FILES.get("file")
    if file is None:
        raise ValidationError(_("请选择一个文件。"))
    return services.upload_file(actor=request.actor, target_code=target_code, name=file.name, content=file)


@requires(READ_BATCH)
@require_safe
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Go to the step where the batch stands."""
    found = batch_for_actor(request.actor, batch_id)
    step = {
        BatchState.UPLOADED: "dataimport:batch_columns",
        BatchState.COMMITTED: "dataimport:batch_done",
        BatchState.UNDONE: "dataimport:batch_done",
    }.get(found.state, "dataimport:batch_check")
    return redirect(step, batch_id)


@requires(MANAGE_BATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_columns(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Step 2: which column is which field."""
    found = batch_for_actor(request.actor, batch_id, MANAGE_BATCH)
    if found.state in (BatchState.COMMITTED, BatchState.UNDONE):
        return redirect("dataimport:batch_done", batch_id)
    error = ""
    if request.method == "POST":
        mapping = {
            column["header"]: request.POST.get(f"field-{column['position']}", "") for column in found.columns
        }
        try:
            services.map_columns(actor=request.actor, batch_id=batch_id, mapping=mapping)
            tasks.work_on(request.actor, tasks.check_import, found)
            return redirect("dataimport:batch_check", batch_id)
        except ValidationError as problem:
            error = problem.messages[0]
            found.mapping = mapping
    return _columns_page(request, found, error)


@requires(MANAGE_BATCH)
@require_POST
def batch_header(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Step 2, aside: another sheet, or another header row."""
    found = batch_for_actor(request.actor, batch_id, MANAGE_BATCH)
    form = HeaderForm(request.POST, sheet_names=found.sheet_names)
    if not form.is_valid():
        return _columns_page(request, found, next(iter(form.errors.values()))[0], form)
    same_sheet = form.cleaned_data["sheet"] == found.sheet
    rows = {"first": form.cleaned_data["first"], "last": form.cleaned_data["last"]} if same_sheet else {}
    try:
        services.choose_header(
            actor=request.actor, batch_id=batch_id, sheet=form.cleaned_data["sheet"], **rows
        )
    except ValidationError as problem:
        return _columns_page(request, found, problem.messages[0], form)
    return redirect("dataimport:batch_columns", batch_id)


def _columns_page(
    request: HttpRequest, found: ImportBatch, error: str = "", form: HeaderForm | None = None
) -> HttpResponse:
    target = target_for_actor(request.actor, found.target)
    required = {item.name for item in target.fields if item.required and item.default is None}
    unmapped = required - set(found.mapping.values())
    rows = [
        {**column, "field": found.mapping.get(column["header"], ""), "name": f"field-{column['position']}"}
        for column in found.columns
    ]
    initial = {"sheet": found.sheet, "first": found.header_first or 1, "last": found.header_last or None}
    context = {
        "batch": found,
        "target": target,
        "rows": rows,
        "fields": [(item.name, item.label, item.name in required) for item in target.fields],
        "missing": [item.label for item in target.fields if item.name in unmapped],
        "preview": list(enumerate(found.report.get("preview", []), start=1)),
        "header_form": form or HeaderForm(initial=initial, sheet_names=found.sheet_names),
        "error": error,
        "steps": STEPS,
        "earlier": earlier_batch_with(request.actor, found),
    }
    return render(request, "dataimport/batch_columns.html", context, status=422 if error else 200)


@requires(READ_BATCH)
@require_safe
def batch_check(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Step 3: the report, corrections in place, and the commit."""
    found = batch_for_actor(request.actor, batch_id)
    if found.state == BatchState.UPLOADED:
        return redirect("dataimport:batch_columns", batch_id)
    if found.state in (BatchState.COMMITTED, BatchState.UNDONE):
        return redirect("dataimport:batch_done", batch_id)
    return _check_page(request, found)


def _check_page(request: HttpRequest, found: ImportBatch, error: str = "") -> HttpResponse:
    job = _job(request, found)
    target = target_for_actor(request.actor, found.target) if request.actor.can(MANAGE_BATCH) else None
    issues = issues_from_report(found.report)
    wanted = request.GET.get("severity", "")
    shown = [item for item in issues if wanted in ("", item.severity)]
    page = Paginator(shown, ISSUES_A_PAGE).get_page(request.GET.get("page", 1))
    context = {
        "batch": found,
        "can_manage": target is not None,
        "page": page,
        "rows": _issue_rows(found, page.object_list),
        "options": _severity_options(found, wanted),
        "hidden_count": max(0, found.error_count + found.warning_count + found.repair_count - len(issues)),
        "steps": STEPS,
        "error": error or (job.error if job and not job.is_open else ""),
        "job": job if job and job.is_open else None,
        "good_rows": found.row_count - found.error_row_count,
    }
    return render(request, "dataimport/batch_check.html", context, status=422 if error else 200)


def _job(request: HttpRequest, found: ImportBatch) -> Any:
    return job_status(request.actor, found.job_id) if found.job_id else None


def _issue_rows(found: ImportBatch, issues: list[Issue]) -> list[dict[str, Any]]:
    """Issues as the table shows them; each cell can be corrected in the first row that is about it."""
    labels = field_labels(target_by_code(found.target))
    fixes, seen, rows = fixes_of(found), set(), []
    for issue in issues:
        place = (issue.row, issue.column)
        rows.append(
            {
                "issue": issue,
                "tag": SEVERITY_TAGS[issue.severity],
                "label": IssueSeverity(issue.severity).label,
                "text": issue_sentence(issue),
                "field": labels.get(issue.field, ""),
                "name": f"{issue.row}-{issue.column}" if issue.cell and place not in seen else "",
                "original": issue.original,
                "value": fixes.get(place, issue.original),
            }
        )
        seen.add(place)
    return rows


def _severity_options(found: ImportBatch, wanted: str) -> list[dict[str, Any]]:
    counts = (
        ("", _("全部"), found.error_count + found.warning_count + found.repair_count),
        ("error", _("错误"), found.error_count),
        ("repair", _("修正建议"), found.repair_count),
        ("warning", _("提醒"), found.warning_count),
    )
    return [
        {"label": f"{label} {count}", "url": f"?severity={code}" if code else "?", "current": code == wanted}
        for code, label, count in counts
    ]


@requires(MANAGE_BATCH)
@require_POST
def batch_fix(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Step 3: keep the corrected cells and check again."""
    found = batch_for_actor(request.actor, batch_id, MANAGE_BATCH)
    try:
        for key, text in request.POST.items():
            row, _dash, column = key.removeprefix("cell-").partition("-")
            is_cell = key.startswith("cell-") and row.isdecimal() and column.isdecimal()
            if is_cell and text != request.POST.get(f"was-{row}-{column}"):
                services.fix_cell(
                    actor=request.actor, batch_id=batch_id, row=int(row), column=int(column), text=text
                )
        tasks.work_on(request.actor, tasks.check_import, found)
    except ValidationError as problem:
        return _check_page(request, found, problem.messages[0])
    return redirect("dataimport:batch_check", batch_id)


@requires(MANAGE_BATCH)
@require_POST
def batch_commit(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Step 3: write the rows."""
    found = batch_for_actor(request.actor, batch_id, MANAGE_BATCH)
    form = CommitForm(request.POST)
    form.is_valid()
    try:
        if form.cleaned_data["accept_repairs"]:
            services.accept_repairs(actor=request.actor, batch_id=batch_id)
        skip = form.cleaned_data["skip_error_rows"]
        is_done = tasks.work_on(request.actor, tasks.commit_import, found, skip_error_rows=skip)
    except ValidationError as problem:
        return _check_page(request, found, problem.messages[0])
    return redirect("dataimport:batch_done" if is_done else "dataimport:batch_check", batch_id)


@requires(READ_BATCH)
@require_safe
def batch_progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """How far the background job is; the page reloads itself when it has ended."""
    found = batch_for_actor(request.actor, batch_id)
    job = _job(request, found)
    context = {"batch": found, "job": job, "is_open": bool(job and job.is_open)}
    return render(request, "dataimport/_progress.html", context)


@requires(READ_BATCH)
@require_safe
def batch_done(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Step 4: what was written, and the way back."""
    found = batch_for_actor(request.actor, batch_id)
    if found.state not in (BatchState.COMMITTED, BatchState.UNDONE):
        return redirect("dataimport:batch", batch_id)
    return _done_page(request, found)


def _done_page(request: HttpRequest, found: ImportBatch, error: str = "") -> HttpResponse:
    job = _job(request, found)
    context = {
        "batch": found,
        "target_label": target_by_code(found.target).label,
        "can_manage": request.actor.can(MANAGE_BATCH),
        "steps": STEPS,
        "is_undone": found.state == BatchState.UNDONE,
        "error": error or (job.error if job and not job.is_open else ""),
        "job": job if job and job.is_open else None,
    }
    return render(request, "dataimport/batch_done.html", context, status=422 if error else 200)


@requires(MANAGE_BATCH)
@require_POST
def batch_undo(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Step 4: take the rows back."""
    found = batch_for_actor(request.actor, batch_id, MANAGE_BATCH)
    try:
        if tasks.work_on(request.actor, tasks.undo_import, found):
            messages.success(request, _("已撤销导入「{name}」。").format(name=found.name))
    except ValidationError as problem:
        return _done_page(request, found, problem.messages[0])
    return redirect("dataimport:batch_done", batch_id)


@requires(MANAGE_BATCH)
@require_safe
def template(request: HttpRequest, target: str) -> HttpResponse:
    """The empty workbook of a target."""
    return _download(*services.template_file(actor=request.actor, target_code=target))


@requires(MANAGE_BATCH)
@require_safe
def marked(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The file with its faulty cells marked."""
    return _download(*services.marked_file(actor=request.actor, batch_id=batch_id))


def _download(name: str, content: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(True, name),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
