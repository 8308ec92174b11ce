"""Pages of goals: everybody's of a period with live progress, one goal down to its records, one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.goals.choices import NegotiationState
from zhiheng.goals.forms import GoalForm
from zhiheng.goals.models import GoalOutlook
from zhiheng.goals.policies import MANAGE_GOAL, NEGOTIATE_GOAL, READ_GOAL
from zhiheng.goals.queries.goals import (
    GoalProgress,
    Standing,
    goal_for_actor,
    goals_for_actor,
    judged_on,
    progress_of_goals,
    revisions_of,
    standings,
    with_goals,
)
from zhiheng.goals.queries.negotiations import negotiations_for_actor
from zhiheng.goals.queries.outlooks import latest_outlook, warnings_for_actor
from zhiheng.goals.queries.shortfalls import explained, replies_of
from zhiheng.goals.services.goals import set_target
from zhiheng.goals.services.replies import reply_to_goal
from zhiheng.integrations.public import READ_RECORD, records_with_ids, stream_by_code
from zhiheng.metrics.public import PeriodInfo, all_metrics, periods
from zhiheng.webkit.lists import Column, ListPage

MOST_RECORDS, PAGE_SIZE = 500, 50


@requires(READ_GOAL)
def goal_list(request: HttpRequest) -> HttpResponse:
    """Show the goals of a period by department, with live progress."""
    known = periods()
    today = timezone.localdate()
    chosen = _chosen(known, request.GET.get("period", ""), today)
    day = judged_on(today)
    goals = goals_for_actor(request.actor)
    standing = standings(goals.filter(period_id=chosen.id), chosen, day) if chosen else []
    units = sorted({each.unit for each in standing})
    unit, text = request.GET.get("unit", ""), request.GET.get("q", "").strip().lower()
    shown = _ordered([each for each in standing if _matches(each, unit, text)])
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page", 1))
    rows = with_goals(request.actor, page.object_list)
    context = {
        "periods": known,
        "period": chosen,
        "units": units,
        "unit": unit,
        "q": request.GET.get("q", ""),
        "is_filtered": bool(unit or text),
        "groups": _groups(rows, shown),
        "page": page,
        "total": len(shown),
        "sum": _sum(shown),
        "metric": rows[0].goal.metric if rows else None,
        "day": day,
        "can_set": request.actor.can(MANAGE_GOAL),
        "has_person": request.actor.person_id is not None,
    }
    template = "goals/goal_list.html#list" if request.htmx else "goals/goal_list.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _chosen(known: list[PeriodInfo], code: str, today: dt.date) -> PeriodInfo | None:
    """Return the period asked for, else the one of today, else the latest."""
    asked = [each for each in known if each.code == code]
    current = [each for each in known if each.period_from <= today < each.period_to]
    return next(iter([*asked, *current, *known]), None)


def _matches(standing: Standing, unit: str, text: str) -> bool:
    return (not unit or standing.unit[0] == unit) and text in standing.words


def _ordered(standing: list[Standing]) -> list[Standing]:
    """Return goals by department, the furthest first."""
    furthest = sorted(standing, key=lambda row: row.progress.attainment or Decimal(-1), reverse=True)
    return sorted(furthest, key=lambda row: row.unit)


def _department(row: GoalProgress) -> tuple[str, str]:
    return row.goal.org_unit.code, row.goal.org_unit.name


def _groups(
    rows: Sequence[GoalProgress], everybody: list[Standing]
) -> list[tuple[str, list[GoalProgress], int, Decimal | None]]:
    """Return rows of a page by department, with how many goals all of it has and its attainment."""
    groups: dict[tuple[str, str], list[Standing]] = {}
    for each in everybody:
        groups.setdefault(each.unit, []).append(each)
    return [
        (name, list(part), len(groups[code, name]), _share(groups[code, name]))
        for (code, name), part in groupby(rows, _department)
    ]


def _share(rows: list[Standing]) -> Decimal | None:
    """Return what a group reached of its targets, where all are of one metric."""
    target = sum((row.progress.target for row in rows), Decimal(0))
    if len({row.metric_id for row in rows}) != 1 or not target:
        return None
    return sum((row.progress.actual for row in rows), Decimal(0)) / target


def _sum(rows: list[Standing]) -> dict[str, object] | None:
    """Return the totals above the list, where all goals are of one metric."""
    share = _share(rows)
    if share is None:
        return None
    return {
        "actual": sum((row.progress.actual for row in rows), Decimal(0)),
        "target": sum((row.progress.target for row in rows), Decimal(0)),
        "share": share,
        "reached": sum((row.progress.attainment or 0) >= 1 for row in rows),
        "elapsed": rows[0].progress.elapsed,
        "days_left": rows[0].progress.days_left,
    }


@requires(READ_GOAL)
def goal_detail(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Show a goal: where it stands, the records behind the actual value, and how the target was set."""
    goal = goal_for_actor(request.actor, goal_id)
    (standing,) = progress_of_goals([goal], judged_on(timezone.localdate()), has_records=True)
    context = {
        "goal": goal,
        "progress": standing.progress,
        "places": standing.places,
        "revisions": revisions_of(goal),
        "outlook": latest_outlook(goal),
        "crumbs": [
            (_("目标与进度"), f"{reverse('goals:goal_list')}?period={goal.period.code}"),
            (goal.person.name, None),
        ],
        **_records(request, standing),
    }
    return render(request, "goals/goal.html", context)


PARTS = {
    "target": (gettext_lazy("目标偏高"), gettext_lazy("目标高出历史测算中位数的部分")),
    "external": (gettext_lazy("外部因素"), gettext_lazy("同事整体偏离各自测算的部分")),
    "execution": (gettext_lazy("执行"), gettext_lazy("扣除外部因素后，本人与测算的差")),
    "data": (gettext_lazy("数据迟到"), gettext_lazy("期末 3 天以后才到达的数据")),
}


@requires(READ_GOAL)
def goal_shortfall(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Show why a goal was missed, and what people say about it; a part of its page, asked for later."""
    goal = goal_for_actor(request.actor, goal_id)
    found = explained(goal, timezone.localdate())
    parts = found.shortfall.parts if found else {}
    context = {
        "goal": goal,
        "places": min(goal.metric.places, 2),
        "explained": found,
        "parts": [
            (*PARTS[name], value, found.shortfall.share(name)) for name, value in parts.items() if found
        ],
        "main": PARTS[found.shortfall.main][0] if found else "",
        "replies": replies_of(goal),
        "can_reply": request.actor.can(NEGOTIATE_GOAL),
    }
    return render(request, "goals/_shortfall.html", context)


@requires(NEGOTIATE_GOAL)
@require_POST
def goal_reply(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """Say something about how a goal ended."""
    goal = goal_for_actor(request.actor, goal_id)
    try:
        reply_to_goal(actor=request.actor, goal_id=goal.id, text=request.POST.get("text", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("说明已保存。"))
    return HttpResponseRedirect(reverse("goals:goal_detail", args=[goal.id]))


def _records(request: HttpRequest, standing: GoalProgress) -> dict[str, object]:
    how = all_metrics()[standing.goal.metric.code].definition
    if how.formula or not request.actor.can(READ_RECORD):
        return {}
    stream = stream_by_code(how.stream)
    found = list(records_with_ids(request.actor, standing.record_ids))
    return {
        "records": [(each, each.payload.get(how.field)) for each in found[:MOST_RECORDS]],
        "record_count": len(found),
        "stream": stream,
        "counted": stream.field(how.field) if how.aggregate == "sum" else None,
    }


class WarningList(ListPage):
    """The goals that will more likely be missed than reached."""

    key = "goals.warning"
    title = gettext_lazy("预警")
    sub = gettext_lazy("按现在的进度和历史规律，期末更可能达不成的目标；每天早上更新。")
    columns = [
        Column(
            "person", gettext_lazy("员工"), value="person.name", sort="person__name", is_fixed=True,
            url=lambda row: reverse("goals:goal_detail", args=[row.goal_id]),
        ),
        Column("org_unit", gettext_lazy("部门"), value="org_unit.name", sort="org_unit__name"),
        Column("goal", gettext_lazy("目标"), value="goal.label"),
        Column("period", gettext_lazy("期间"), value="goal.period.label"),
        Column("target", gettext_lazy("目标值"), kind="number"),
        Column("actual", gettext_lazy("实际"), kind="number"),
        Column("p50", gettext_lazy("预计期末"), sort="p50", kind="number"),
        Column(
            "probability", gettext_lazy("达成概率"), value=lambda row: f"{row.probability:.0%}", sort="probability"
        ),
        Column("gap", gettext_lazy("预计差距"), value=lambda row: gap_text(row)),
        Column("on", gettext_lazy("数据截至"), sort="on", kind="date"),
    ]  # fmt: skip
    search_fields = ["person__search_text", "goal__metric__name"]
    search_label = gettext_lazy("员工 / 指标")
    default_sort = "probability"
    total_label = gettext_lazy("共 {count} 个目标")
    empty_icon = "circle-check"
    empty_title = gettext_lazy("没有预警")
    empty_text = gettext_lazy("进行中的目标都更可能达成，或者历史还太短。")

    def rows(self):
        return warnings_for_actor(self.actor)


def gap_text(row: GoalOutlook) -> str:
    """Say how far from the target the goal will probably end: ``5%–9%``; "" without a target."""
    if not row.target:
        return ""
    likely = sorted(abs(1 - each / row.target) for each in (row.p50, row.p10))
    return f"{likely[0]:.0%}–{likely[1]:.0%}"


@requires(READ_GOAL)
def warning_list(request: HttpRequest) -> HttpResponseBase:
    """List the goals in danger."""
    return WarningList(request).response()


@requires(READ_GOAL)
def my_goals(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's goals on a phone, the latest period first."""
    rows = goals_for_actor(request.actor).filter(person_id=request.actor.person_id)
    goals = list(rows.order_by("-period__period_from")[:8]) if request.actor.person_id else []
    standing = progress_of_goals(goals, judged_on(timezone.localdate()))
    talks = negotiations_for_actor(request.actor).filter(
        person_id=request.actor.person_id, state=NegotiationState.OPEN
    )
    context = {"standing": standing, "talks": talks if request.actor.person_id else []}
    return render(request, "goals/my_goals.html", context)


@requires(MANAGE_GOAL)
def goal_set(request: HttpRequest) -> HttpResponse:
    """Set one person's target."""
    form = GoalForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            goal_id = set_target(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("目标已设定。"))
            return HttpResponseRedirect(reverse("goals:goal_detail", args=[goal_id]))
    title = _("设定目标")
    crumbs = [(_("目标与进度"), reverse("goals:goal_list")), (title, None)]
    context = {"form": form, "title": title, "crumbs": crumbs, "cancel": reverse("goals:goal_list")}
    return render(request, "goals/goal_form.html", context, status=422 if form.errors else 200)
