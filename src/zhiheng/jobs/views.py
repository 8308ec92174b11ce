"""Pages of background jobs."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access.http import requires, signed_in
from zhiheng.jobs.choices import JobState, Queue
from zhiheng.jobs.definitions import definition_of
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.policies import MANAGE_JOB, READ_JOB
from zhiheng.jobs.queries import duration_of, label_of, link_of, run_for_actor, runs_for_actor
from zhiheng.jobs.services import runs
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

TONES = {JobState.QUEUED: "", JobState.RUNNING: "info", JobState.DONE: "ok", JobState.FAILED: "bad",
         JobState.CANCELLED: ""}  # fmt: skip


class RunList(ListPage):
    """Jobs that wait, run, failed or are done."""

    key = "jobs.run"
    title = _("后台任务")
    sub = _("导入、同步、结算等耗时工作在后台进行；失败的可以在这里重试")
    total_label = _("共 {count} 个任务")
    columns = [
        Column("kind", _("任务"), value=lambda row: label_of(row), template="jobs/_name.html", is_fixed=True),
        Column(
            "state", _("状态"), value="get_state_display", template="jobs/_state_cell.html", is_fixed=True
        ),
        Column("actor_name", _("发起人"), sort="actor_name"),
        Column("created_at", _("创建时间"), sort="created_at", kind="time"),
        Column("duration", _("耗时"), value=lambda row: duration_text(duration_of(row))),
        Column("queue", _("队列"), value=lambda row: row.get_queue_display(), is_default=False),
        Column("attempts", _("尝试次数"), kind="number", is_default=False),
        Column("error", _("错误信息"), is_default=False),
        Column("error_id", _("错误编号"), is_default=False),
    ]
    filters = [
        ChoiceFilter("state", _("状态"), choices=JobState.choices, is_segmented=True),
        ChoiceFilter("queue", _("队列"), choices=Queue.choices),
    ]
    search_fields = ["detail", "actor_name", "error_id"]
    search_label = _("说明 / 发起人 / 错误编号")
    default_sort = "-created_at"
    empty_icon = "list-check"
    empty_title = _("还没有后台任务")
    empty_text = _("导入数据或关闭考核周期时，任务会显示在这里。")

    def rows(self) -> QuerySet:
        return runs_for_actor(self.actor)

    def row_actions(self, row: object) -> list[RowAction]:
        return [RowAction(_("详情"), reverse("jobs:run_detail", args=[row.id]))]


def duration_text(duration: timedelta | None) -> str:
    """Return a duration in the two largest of hours, minutes and seconds."""
    if duration is None:
        return ""
    seconds = max(0, int(duration.total_seconds()))
    if seconds < 60:
        return gettext("{seconds} 秒").format(seconds=seconds)
    if seconds < 3600:
        return gettext("{minutes} 分 {seconds} 秒").format(minutes=seconds // 60, seconds=seconds % 60)
    return gettext("{hours} 小时 {minutes} 分").format(hours=seconds // 3600, minutes=seconds % 3600 // 60)


@requires(READ_JOB)
@require_safe
def run_list(request: HttpRequest) -> HttpResponseBase:
    """Show the jobs in scope."""
    return RunList(request).response()


def _context(request: HttpRequest, run: JobRun) -> dict[str, object]:
    actor = request.actor
    is_all = actor.can(MANAGE_JOB) and actor.scope(MANAGE_JOB).is_tenant
    return {
        "run": run,
        "label": label_of(run),
        "link": link_of(run),
        "tone": TONES[JobState(run.state)],
        "duration": duration_text(duration_of(run)),
        "can_manage": is_all or (run.membership_id is not None and run.membership_id == actor.membership_id),
        "can_retry": run.state in (JobState.FAILED, JobState.CANCELLED)
        and definition_of(run.kind) is not None,
    }


@requires(READ_JOB)
@require_safe
def run_detail(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show a job; htmx gets the part that refreshes itself."""
    run = run_for_actor(request.actor, job_id)
    name = "_run" if request.headers.get("HX-Request") == "true" else "run_detail"
    return render(request, f"jobs/{name}.html", _context(request, run))


@requires(READ_JOB)
@require_safe
def run_progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show state and progress only, for lists and for pages of other domains."""
    return render(request, "jobs/_state.html", {"run": run_for_actor(request.actor, job_id)})


@requires(MANAGE_JOB)
@require_POST
def run_cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Cancel a job."""
    state = runs.cancel_job(actor=request.actor, job_id=job_id)
    told = {
        JobState.CANCELLED: gettext("任务已取消。"),
        JobState.RUNNING: gettext("已请求取消，任务会在下一步停止。"),
    }
    messages.success(request, told.get(state, gettext("任务已经结束。")))
    return redirect("jobs:run_detail", job_id)


@requires(MANAGE_JOB)
@require_POST
def run_retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Queue a failed or cancelled job again."""
    try:
        runs.retry_job(actor=request.actor, job_id=job_id)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("任务已重新排队。"))
    return redirect("jobs:run_detail", job_id)


@signed_in
@require_POST
def run_start(request: HttpRequest, kind: str) -> HttpResponse:
    """Start a job that takes no parameters, if the actor holds the permission it names."""
    definition = definition_of(kind)
    if definition is None or definition.start_permission is None:
        raise Http404
    request.actor.scope(definition.start_permission)
    job_id = runs.start_job(actor=request.actor, definition=definition, unique_key=kind, params={})
    return redirect("jobs:run_detail", job_id)
