"""Pages of metrics: the library, one metric with its values, its definition, and periods."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhiheng.access.http import requires
from zhiheng.metrics.choices import Direction, MetricKind
from zhiheng.metrics.forms import MetricForm, PeriodForm
from zhiheng.metrics.policies import MANAGE_METRIC, READ_METRIC, READ_OBSERVATION
from zhiheng.metrics.queries.definitions import (
    current_version,
    metric_for_actor,
    metrics_for_actor,
    names_for_formulas,
    periods,
    periods_for_actor,
)
from zhiheng.metrics.queries.library import library_for_actor
from zhiheng.metrics.queries.observations import observations_of_record
from zhiheng.metrics.queries.values import values_for_actor
from zhiheng.metrics.services.library import add_library_metrics
from zhiheng.metrics.services.metrics import check_definition, create_metric, redefine_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage

PAGE_SIZE = 50


class MetricList(ListPage):
    """The library of metrics."""

    key = "metrics.metric"
    title = gettext_lazy("指标")
    sub = gettext_lazy("每个指标写明怎么算；改动产生新版本，历史结果不受影响。")
    template_name = "metrics/metric_list.html"
    columns = [
        Column(
            "name", gettext_lazy("指标"), value="label", sort="name", is_fixed=True,
            url=lambda row: reverse("metrics:metric_detail", args=[row.id]),
        ),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("unit", gettext_lazy("单位")),
        Column("direction", gettext_lazy("方向"), value="get_direction_display"),
        Column("current_version", gettext_lazy("版本"), kind="number"),
    ]  # fmt: skip
    filters = [ChoiceFilter("direction", gettext_lazy("方向"), choices=Direction.choices)]
    search_fields = ["name", "name_en", "code"]
    search_label = gettext_lazy("指标名称 / 编码")
    default_sort = "name"
    total_label = gettext_lazy("共 {count} 个指标")
    empty_icon = "chart-dots"
    empty_title = gettext_lazy("还没有指标")
    empty_text = gettext_lazy("先定义一个：从哪条数据流、怎样汇总。")

    def rows(self):
        return metrics_for_actor(self.actor)

    def extra_context(self):
        return {"can_manage": self.actor.can(MANAGE_METRIC)}


class PeriodList(ListPage):
    """The periods that goals and reviews speak of."""

    key = "metrics.period"
    title = gettext_lazy("期间")
    template_name = "metrics/period_list.html"
    columns = [
        Column("name", gettext_lazy("期间"), value="label", sort="name", is_fixed=True),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("period_from", gettext_lazy("第一天"), sort="period_from", kind="date"),
        Column(
            "period_to", gettext_lazy("最后一天"), sort="period_to", kind="date",
            value=lambda row: row.period_to - dt.timedelta(days=1),
        ),
    ]  # fmt: skip
    search_fields = ["name", "name_en", "code"]
    default_sort = "-period_from"
    total_label = gettext_lazy("共 {count} 个期间")
    empty_icon = "calendar"
    empty_title = gettext_lazy("还没有期间")

    def rows(self):
        return periods_for_actor(self.actor)

    def extra_context(self):
        return {"can_manage": self.actor.can(MANAGE_METRIC)}


@requires(READ_METRIC)
def metric_list(request: HttpRequest) -> HttpResponseBase:
    """List the metrics."""
    return MetricList(request).response()


@requires(READ_METRIC)
def metric_detail(request: HttpRequest, metric_id: UUID) -> HttpResponse:
    """Show how a metric is computed and, for whom the actor may see, its values of a period."""
    metric = metric_for_actor(request.actor, metric_id)
    known = periods()
    asked = [each for each in known if each.code == request.GET.get("period")]
    chosen = next(iter(asked or known), None)
    rows = []
    if chosen and request.actor.can(READ_OBSERVATION):
        rows = values_for_actor(request.actor, metric, chosen)
    context = {
        "metric": metric,
        "version": current_version(metric),
        "versions": metric.versions.select_related("stream"),
        "periods": known,
        "period": chosen,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "can_manage": request.actor.can(MANAGE_METRIC),
        "crumbs": [(_("指标"), reverse("metrics:metric_list")), (metric.label, None)],
    }
    return render(request, "metrics/metric.html", context)


@requires(MANAGE_METRIC)
def metric_library(request: HttpRequest) -> HttpResponse:
    """Show the ready-made metrics, and take those chosen into use."""
    if request.method == "POST":
        try:
            added = add_library_metrics(actor=request.actor, codes=request.POST.getlist("code"))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            text = ngettext("已加入 {n} 个指标。", "已加入 {n} 个指标。", added)
            messages.success(request, text.format(n=added))
        return HttpResponseRedirect(reverse("metrics:metric_library"))
    rows = library_for_actor(request.actor)
    crumbs = [(_("指标"), reverse("metrics:metric_list")), (_("指标库"), None)]
    context = {"rows": rows, "can_add": any(each.can_add for each in rows), "crumbs": crumbs}
    return render(request, "metrics/metric_library.html", context)


@requires(MANAGE_METRIC)
def metric_create(request: HttpRequest) -> HttpResponse:
    """Define a metric."""
    form = MetricForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            metric_id = create_metric(actor=request.actor, **form.identity(), **form.definition())
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("指标已创建。"))
            return HttpResponseRedirect(reverse("metrics:metric_detail", args=[metric_id]))
    return _form_page(request, form, _("新建指标"), reverse("metrics:metric_list"))


@requires(MANAGE_METRIC)
def metric_redefine(request: HttpRequest, metric_id: UUID) -> HttpResponse:
    """Give a metric a new version."""
    metric = metric_for_actor(request.actor, metric_id)
    version = current_version(metric)
    initial = {
        "code": metric.code, "name": metric.name, "name_en": metric.name_en, "unit": metric.unit,
        "places": metric.places, "direction": metric.direction, "kind": version.kind, "field": version.field,
        "stream": version.stream.code if version.stream else "", "aggregate": version.aggregate,
        "formula": version.formula,
    }  # fmt: skip
    form = MetricForm(request.POST if request.method == "POST" else None, initial=initial, is_new=False)
    page = reverse("metrics:metric_detail", args=[metric.id])
    if request.method == "POST" and form.is_valid():
        try:
            number = redefine_metric(actor=request.actor, metric_id=metric.id, **form.definition())
        except ValidationError as error:
            _add_errors(form, error)
        else:
            text = _("已保存为版本 %(number)s；已关闭的考核仍用原来的版本。")
            messages.success(request, text % {"number": number})
            return HttpResponseRedirect(page)
    return _form_page(request, form, _("修改“%(name)s”的算法") % {"name": metric.label}, page)


@requires(MANAGE_METRIC)
def formula_check(request: HttpRequest) -> HttpResponse:
    """Check a formula while it is typed; answers with a fragment."""
    text = request.POST.get("formula", "")
    problem = ""
    if text.strip():
        try:
            check_definition(request.POST.get("code", ""), formula=text)
        except ValidationError as error:
            problem = " ".join(error.messages)
    return render(request, "metrics/_formula_check.html", {"text": text.strip(), "problem": problem})


@requires(READ_OBSERVATION)
def record_observations(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """List the observations that a record counts in; a part of the record's page."""
    rows = observations_of_record(request.actor, record_id)
    return render(request, "metrics/_record_observations.html", {"rows": rows})


@requires(READ_METRIC)
def period_list(request: HttpRequest) -> HttpResponseBase:
    """List the periods."""
    return PeriodList(request).response()


@requires(MANAGE_METRIC)
def period_create(request: HttpRequest) -> HttpResponse:
    """Add a period."""
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["period_to"] = data.pop("last_on") + dt.timedelta(days=1)
        try:
            create_period(actor=request.actor, **data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("期间已创建。"))
            return HttpResponseRedirect(reverse("metrics:period_list"))
    context = {"form": form, "title": _("新建期间"), "cancel": reverse("metrics:period_list")}
    return render(request, "metrics/period_form.html", context, status=422 if form.errors else 200)


def _add_errors(form, error: ValidationError) -> None:
    """Put a service's refusal at the fields it names, or above the form."""
    found = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, texts in found.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


def _form_page(request: HttpRequest, form: MetricForm, title: str, cancel: str) -> HttpResponse:
    context = {
        "form": form, "title": title, "cancel": cancel, "names": sorted(names_for_formulas()),
        "is_formula": form["kind"].value() == MetricKind.FORMULA,
        "crumbs": [(_("指标"), reverse("metrics:metric_list")), (title, None)],
    }  # fmt: skip
    return render(request, "metrics/metric_form.html", context, status=422 if form.errors else 200)
