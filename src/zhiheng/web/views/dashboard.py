"""The dashboard: how the live period stands, for whoever looks; an employee sees their own part first."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.http import actor_of, signed_in
from zhiheng.goals.public import READ_GOAL, Overview, overview_for_actor
from zhiheng.people.public import headcount
from zhiheng.reviews.public import READ_SCORE, latest_scores

SHOWN, BEST = 10, 6


@signed_in
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the dashboard."""
    actor = actor_of(request)
    overview = overview_for_actor(actor, timezone.localdate(), shown=SHOWN) if actor.can(READ_GOAL) else None
    context = {
        "overview": overview,
        "shown": overview.best if overview else (),
        "mine": overview.mine if overview else (),
        "chart": _chart(overview) if overview and len(overview.totals) > 1 else None,
        "headcount": headcount(actor),
        "latest": latest_scores(actor, BEST) if actor.can(READ_SCORE) else None,
        "is_new": overview is None and _may_set_up(actor),
        "steps": _first_steps(actor),
    }
    return render(request, "web/dashboard.html", context)


def _may_set_up(actor: Actor) -> bool:
    return actor.can("dataimport.batch.read")


def _first_steps(actor: Actor) -> list[tuple[str, str, str]]:
    """Return what a new company does first: title, help, address."""
    upload = reverse("dataimport:batch_new")
    return [
        (
            _("导入组织"),
            _("部门和上下级关系；花名册里的部门要先在这里。"),
            f"{upload}?target=people.org_unit",
        ),
        (
            _("导入员工"),
            _("上传现有花名册，系统自动识别表头并逐格检查。"),
            f"{upload}?target=people.person",
        ),
        (
            _("接入业务数据"),
            _("订单、产量等记录是目标进度和得分的依据。"),
            reverse("integrations:source_list"),
        ),
        (_("定义指标与目标"), _("从数据流汇总指标，再为员工设定目标。"), reverse("metrics:metric_list")),
        (_("邀请同事"), _("按角色分配权限，每个人只看到自己该看的数据。"), reverse("access:member_list")),
    ]


def _chart(overview: Overview) -> dict[str, object]:
    return {
        "legend": {"right": 0, "top": 0},
        "grid": {"left": 8, "right": 8, "bottom": 8, "top": 36, "containLabel": True},
        "xAxis": {"type": "category", "data": [each.period for each in overview.totals]},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "bar", "name": _("目标值"), "data": [_number(each.target) for each in overview.totals],
             "itemStyle": {"color": "var(--line-strong)"}},
            {"type": "bar", "name": _("实际"), "data": [_number(each.actual) for each in overview.totals]},
        ],
    }  # fmt: skip


def _number(value: Decimal | None) -> int | None:
    return None if value is None else round(value)
