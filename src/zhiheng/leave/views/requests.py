"""Pages of requests: asking with a live preview, one request, all in scope, one's own on the phone."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhiheng.access.actor import Actor
from zhiheng.access.http import requires
from zhiheng.approvals.public import approval_of
from zhiheng.files.public import download_response, read_file
from zhiheng.leave.choices import LeaveState
from zhiheng.leave.forms import CancelForm, LeaveForm
from zhiheng.leave.models import LeaveRequest, LeaveType
from zhiheng.leave.policies import CANCEL_LEAVE, READ_LEAVE, REQUEST_LEAVE
from zhiheng.leave.queries.balances import balances_of
from zhiheng.leave.queries.quotes import limit_for_person, quote_leave, types_for_person
from zhiheng.leave.queries.requests import (
    person_to_request_for,
    request_for_actor,
    requests_for_actor,
    requests_of_person,
)
from zhiheng.leave.queries.types import leave_types
from zhiheng.leave.queries.wording import in_words, number_of
from zhiheng.leave.services.requests import cancel_leave, request_leave, when
from zhiheng.leave.views.common import act_on, tabs
from zhiheng.people.public import org_units
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction

STATES = {
    LeaveState.PENDING.value: ("info", LeaveState.PENDING.label),
    LeaveState.APPROVED.value: ("ok", LeaveState.APPROVED.label),
    LeaveState.REJECTED.value: ("bad", LeaveState.REJECTED.label),
    LeaveState.WITHDRAWN.value: ("", LeaveState.WITHDRAWN.label),
    LeaveState.CANCELLED.value: ("", LeaveState.CANCELLED.label),
}
HISTORY = 30


def _in_unit(rows, value):
    return rows.filter(person__org_unit__path__contains=[value])


class RequestList(ListPage):
    """Requests for leave in scope."""

    key = "leave.request"
    title = gettext_lazy("请假单")
    template_name = "leave/request_list.html"
    columns = [
        Column("person", gettext_lazy("员工"), value="person.name", sort="person__employee_number",
               template="leave/_request_cell.html", is_fixed=True),
        Column("number", gettext_lazy("工号"), value="person.employee_number", is_default=False),
        Column("unit_name", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("type", gettext_lazy("假期类型"), value="leave_type.label", sort="leave_type__position"),
        Column("when", gettext_lazy("时间"), value=lambda row: str(when(row)), sort="from_on"),
        Column("length", gettext_lazy("时长"),
               value=lambda row: str(in_words(row.amount, is_hourly=row.leave_type.is_hourly))),
        Column("reason", gettext_lazy("事由"), is_default=False),
        Column("requested_at", gettext_lazy("提交时间"), sort="requested_at", kind="time"),
        Column("state", gettext_lazy("状态"), sort="state", tags=STATES),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "kind", gettext_lazy("假期类型"), field="leave_type__code",
            choices=lambda page: [(each.code, each.label) for each in leave_types()],
        ),
        ChoiceFilter(
            "unit", gettext_lazy("部门"), apply=_in_unit,
            choices=lambda page: [(each.id, each.name) for each in org_units(timezone.localdate())],
        ),
        DateFilter("since", gettext_lazy("不早于"), field="to_on__gte"),
        ChoiceFilter("state", gettext_lazy("状态"), choices=LeaveState.choices, is_segmented=True),
    ]  # fmt: skip
    search_fields = ["person__search_text"]
    search_label = gettext_lazy("姓名 / 拼音 / 工号")
    default_sort = "-when"
    empty_icon = "beach"
    empty_title = gettext_lazy("还没有请假单")
    empty_text = gettext_lazy("员工在手机或电脑上提交的请假会显示在这里。")

    def rows(self):
        return requests_for_actor(self.actor)

    def row_actions(self, row: object) -> list[RowAction]:
        return [RowAction(_("查看"), reverse("leave:request_detail", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        return {
            "tabs": tabs(self.actor, "leave:request_list"),
            "can_request": self.actor.can(REQUEST_LEAVE),
        }


@requires(READ_LEAVE)
def request_list(request: HttpRequest) -> HttpResponseBase:
    """List the requests in the actor's scope."""
    return RequestList(request).response()


@requires(READ_LEAVE)
@require_safe
def my_leave(request: HttpRequest) -> HttpResponse:
    """Show one's own balances as cards and one's requests, on the phone."""
    person_id = request.actor.person_id
    today = timezone.localdate()
    kinds = {each.code: each for each in leave_types().filter(is_active=True)}
    cards = [
        {
            "kind": kinds[each.type_code],
            "left": number_of(each.left, is_hourly=each.is_hourly),
            "unit": _("小时") if each.is_hourly else _("天"),
            "share": each.left / each.entitled if each.entitled > 0 else 0,
            "taken": in_words(each.taken, is_hourly=each.is_hourly),
            "pending": in_words(each.pending, is_hourly=each.is_hourly) if each.pending else "",
            "expires_on": each.expires_on,
        }
        for each in (balances_of(person_id, today) if person_id else [])
    ]
    history = list(requests_of_person(person_id)[:HISTORY]) if person_id else []
    context = {
        "cards": cards,
        "others": [each for each in kinds.values() if not each.has_balance],
        "history": [_line(each) for each in history],
        "can_request": request.actor.can(REQUEST_LEAVE),
        "has_person": person_id is not None,
    }
    return render(request, "leave/my_leave.html", context)


def _line(request: LeaveRequest) -> dict[str, object]:
    tone, label = STATES[request.state]
    return {
        "leave": request,
        "when": when(request),
        "amount": in_words(request.amount, is_hourly=request.leave_type.is_hourly),
        "tone": tone,
        "state": label,
    }


@requires(REQUEST_LEAVE)
def request_new(request: HttpRequest) -> HttpResponse:
    """Choose a type, then ask for leave of it."""
    kinds = list(leave_types().filter(is_active=True))
    kind = _chosen(kinds, request.GET.get("type", ""))
    back = reverse("leave:my_leave")
    if kind is None:
        context = {
            "kinds": types_for_person(request.actor.person_id, kinds),
            "balances": _left_by_code(request.actor),
            "title": _("请假"),
            "cancel": back,
        }
        return render(request, "leave/request_types.html", context)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LeaveForm(*posted, actor=request.actor, kind=kind)
    return act_on(
        request, form, lambda values: request_leave(actor=request.actor, **values), title=kind.label,
        done=_("请假已提交，等待审批。"), go_to=lambda key: reverse("leave:request_detail", args=[key]), cancel=back,
        submit=_("提交申请"), template="leave/request_new.html", kind=kind,
        rule=limit_for_person(request.actor.person_id, kind, timezone.localdate()),
    )  # fmt: skip


def _chosen(kinds: list[LeaveType], text: str) -> LeaveType | None:
    return next((each for each in kinds if text in (each.code, str(each.id))), None)


def _left_by_code(actor: Actor) -> dict[str, object]:
    if actor.person_id is None:
        return {}
    return {
        each.type_code: in_words(each.left, is_hourly=each.is_hourly)
        for each in balances_of(actor.person_id, timezone.localdate())
    }


@requires(REQUEST_LEAVE)
@require_safe
def request_quote(request: HttpRequest) -> HttpResponse:
    """Answer the live preview: what a leave would cost and what would be left."""
    kind = _chosen(list(leave_types().filter(is_active=True)), request.GET.get("type", ""))
    if kind is None:
        return render(request, "leave/_quote.html")
    form = LeaveForm(request.GET, actor=request.actor, kind=kind, is_quote=True)
    context: dict[str, object] = {"kind": kind}
    if form.is_valid() and form.person_id:
        person_to_request_for(request.actor, form.person_id)
        quote = quote_leave(form.person_id, kind, form.span, has_attachment=True)
        is_hourly = kind.is_hourly
        context |= {
            "quote": quote,
            "amount": in_words(quote.amount, is_hourly=is_hourly),
            "hours": number_of(quote.minutes, is_hourly=True),
            "before": None if quote.left_before is None else in_words(quote.left_before, is_hourly=is_hourly),
            "after": None if quote.left_after is None else in_words(quote.left_after, is_hourly=is_hourly),
        }
    return render(request, "leave/_quote.html", context)


@requires(READ_LEAVE)
@require_safe
def request_detail(request: HttpRequest, leave_request_id: UUID) -> HttpResponse:
    """Show a request: when, how long, each day, its approval."""
    return _detail(request, request_for_actor(request.actor, leave_request_id), CancelForm())


def _detail(request: HttpRequest, found: LeaveRequest, form: CancelForm) -> HttpResponse:
    scope = request.actor.scope(CANCEL_LEAVE) if request.actor.can(CANCEL_LEAVE) else None
    can_cancel = scope is not None and scope.has(
        person_id=found.person_id, org_unit_id=found.person.org_unit_id, legal_entity_id=found.legal_entity_id
    )
    context = {
        **_line(found),
        "days": list(found.days.order_by("on")),
        "approval": approval_of(found.id),
        "form": form,
        "is_open": found.state in (LeaveState.PENDING, LeaveState.APPROVED),
        "is_approved": found.state == LeaveState.APPROVED,
        "can_cancel": can_cancel,
        "crumbs": [(_("请假单"), reverse("leave:request_list")), (found.person.name, None)],
    }
    return render(request, "leave/request.html", context, status=422 if form.errors else 200)


@requires(CANCEL_LEAVE)
def request_cancel(request: HttpRequest, leave_request_id: UUID) -> HttpResponse:
    """Take a request back, or end a leave earlier."""
    found = request_for_actor(request.actor, leave_request_id)
    form = CancelForm(request.POST if request.method == "POST" else None)
    page = reverse("leave:request_detail", args=[leave_request_id])
    if request.method != "POST":
        return _detail(request, found, CancelForm())
    return act_on(
        request, form,
        lambda values: cancel_leave(
            actor=request.actor, request_id=leave_request_id, reason=values["reason"], back_on=values["back_on"]
        ),
        title=_("撤回或销假"), done=_("已撤回。"), go_to=page, cancel=page,
        crumbs=[(_("请假单"), reverse("leave:request_list")), (found.person.name, page)],
    )  # fmt: skip


@requires(READ_LEAVE)
@require_safe
def request_attachment(request: HttpRequest, leave_request_id: UUID) -> HttpResponse:
    """Hand out the attachment of a request."""
    found = request_for_actor(request.actor, leave_request_id)
    if found.attachment_id is None:
        raise Http404
    return download_response(read_file(request.actor, found.attachment_id))
