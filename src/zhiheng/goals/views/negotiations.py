"""Pages of negotiations: the list, opening them, and the room where both sides look at the same figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.goals.capacity import CapacityModel, capacity_models, number_of
from zhiheng.goals.choices import NegotiationState, Side
from zhiheng.goals.forms import NegotiationForm, OfferForm
from zhiheng.goals.models import Negotiation, TargetProposal
from zhiheng.goals.policies import MANAGE_GOAL, NEGOTIATE_GOAL, READ_GOAL
from zhiheng.goals.queries.goals import goals_for_actor
from zhiheng.goals.queries.negotiations import (
    Evidence,
    evidence_from,
    negotiation_for_actor,
    negotiations_for_actor,
    probability_of,
    proposals_of,
    side_of,
    waits_for,
)
from zhiheng.goals.services.negotiations import (
    Offer,
    accept_target,
    cancel_negotiation,
    impose_target,
    open_negotiation,
    propose_target,
)
from zhiheng.goals.tasks import open_negotiations_job
from zhiheng.jobs.public import start_job
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage

STATE_TAGS = {
    NegotiationState.OPEN: ("info", gettext_lazy("协商中")),
    NegotiationState.AGREED: ("ok", gettext_lazy("已达成一致")),
    NegotiationState.IMPOSED: ("warn", gettext_lazy("已单方下达")),
    NegotiationState.CANCELLED: ("", gettext_lazy("已取消")),
}
METHODS = {
    "level": gettext_lazy("近期水平：越近的期权重越大"),
    "trend": gettext_lazy("趋势：历史的中位斜率，按八成延续"),
    "season": gettext_lazy("季节：去年同期乘以最近的同比增长"),
    "index": gettext_lazy("季节指数：去除季节后的近期水平，乘以本季指数"),
}


def _percent(row: Negotiation) -> str:
    return f"{row.probability:.0%}" if row.probability is not None else "–"


class NegotiationList(ListPage):
    """The negotiations that the actor may see."""

    key = "goals.negotiation"
    title = gettext_lazy("目标协商")
    sub = gettext_lazy("目标在数据上谈出来：测算区间、达成概率、双方理由，签字后生效。")
    template_name = "goals/negotiation_list.html"
    columns = [
        Column(
            "person", gettext_lazy("员工"), value="person.name", sort="person__name", is_fixed=True,
            url=lambda row: reverse("goals:negotiation_detail", args=[row.id]),
        ),
        Column("org_unit", gettext_lazy("部门"), value="org_unit.name", sort="org_unit__name"),
        Column("metric", gettext_lazy("指标"), value="metric.label"),
        Column("period", gettext_lazy("期间"), value="period.label", sort="period__period_from"),
        Column("target", gettext_lazy("最新数字"), sort="target", kind="number"),
        Column("probability", gettext_lazy("达成概率"), value=_percent, sort="probability"),
        Column("state", gettext_lazy("状态"), tags=STATE_TAGS),
        Column("turn", gettext_lazy("等待"), value=lambda row: dict(Side.choices).get(waits_for(row), "–")),
        Column("opened_at", gettext_lazy("发起时间"), sort="opened_at", kind="time", is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("state", gettext_lazy("状态"), choices=NegotiationState.choices, is_segmented=True)
    ]
    search_fields = ["person__search_text", "metric__name"]
    search_label = gettext_lazy("员工 / 指标")
    default_sort = "-opened_at"
    total_label = gettext_lazy("共 {count} 次协商")
    empty_icon = "scale"
    empty_title = gettext_lazy("还没有目标协商")
    empty_text = gettext_lazy("选一个指标和期间发起，系统会给出每个人的测算区间。")

    def rows(self):
        return negotiations_for_actor(self.actor).defer("evidence")

    def extra_context(self):
        return {"can_open": self.actor.can(NEGOTIATE_GOAL)}


@requires(READ_GOAL)
def negotiation_list(request: HttpRequest) -> HttpResponseBase:
    """List the negotiations."""
    return NegotiationList(request).response()


@requires(NEGOTIATE_GOAL)
def negotiation_open(request: HttpRequest) -> HttpResponse:
    """Begin to negotiate with one person, or with everybody who has a past in a metric."""
    form = NegotiationForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            return _opened(request, form.cleaned_data)
        except ValidationError as error:
            form.refused(error)
    crumbs = [(_("目标协商"), reverse("goals:negotiation_list")), (_("发起协商"), None)]
    context = {
        "form": form, "title": _("发起协商"), "crumbs": crumbs, "cancel": reverse("goals:negotiation_list"),
    }  # fmt: skip
    return render(request, "goals/goal_form.html", context, status=422 if form.errors else 200)


def _opened(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    what = {"actor": request.actor, "metric_code": given["metric_code"], "period_id": given["period_id"]}
    if given["person_id"]:
        found = open_negotiation(person_id=given["person_id"], **what)
        return redirect("goals:negotiation_detail", found)
    job_id = start_job(
        request.actor, open_negotiations_job, detail=given["metric_code"],
        unique_key=f"{given['metric_code']} {given['period_id']}", metric_code=given["metric_code"],
        period_id=str(given["period_id"]), from_median=given["from_median"],
    )  # fmt: skip
    messages.success(request, _("正在后台发起，完成后可从这里打开结果。"))
    return redirect("jobs:run_detail", job_id)


@requires(READ_GOAL)
def negotiation_detail(request: HttpRequest, negotiation_id: UUID) -> HttpResponse:
    """Show the room: the range, what any number is worth, capacity, and the rounds so far."""
    return _room(request, negotiation_for_actor(request.actor, negotiation_id), OfferForm())


def _room(request: HttpRequest, negotiation: Negotiation, form: OfferForm) -> HttpResponse:
    evidence = evidence_from(negotiation.evidence)
    rounds = proposals_of(negotiation)
    side = side_of(request.actor, negotiation)
    is_open = negotiation.state == NegotiationState.OPEN
    goal = goals_for_actor(request.actor).filter(
        person_id=negotiation.person_id, metric_id=negotiation.metric_id, period_id=negotiation.period_id
    )
    may_speak = is_open and request.actor.can(NEGOTIATE_GOAL)
    context = {
        "negotiation": negotiation,
        "tag": STATE_TAGS[negotiation.state],
        "evidence": evidence,
        "places": min(negotiation.metric.places, 2),
        "method": METHODS.get(evidence.calibration.method, "") if evidence.calibration else "",
        "chart": _chart(negotiation, evidence, rounds),
        "rounds": _compared(rounds, evidence),
        "goal": goal.first(),
        "side": side,
        "may_speak": may_speak,
        "can_accept": may_speak and bool(rounds) and rounds[-1].side != side,
        "can_decide": may_speak and side == Side.COMPANY and request.actor.can(MANAGE_GOAL),
        "has_company_number": any(each.side == Side.COMPANY for each in rounds),
        "form": form,
        **_capacity(request, negotiation, evidence),
        "crumbs": [(_("目标协商"), reverse("goals:negotiation_list")), (negotiation.person.name, None)],
    }
    return render(request, "goals/negotiation.html", context, status=422 if form.errors else 200)


def _compared(rounds: list[TargetProposal], evidence: Evidence) -> list[tuple[TargetProposal, Any, Any]]:
    """Return the rounds, each with its difference to the round before and to the last actual, as shares."""
    found, before = [], None
    for each in rounds:
        step = each.target / before - 1 if before else None
        growth = each.target / evidence.last - 1 if evidence.last else None
        found.append((each, step, growth))
        before = each.target
    return found


def _chart(
    negotiation: Negotiation, evidence: Evidence, rounds: list[TargetProposal]
) -> dict[str, Any] | None:
    """Return the picture of the past, the range and the numbers put forward."""
    if not evidence.past:
        return None
    names = [f"{first:%Y-%m}" for first, _end, _value in evidence.past] + [negotiation.period.label]
    gaps = [None] * len(evidence.past)
    series: list[dict[str, Any]] = [
        {
            "name": _("实际"), "type": "bar", "barGap": "-100%",
            "data": [float(value) for *_days, value in evidence.past] + [None],
        }
    ]  # fmt: skip
    if evidence.calibration:
        low, high = float(evidence.calibration.p10), float(evidence.calibration.p90)
        series += [
            {
                "name": "P10", "type": "bar", "stack": "range", "data": [*gaps, low], "silent": True,
                "itemStyle": {"color": "transparent"}, "tooltip": {"show": False},
            },
            {
                "name": _("测算区间"), "type": "bar", "stack": "range", "data": [*gaps, high - low],
                "itemStyle": {"color": "var(--c3)"},
            },
        ]  # fmt: skip
    if rounds:
        points = {Side.COMPANY: _("公司"), Side.EMPLOYEE: _("员工本人")}
        series += [
            {
                "name": label, "type": "scatter", "symbolSize": 12,
                "data": [[negotiation.period.label, float(each.target)] for each in rounds if each.side == side],
            }
            for side, label in points.items()
        ]  # fmt: skip
    return {
        "legend": {"right": 0, "top": 0, "data": [each["name"] for each in series if each["name"] != "P10"]},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value"},
        "series": series,
    }


def _capacity(request: HttpRequest, negotiation: Negotiation, evidence: Evidence) -> dict[str, Any]:
    """Return the capacity models, the one that was asked for with its inputs, and what it comes to."""
    model = capacity_models().get(request.GET.get("model", ""))
    if model is None:
        return {"models": capacity_models().values(), "model": None}
    asked = {each.name: request.GET.get(each.name) for each in model.inputs}
    inputs = {
        name: _start(model, name, negotiation, evidence) if value is None else value
        for name, value in asked.items()
    }
    value = model.value(inputs, min(negotiation.metric.places, 2))
    return {
        "models": capacity_models().values(),
        "model": model,
        "inputs": [(each, inputs[each.name], number_of(inputs[each.name]) is None) for each in model.inputs],
        "capacity": value,
        "capacity_probability": probability_of(negotiation, value)
        if value is not None and value >= 0
        else None,
        "capacity_growth": value / evidence.last - 1 if value is not None and evidence.last else None,
    }


def _start(model: CapacityModel, name: str, negotiation: Negotiation, evidence: Evidence) -> str:
    """Return what an input starts with: what is known, else the figure of the example."""
    if name == "上期实际" and evidence.last is not None:
        return f"{evidence.last.normalize():f}"
    if name == "期间天数":
        return str((negotiation.period.period_to - negotiation.period.period_from).days)
    return next(each.default for each in model.inputs if each.name == name)


@requires(READ_GOAL)
def probability(request: HttpRequest, negotiation_id: UUID) -> HttpResponse:
    """Say what a number that is being typed is worth; a part of the room."""
    negotiation = negotiation_for_actor(request.actor, negotiation_id)
    target = number_of(request.GET.get("target", ""))
    last = evidence_from(negotiation.evidence).last
    is_usable = target is not None and target >= 0
    context = {
        "is_empty": not request.GET.get("target", "").strip(),
        "is_usable": is_usable,
        "found": probability_of(negotiation, target) if is_usable else None,
        "growth": target / last - 1 if is_usable and last else None,
    }
    return render(request, "goals/_probability.html", context)


@requires(NEGOTIATE_GOAL)
@require_POST
def propose(request: HttpRequest, negotiation_id: UUID) -> HttpResponse:
    """Put a number forward."""
    negotiation = negotiation_for_actor(request.actor, negotiation_id)
    form = OfferForm(request.POST)
    if form.is_valid():
        model = request.POST.get("model", "")
        known = capacity_models().get(model)
        inputs = {each.name: request.POST.get(each.name, "") for each in known.inputs} if known else {}
        offer = Offer(form.cleaned_data["target"], form.cleaned_data["reason"], model, inputs)
        try:
            propose_target(actor=request.actor, negotiation_id=negotiation.id, offer=offer)
        except ValidationError as error:
            form.refused(error)
    if form.errors:
        return _room(request, negotiation, form)
    messages.success(request, _("数字已提出，等待对方回应。"))
    return redirect("goals:negotiation_detail", negotiation.id)


@requires(NEGOTIATE_GOAL)
@require_POST
def negotiation_close(request: HttpRequest, negotiation_id: UUID) -> HttpResponse:
    """Sign, impose or cancel."""
    negotiation = negotiation_for_actor(request.actor, negotiation_id)
    named = {"actor": request.actor, "negotiation_id": negotiation.id}
    reason = request.POST.get("reason", "")
    try:
        match request.POST.get("act"):
            case "accept":
                accept_target(**named)
                messages.success(request, _("双方已签字，目标生效。"))
            case "impose":
                impose_target(**named, reason=reason)
                messages.success(request, _("目标已下达，并标明未经员工签字。"))
            case "cancel":
                cancel_negotiation(**named, reason=reason)
                messages.success(request, _("协商已取消。"))
            case _:
                raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("goals:negotiation_detail", negotiation.id)
