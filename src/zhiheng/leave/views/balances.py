"""Pages of balances: everybody's, the ledger of one, adjustments, service before."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.http import requires
from zhiheng.audit.public import record
from zhiheng.leave.choices import EntryKind
from zhiheng.leave.forms import AdjustForm, ServiceForm
from zhiheng.leave.models import LeaveAccount
from zhiheng.leave.policies import ADJUST_BALANCE, READ_BALANCE
from zhiheng.leave.queries.balances import (
    account_for_actor,
    accounts_for_actor,
    ledger_of,
    service_record_of,
    with_sums,
)
from zhiheng.leave.queries.types import leave_types
from zhiheng.leave.queries.wording import in_words, number_of
from zhiheng.leave.services.ledger import adjust_balance
from zhiheng.leave.services.records import set_service
from zhiheng.leave.views.common import act_on, tabs
from zhiheng.people.public import employments_by_person, org_units
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction

ENTRY_TONES = {
    EntryKind.GRANT: "ok", EntryKind.ACCRUE: "ok", EntryKind.CREDIT: "ok", EntryKind.OPEN: "ok",
    EntryKind.TAKE: "info", EntryKind.GIVE_BACK: "info", EntryKind.EXPIRE: "warn", EntryKind.ADJUST: "brand",
    EntryKind.CARRY: "",
}  # fmt: skip


def _amount(name: str):
    def value(row: LeaveAccount) -> str:
        return number_of(getattr(row, name), is_hourly=row.leave_type.is_hourly)

    return value


def _as_is(rows, value):
    """The value already shaped the rows."""
    return rows


def _in_unit(rows, value):
    return rows.filter(person__org_unit__path__contains=[value])


class BalanceList(ListPage):
    """Everybody's balances of every type, as of a day."""

    key = "leave.balance"
    title = gettext_lazy("假期")
    template_name = "leave/balance_list.html"
    columns = [
        Column("person", gettext_lazy("员工"), value="person.name", sort="person__employee_number",
               template="leave/_person_cell.html", is_fixed=True),
        Column("number", gettext_lazy("工号"), value="person.employee_number", sort="person__employee_number",
               is_default=False),
        Column("unit_name", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("type", gettext_lazy("假期类型"), value="leave_type.label", sort="leave_type__position"),
        Column("granted", gettext_lazy("获得"), value=_amount("granted"), sort="granted", kind="number"),
        Column("taken", gettext_lazy("已用"), value=_amount("taken"), sort="taken", kind="number"),
        Column("expired", gettext_lazy("到期"), value=_amount("expired"), sort="expired", kind="number"),
        Column("balance", gettext_lazy("余额"), value=_amount("balance"), sort="balance", kind="number"),
        Column("upcoming", gettext_lazy("已批未休"), value=_amount("upcoming"), sort="upcoming", kind="number"),
        Column("pending", gettext_lazy("审批中"), value=_amount("pending"), sort="pending", kind="number"),
        Column("available", gettext_lazy("可用"), value=_amount("available"), sort="available", kind="number"),
        Column("measure", gettext_lazy("单位"), value=lambda row: _("小时") if row.leave_type.is_hourly else _("天")),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "kind", gettext_lazy("假期类型"), field="leave_type__code",
            choices=lambda page: [(each.code, each.label) for each in leave_types() if each.has_balance],
        ),
        ChoiceFilter(
            "unit", gettext_lazy("部门"), apply=_in_unit,
            choices=lambda page: [(each.id, each.name) for each in org_units(timezone.localdate())],
        ),
        DateFilter("on", gettext_lazy("截至日期"), apply=_as_is),
    ]  # fmt: skip
    search_fields = ["person__search_text"]
    search_label = gettext_lazy("姓名 / 拼音 / 工号")
    default_sort = "person"
    empty_icon = "beach"
    empty_title = gettext_lazy("还没有假期余额")
    empty_text = gettext_lazy("启用假期类型后，系统每天为在职员工发放和更新余额；也可以导入现有余额。")

    @property
    def on(self) -> dt.date:
        """Return the day the list shows."""
        chosen = next(value for each, value in self.bound_filters if each.name == "on")
        return chosen or timezone.localdate()

    @property
    def sub(self) -> str:
        """Say which day the list is about."""
        return _("截至 {day}").format(day=f"{self.on:%Y-%m-%d}")

    def rows(self):
        return with_sums(accounts_for_actor(self.actor).filter(leave_type__is_active=True), self.on)

    def row_actions(self, row: object) -> list[RowAction]:
        actions = [RowAction(_("流水"), reverse("leave:account_ledger", args=[row.id]), is_drawer=True)]
        if self.actor.can(ADJUST_BALANCE):
            actions.append(RowAction(_("调整"), reverse("leave:account_adjust", args=[row.id])))
        return actions

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "rows": count, "on": self.on}
        record(
            self.actor, "leave.leaveaccount.export", subject=("tenancy.tenant", self.actor.tenant_id), payload=payload
        )  # fmt: skip

    def extra_context(self) -> dict[str, object]:
        return {"tabs": tabs(self.actor, "leave:balance_list"), "can_import": self.actor.can(ADJUST_BALANCE)}


@requires(READ_BALANCE)
def balance_list(request: HttpRequest) -> HttpResponseBase:
    """List the balances in the actor's scope."""
    return BalanceList(request).response()


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("假期余额"), reverse("leave:balance_list")), *more]


@requires(READ_BALANCE)
def account_ledger(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show how a balance came about, line by line; in the drawer, or as a page."""
    account = account_for_actor(request.actor, account_id)
    is_hourly = account.leave_type.is_hourly
    lines = [
        {
            "line": line,
            "tone": ENTRY_TONES[EntryKind(line.kind)],
            "amount": number_of(line.amount, is_hourly=is_hourly),
            "is_plus": line.amount > 0,
            "balance": number_of(line.balance_after, is_hourly=is_hourly),
        }
        for line in ledger_of(account)
    ]
    context = {
        "account": account,
        "lines": lines[::-1],
        "balance": in_words(account.balance, is_hourly=is_hourly),
        "service": service_record_of(account.person_id) if account.leave_type.basis == "service" else None,
        "hired_on": employments_by_person([account.person_id])[account.person_id].hired_on,
        "can_adjust": request.actor.can(ADJUST_BALANCE),
        "crumbs": _crumbs((f"{account.person.name} · {account.leave_type.label}", None)),
    }
    template = "leave/ledger.html" + ("#drawer" if request.htmx else "")
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


@requires(ADJUST_BALANCE)
def account_adjust(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Add to a balance or take away, with a reason."""
    account = account_for_actor(request.actor, account_id)
    is_hourly = account.leave_type.is_hourly
    form = AdjustForm(
        request.POST if request.method == "POST" else None, is_hourly=is_hourly, initial={"on": timezone.localdate()}
    )  # fmt: skip
    page = reverse("leave:account_ledger", args=[account.id])
    return act_on(
        request, form, lambda values: adjust_balance(actor=request.actor, account_id=account.id, **values),
        title=_("调整余额"), done=_("余额已调整。"), go_to=page, cancel=page, submit=_("调整"),
        crumbs=_crumbs((f"{account.person.name} · {account.leave_type.label}", page)),
        note=_("现在的余额：{balance}。").format(balance=in_words(account.balance, is_hourly=is_hourly)),
    )  # fmt: skip


@requires(ADJUST_BALANCE)
def service_set(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Keep how long somebody had worked before they came."""
    account = accounts_for_actor(request.actor).filter(person_id=person_id).first()
    if account is None:
        raise Http404
    known = service_record_of(person_id)
    initial = (
        {"first_worked_on": known.first_worked_on, "months_before": known.months_before, "note": known.note}
        if known
        else {}
    )
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    page = reverse("leave:account_ledger", args=[account.id])
    return act_on(
        request, ServiceForm(*posted, initial=initial),
        lambda values: set_service(actor=request.actor, person_id=person_id, **values),
        title=_("登记工龄"), done=_("工龄已登记，年休假在下次每日更新时重新计算。"), go_to=page, cancel=page,
        crumbs=_crumbs((account.person.name, page)),
        note=_("年休假按所有单位的累计工作年限计算，不只是在本企业的年限。"),
    )  # fmt: skip
