"""Closing a month: the checklist, the lock, opening again with a reason, adjustments; and the rules of settlement."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.attendance.explain import duration
from zhiheng.attendance.forms.settlement import SettlementForm
from zhiheng.attendance.models import AttendanceDay
from zhiheng.attendance.policies import CLOSE_MONTH, CONFIGURE_SETTLEMENT
from zhiheng.attendance.queries.months import (
    MonthCard,
    adjustments_for_actor,
    checklist,
    entity_for_actor,
    month_cards,
)
from zhiheng.attendance.queries.rules import settlement_rules
from zhiheng.attendance.services.months import lock_month, mark_month, unlock_month
from zhiheng.attendance.services.settlement_rules import set_settlement_rules
from zhiheng.attendance.views.months import ONE_DAY, month_bounds, month_of

MOST_ADJUSTMENTS = 200
CHECKS = {
    "ended": (gettext_lazy("月份已经结束"), "attendance:team_day"),
    "marks": (gettext_lazy("变更都已结算"), "attendance:team_day"),
    "waiting": (gettext_lazy("考勤日都已判定"), "attendance:team_day"),
    "missing": (gettext_lazy("每个人每天都有结果"), "attendance:month_table"),
    "unsynced": (gettext_lazy("考勤机都已上传"), "attendance:anomaly_list"),
    "reviews": (gettext_lazy("打卡都已复核"), "attendance:punch_review_list"),
    "requests": (gettext_lazy("申请都已审批"), "attendance:request_list"),
    "unresolved": (gettext_lazy("缺卡都已处理"), "attendance:anomaly_list"),
    "orphans": (gettext_lazy("时段外打卡都已核对"), "attendance:anomaly_list"),
    "unapproved": (gettext_lazy("未批准加班都已核实"), "attendance:anomaly_list"),
}


@requires(CLOSE_MONTH)
def month_close(request: HttpRequest) -> HttpResponse:
    """Show each subsidiary's month, and the adjustments that count in it; checklists are fetched one by one."""
    month = month_of(request.GET.get("month", ""))
    adjustments = adjustments_for_actor(request.actor, month)[:MOST_ADJUSTMENTS]
    context = {
        "month": month,
        "earlier": month - ONE_DAY,
        "later": month_bounds(month)[1] + ONE_DAY,
        "cards": [(card, _kept(card)) for card in month_cards(request.actor, month)],
        "adjustments": [(each, _words(each.figures)) for each in adjustments],
    }
    return render(request, "attendance/month_close.html", context)


def _kept(card: MonthCard) -> list[tuple[object, int]]:
    """Return what was open when a month was locked."""
    if card.row is None or not card.is_locked:
        return []
    return [(CHECKS[code][0], count) for code, count in card.row.checklist.items() if count]


@requires(CLOSE_MONTH)
def month_checklist(request: HttpRequest, legal_entity_id: UUID) -> HttpResponse:
    """Show what is still open about a subsidiary's month, with the button that locks it."""
    entity = entity_for_actor(request.actor, legal_entity_id)
    month = month_of(request.GET.get("month", ""))
    checks = checklist(entity.id, month, timezone.now())
    context = {
        "entity": entity,
        "month": month,
        "checks": [(*CHECKS[each.code], each) for each in checks],
        "is_ready": not any(each.is_blocking and each.count for each in checks),
        "open": sum(not each.is_done for each in checks),
        "crumbs": [
            (_("月度锁定"), f"{reverse('attendance:month_close')}?month={month:%Y-%m}"),
            (entity.name, None),
        ],
    }
    template = "attendance/_month_checks.html" if request.htmx else "attendance/month_checks.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _words(figures: dict[str, int]) -> str:
    return "、".join(
        f"{AttendanceDay._meta.get_field(name).verbose_name} {'+' if n > 0 else '−'}{duration(abs(n))}"
        for name, n in figures.items()
    )


@requires(CLOSE_MONTH)
@require_POST
def month_lock(request: HttpRequest, legal_entity_id: UUID) -> HttpResponse:
    """Lock a month."""
    entity = entity_for_actor(request.actor, legal_entity_id)
    month = month_of(request.POST.get("month", ""))
    try:
        lock_month(actor=request.actor, legal_entity_id=entity.id, month=month)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("{name}的考勤月已锁定。").format(name=entity.name))
    return _back(month)


@requires(CLOSE_MONTH)
@require_POST
def month_settle(request: HttpRequest, legal_entity_id: UUID) -> HttpResponse:
    """Settle all days of a month."""
    entity = entity_for_actor(request.actor, legal_entity_id)
    month = month_of(request.POST.get("month", ""))
    try:
        count = mark_month(actor=request.actor, legal_entity_id=entity.id, month=month)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("{count} 人天将在几分钟内重新结算。").format(count=count))
    return _back(month)


@requires(CLOSE_MONTH)
@require_POST
def month_unlock(request: HttpRequest, legal_entity_id: UUID) -> HttpResponse:
    """Open a locked month again."""
    entity = entity_for_actor(request.actor, legal_entity_id)
    month = month_of(request.POST.get("month", ""))
    reason = request.POST.get("reason", "")[:500]
    try:
        unlock_month(actor=request.actor, legal_entity_id=entity.id, month=month, reason=reason)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("{name}的考勤月已解锁，相关考勤日会重新结算。").format(name=entity.name))
    return _back(month)


def _back(month) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('attendance:month_close')}?month={month:%Y-%m}")


@requires(CONFIGURE_SETTLEMENT)
def settlement_settings(request: HttpRequest) -> HttpResponse:
    """Show and change the rules of settlement."""
    row = settlement_rules()
    form = SettlementForm(request.POST or None, instance=row)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            set_settlement_rules(actor=request.actor, values=form.cleaned_data)
            messages.success(request, _("结算规则已保存。以后的结算按新规则，已判定的日子不自动重算。"))
            return HttpResponseRedirect(reverse("attendance:settlement_settings"))
        status = 422
    crumbs = [(_("考勤设置"), reverse("attendance:settings")), (_("结算规则"), None)]
    context = {"form": form, "crumbs": crumbs}
    return render(request, "attendance/settlement_settings.html", context, status=status)
