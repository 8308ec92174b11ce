"""Pages of review cycles: the list, the ranking of one, closing and proving it."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.audit.public import record
from zhiheng.calckit.rounding import round_half_up
from zhiheng.jobs.public import job_status, start_job
from zhiheng.reviews.calc.explain import is_rate, shown
from zhiheng.reviews.choices import CycleState
from zhiheng.reviews.forms import CycleForm
from zhiheng.reviews.policies import CLOSE_CYCLE, EXPORT_SCORE, OPEN_CYCLE, READ_SCORE, VERIFY_CYCLE
from zhiheng.reviews.queries.reports import (
    ReportGroup,
    ScoreView,
    cycle_for_actor,
    cycles_for_actor,
    reason_text,
    report_rows,
)
from zhiheng.reviews.services.cycles import open_cycle, recompute_cycle
from zhiheng.reviews.tasks import close_cycle_job
from zhiheng.webkit.export import xlsx_response
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage
from zhiheng.webkit.templatetags.ui import percent

PAGE_SIZE = 50


class CycleList(ListPage):
    """The review cycles."""

    key = "reviews.cycle"
    title = gettext_lazy("绩效考核")
    sub = gettext_lazy("每个期间按评分卡算出得分；关闭后永不改变，随时可以复算验证。")
    template_name = "reviews/cycle_list.html"
    columns = [
        Column(
            "period", gettext_lazy("期间"), value="period.label", sort="period__period_from", is_fixed=True,
            url=lambda row: reverse("reviews:cycle_detail", args=[row.id]),
        ),
        Column("scorecard", gettext_lazy("评分卡"), value="scorecard.label", sort="scorecard__name"),
        Column("formula", gettext_lazy("公式"), value="scorecard_version.formula"),
        Column(
            "state", gettext_lazy("状态"), sort="state",
            tags={"open": ("info", gettext_lazy("进行中")), "closed": ("ok", gettext_lazy("已关闭"))},
        ),
        Column("closed_at", gettext_lazy("关闭时间"), sort="closed_at", kind="time"),
    ]  # fmt: skip
    filters = [ChoiceFilter("state", gettext_lazy("状态"), choices=CycleState.choices, is_segmented=True)]
    search_fields = ["period__name", "period__name_en", "scorecard__name", "scorecard__name_en"]
    search_label = gettext_lazy("期间 / 评分卡")
    default_sort = "-period"
    total_label = gettext_lazy("共 {count} 个考核周期")
    empty_icon = "award"
    empty_title = gettext_lazy("还没有考核周期")
    empty_text = gettext_lazy("先建好期间与评分卡，再开启一个考核周期。")

    def rows(self):
        return cycles_for_actor(self.actor)

    def extra_context(self):
        return {"can_open": self.actor.can(OPEN_CYCLE)}


@requires(READ_SCORE)
def cycle_list(request: HttpRequest) -> HttpResponseBase:
    """List the cycles."""
    return CycleList(request).response()


@requires(OPEN_CYCLE)
def cycle_open(request: HttpRequest) -> HttpResponse:
    """Open a cycle."""
    form = CycleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cycle_id = open_cycle(actor=request.actor, **form.cleaned_data)
        return HttpResponseRedirect(reverse("reviews:cycle_detail", args=[cycle_id]))
    title = _("开启考核周期")
    crumbs = [(_("绩效考核"), reverse("reviews:cycle_list")), (title, None)]
    context = {"form": form, "title": title, "crumbs": crumbs, "cancel": reverse("reviews:cycle_list")}
    return render(request, "reviews/cycle_form.html", context, status=422 if form.errors else 200)


@requires(READ_SCORE)
def cycle_detail(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Show the ranking of a cycle by department."""
    cycle = cycle_for_actor(request.actor, cycle_id)
    groups = report_rows(request.actor, cycle, has_inputs=False)
    views = [view for group in groups for view in group.views]
    values = [view.value for view in views if view.value is not None]
    best = max(values, default=Decimal(1)) or Decimal(1)
    names = views[0].step_names if views else []
    unit, query = request.GET.get("unit", ""), request.GET.get("q", "").strip()
    page = Paginator(_wanted(views, unit, query), PAGE_SIZE).get_page(request.GET.get("page", 1))
    by_unit = {group.unit_id: group for group in groups}
    rows = [
        (by_unit[unit_id], [(view, _share(view.value, best), _cells(view, names)) for view in part])
        for unit_id, part in groupby(page.object_list, lambda view: view.unit_id)
    ]
    reached = [view for view in views if view.attainment is not None and view.attainment >= 1]
    context = {
        "cycle": cycle,
        "rows": rows,
        "page": page,
        "units": [(str(group.unit_id), group.unit) for group in groups],
        "unit": unit,
        "query": query,
        "names": names,
        "people": len(views),
        "mean": sum(values, Decimal(0)) / len(values) * 100 if values else None,
        "reached": len(reached),
        "failed": len(views) - len(values),
        "job_id": request.GET.get("job", ""),
        "can_close": request.actor.can(CLOSE_CYCLE) and not cycle.is_closed,
        "can_verify": request.actor.can(VERIFY_CYCLE) and cycle.is_closed,
        "can_export": request.actor.can(EXPORT_SCORE),
        "crumbs": [(_("绩效考核"), reverse("reviews:cycle_list")), (cycle.period.label, None)],
    }
    return render(request, "reviews/cycle.html", context)


def _wanted(views: list[ScoreView], unit: str, query: str) -> list[ScoreView]:
    """Return those of a department whose name or number holds the words searched for."""
    words = query.casefold()
    return [
        view
        for view in views
        if (not unit or str(view.unit_id) == unit) and words in f"{view.name}\n{view.number}".casefold()
    ]


def _share(value: Decimal | None, best: Decimal) -> Decimal | None:
    return None if value is None else value / best


def _cells(view: ScoreView, names: list[str]) -> list[tuple[str, str]]:
    """Return the derived steps as texts with their names; rates keep two decimals, so that a column lines up."""
    return [(_cell(view.steps_by_name.get(name), name), name) for name in names]


def _cell(value: Decimal | None, name: str) -> str:
    if value is None:
        return "–"
    return percent(round_half_up(value, 4), 2) if is_rate(name) else shown(str(value), name)


@requires(CLOSE_CYCLE)
@require_POST
def cycle_close(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Start the closing of a cycle in the background."""
    cycle = cycle_for_actor(request.actor, cycle_id)
    job_id = start_job(
        request.actor, close_cycle_job, detail=str(cycle), unique_key=str(cycle.id), cycle_id=str(cycle.id)
    )
    return HttpResponseRedirect(f"{reverse('reviews:cycle_detail', args=[cycle.id])}?job={job_id}")


@requires(CLOSE_CYCLE)
def cycle_job(request: HttpRequest, cycle_id: UUID, job_id: UUID) -> HttpResponse:
    """Show how far the closing is; a part of the page that asks again until it is done."""
    cycle = cycle_for_actor(request.actor, cycle_id)
    job = job_status(request.actor, job_id)
    context = {"cycle": cycle, "job": job, "share": Decimal(job.percent or 0) / 100}
    return render(request, "reviews/_job.html", context)


@requires(VERIFY_CYCLE)
@require_POST
def cycle_verify(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Compute a closed cycle again and say whether every byte is the same."""
    done = recompute_cycle(actor=request.actor, cycle_id=cycle_id)
    if done.is_equal:
        messages.success(request, _("复算一致：{hash}").format(hash=done.computed[:16]))
    else:
        messages.error(request, _("复算不一致，请联系支持人员。"))
    return HttpResponseRedirect(reverse("reviews:cycle_detail", args=[cycle_id]))


@requires(EXPORT_SCORE)
def cycle_export(request: HttpRequest, cycle_id: UUID) -> HttpResponseBase:
    """Hand out the ranking as a workbook."""
    cycle = cycle_for_actor(request.actor, cycle_id)
    groups = report_rows(request.actor, cycle)
    columns, rows = _sheet(groups)
    payload = {"rows": len(rows)}
    record(request.actor, "reviews.score.export", subject=("reviews.review_cycle", cycle.id), payload=payload)
    return xlsx_response(f"{cycle.scorecard.label} {cycle.period.label}", columns, rows)


def _sheet(groups: list[ReportGroup]) -> tuple[list[str], list[list[object]]]:
    views = [view for group in groups for view in group.views]
    inputs = list(views[0].inputs_by_name) if views else []
    steps = list(views[0].step_names) if views else []
    head = [
        _("部门"),
        _("部门排名"),
        _("公司排名"),
        _("工号"),
        _("姓名"),
        *inputs,
        *steps,
        _("得分"),
        _("说明"),
    ]
    rows = [
        [
            view.unit, view.rank_in_unit, view.rank, view.number, view.name,
            *(view.inputs_by_name[name] for name in inputs), *(view.steps_by_name[name] for name in steps),
            view.value, reason_text(view.reason, get_language() or "zh"),
        ]
        for view in views
    ]  # fmt: skip
    return head, rows
