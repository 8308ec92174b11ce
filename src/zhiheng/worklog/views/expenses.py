"""Pages of travel expenses: the list, one claim from draft to paid, its print, and the rates."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.approvals.public import approval_of
from zhiheng.audit.public import record
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction
from zhiheng.worklog.choices import ClaimState
from zhiheng.worklog.forms.expenses import ClaimForm, LineForm, RateForm
from zhiheng.worklog.models import ExpenseClaim
from zhiheng.worklog.policies import MANAGE_RATE, PAY_CLAIM, READ_CLAIM, WRITE_CLAIM
from zhiheng.worklog.queries.expenses import (
    claim_for_actor,
    claims_for_actor,
    lines_of_claim,
    rates_for_actor,
)
from zhiheng.worklog.services.expenses import (
    OPEN,
    add_line,
    create_claim,
    delete_claim,
    pay_claim,
    refresh_claim,
    remove_line,
    save_rate,
    submit_claim,
    withdraw_claim,
)
from zhiheng.worklog.views.shared import act_and_return, form_page, posted, posted_files

STATES = {
    ClaimState.DRAFT.value: ("", ClaimState.DRAFT.label),
    ClaimState.SUBMITTED.value: ("warn", ClaimState.SUBMITTED.label),
    ClaimState.APPROVED.value: ("info", ClaimState.APPROVED.label),
    ClaimState.REJECTED.value: ("bad", ClaimState.REJECTED.label),
    ClaimState.PAID.value: ("ok", ClaimState.PAID.label),
}


def _page_of(claim_id: UUID) -> str:
    return reverse("worklog:claim_detail", args=[claim_id])


class ClaimList(ListPage):
    """Travel expense claims in scope; finance finds here what is to be paid."""

    key = "worklog.claim"
    title = gettext_lazy("差旅报销")
    template_name = "worklog/claim_list.html"
    columns = [
        Column(
            "number", gettext_lazy("报销单号"), sort="number", is_fixed=True, url=lambda row: _page_of(row.id)
        ),
        Column("person", gettext_lazy("员工"), value="person.name", sort="person__name"),
        Column("employee_number", gettext_lazy("工号"), value="person.employee_number", is_default=False),
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("first_on", gettext_lazy("开始日期"), kind="date", sort="first_on"),
        Column("last_on", gettext_lazy("结束日期"), kind="date", sort="last_on"),
        Column("amount", gettext_lazy("金额"), kind="money", sort="amount"),
        Column("currency", gettext_lazy("币种"), is_default=False),
        Column("submitted_at", gettext_lazy("提交时间"), kind="time", sort="submitted_at"),
        Column("paid_at", gettext_lazy("付款时间"), kind="time", sort="paid_at", is_default=False),
        Column("state", gettext_lazy("状态"), tags=STATES, sort="state"),
    ]
    filters = [
        ChoiceFilter("state", gettext_lazy("状态"), choices=ClaimState.choices, is_segmented=True),
        DateFilter("from", gettext_lazy("开始日期"), field="last_on__gte"),
        DateFilter("to", gettext_lazy("结束日期"), field="first_on__lte"),
    ]
    search_fields = ["number", "person__name", "person__employee_number"]
    search_label = gettext_lazy("报销单号 / 姓名 / 工号")
    default_sort = "-first_on"
    total_label = gettext_lazy("共 {count} 张")
    empty_icon = "credit-card"
    empty_title = gettext_lazy("还没有报销单")
    empty_text = gettext_lazy("完成拜访后，可以按期间一键生成报销单，里程和补贴自动算好。")

    def __init__(self, request: HttpRequest, **options: object) -> None:
        super().__init__(request, **options)
        if self._can_write():
            self.empty_action = (_("新建报销单"), reverse("worklog:claim_add"))

    def _can_write(self) -> bool:
        return self.actor.can(WRITE_CLAIM) and self.actor.person_id is not None

    def rows(self):
        return claims_for_actor(self.actor)

    def row_actions(self, row: ExpenseClaim):
        return [RowAction(_("明细"), _page_of(row.id))]

    def extra_context(self) -> dict[str, object]:
        return {"can_write": self._can_write(), "can_rate": self.actor.can(MANAGE_RATE)}

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "rows": count}
        record(self.actor, "worklog.claim.export", subject=("worklog.claim", ""), payload=payload)


@requires(READ_CLAIM)
def claim_list(request: HttpRequest) -> HttpResponseBase:
    """Show the claims."""
    return ClaimList(request).response()


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("差旅报销"), reverse("worklog:claim_list"))]


@requires(WRITE_CLAIM)
def claim_add(request: HttpRequest) -> HttpResponse:
    """Make a claim from the visits of a period."""
    today = timezone.localdate()
    form = ClaimForm(
        posted(request), actor=request.actor, initial={"first_on": today.replace(day=1), "last_on": today}
    )
    return form_page(
        request, form, title=_("新建报销单"), cancel=reverse("worklog:claim_list"), crumbs=_crumbs(),
        submit=_("从拜访生成"), done=_("报销单已生成，请核对后提交。"), go_to=_page_of,
        act=lambda values: create_claim(actor=request.actor, **values),
    )  # fmt: skip


@requires(READ_CLAIM)
def claim_detail(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Show a claim with its lines, its approval, and what can be done with it now."""
    claim = claim_for_actor(request.actor, claim_id)
    is_mine = claim.person_id == request.actor.person_id and request.actor.can(WRITE_CLAIM)
    context = {
        "claim": claim,
        "lines": lines_of_claim(claim),
        "approval": approval_of(claim.id),
        "can_edit": is_mine and claim.state in OPEN,
        "can_withdraw": is_mine and claim.state == ClaimState.SUBMITTED,
        "can_pay": request.actor.can(PAY_CLAIM) and claim.state == ClaimState.APPROVED,
        "state_tag": STATES[claim.state],
        "crumbs": [*_crumbs(), (claim.number, None)],
    }
    return render(request, "worklog/claim.html", context)


@requires(READ_CLAIM)
def claim_print(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Show a claim for paper, for those who must have it."""
    claim = claim_for_actor(request.actor, claim_id)
    context = {"claim": claim, "lines": lines_of_claim(claim), "approval": approval_of(claim.id)}
    return render(request, "worklog/claim_print.html", context)


@requires(WRITE_CLAIM)
def line_add(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Add something else with its receipt."""
    claim = claim_for_actor(request.actor, claim_id, WRITE_CLAIM)
    form = LineForm(
        posted(request), posted_files(request), actor=request.actor, initial={"on": claim.last_on}
    )
    return form_page(
        request, form, title=_("添加费用"), cancel=_page_of(claim_id), done=_("费用已添加。"),
        crumbs=[*_crumbs(), (claim.number, _page_of(claim_id))],
        act=lambda values: add_line(actor=request.actor, claim_id=claim_id, **values),
    )  # fmt: skip


@requires(WRITE_CLAIM)
@require_POST
def line_delete(request: HttpRequest, claim_id: UUID, line_id: UUID) -> HttpResponse:
    """Take a line out."""
    return act_and_return(
        request, lambda: remove_line(actor=request.actor, claim_id=claim_id, line_id=line_id),
        done=_("费用已删除。"), go_to=_page_of(claim_id),
    )  # fmt: skip


@requires(WRITE_CLAIM)
@require_POST
def claim_refresh(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Work the lines out again from the visits as they are now."""
    return act_and_return(
        request, lambda: refresh_claim(actor=request.actor, claim_id=claim_id),
        done=_("已按最新的拜访重新计算。"), go_to=_page_of(claim_id),
    )  # fmt: skip


@requires(WRITE_CLAIM)
@require_POST
def claim_submit(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Hand the claim in for approval."""
    return act_and_return(
        request, lambda: submit_claim(actor=request.actor, claim_id=claim_id), done=_("报销单已提交审批。"),
        go_to=_page_of(claim_id),
    )  # fmt: skip


@requires(WRITE_CLAIM)
@require_POST
def claim_withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Take the claim back."""
    return act_and_return(
        request, lambda: withdraw_claim(actor=request.actor, claim_id=claim_id), done=_("报销单已撤回。"),
        go_to=_page_of(claim_id),
    )  # fmt: skip


@requires(WRITE_CLAIM)
@require_POST
def claim_delete(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    try:
        delete_claim(actor=request.actor, claim_id=claim_id)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(_page_of(claim_id))
    return HttpResponseRedirect(reverse("worklog:claim_list"))


@requires(PAY_CLAIM)
@require_POST
def claim_pay(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Note that the claim was paid."""
    return act_and_return(
        request, lambda: pay_claim(actor=request.actor, claim_id=claim_id), done=_("已登记付款。"),
        go_to=_page_of(claim_id),
    )  # fmt: skip


@requires(MANAGE_RATE)
def rate_list(request: HttpRequest) -> HttpResponse:
    """Show what the subsidiaries pay, and since when."""
    context = {"rates": rates_for_actor(request.actor), "crumbs": [*_crumbs(), (_("差旅标准"), None)]}
    return render(request, "worklog/rate_list.html", context)


@requires(MANAGE_RATE)
def rate_set(request: HttpRequest) -> HttpResponse:
    """Say what a subsidiary pays from a day on."""
    form = RateForm(posted(request), actor=request.actor, initial={"from_on": timezone.localdate()})
    return form_page(
        request, form, title=_("设定差旅标准"), cancel=reverse("worklog:rate_list"), done=_("差旅标准已保存。"),
        act=lambda values: save_rate(actor=request.actor, **values),
        crumbs=[*_crumbs(), (_("差旅标准"), reverse("worklog:rate_list"))],
    )  # fmt: skip
