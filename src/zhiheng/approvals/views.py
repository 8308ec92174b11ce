"""The inbox of approvals, one request, and what approvers and applicants do with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access.errors import Forbidden
from zhiheng.access.http import requires
from zhiheng.approvals.forms import DecisionForm, WithdrawForm
from zhiheng.approvals.policies import DECIDE_REQUEST, READ_REQUEST, WITHDRAW_REQUEST
from zhiheng.approvals.queries.inbox import (
    ALL,
    DECIDED,
    STARTED,
    TABS,
    WAITING,
    inbox_page,
    inbox_row,
    kinds_shown,
    waiting_count,
)
from zhiheng.approvals.queries.requests import sees_others
from zhiheng.approvals.services.requests import decide_request, withdraw_request
from zhiheng.webkit.columns import printable

MOST_AT_ONCE = 100


@requires(READ_REQUEST)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits for the actor, what they decided, what they asked for, or all they may see."""
    actor = request.actor
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS and (tab != ALL or sees_others(actor)) else WAITING
    kinds = kinds_shown()
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(kinds) else ""
    text = printable(request.GET.get("q", ""))[:200]
    page = inbox_page(actor, tab, request.GET.get("page", 1), kind=kind, text=text)
    context = {
        "tab": tab,
        "tabs": _tabs(request, tab),
        "page": page,
        "kinds": kinds,
        "kind": kind,
        "q": text,
        "is_filtered": bool(kind or text),
        "total": _("共 {count} 条").format(count=f"{page.paginator.count:,}"),
        "can_select": tab == WAITING and any(row.can_decide for row in page.object_list),
    }
    template = "approvals/inbox.html#list" if request.htmx else "approvals/inbox.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    labels = {WAITING: _("待我审批"), DECIDED: _("我已处理"), STARTED: _("我发起的"), ALL: _("全部")}
    counts = {WAITING: waiting_count(request.actor)}
    return [
        {
            "label": labels[tab],
            "url": reverse("approvals:inbox") + ("" if tab == WAITING else f"?tab={tab}"),
            "current": tab == current,
            "count": counts.get(tab, ""),
        }
        for tab in TABS
        if tab != ALL or sees_others(request.actor)
    ]


@requires(READ_REQUEST)
@require_safe
def request_detail(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Show a request with its steps, and the form to decide it."""
    return _detail(request, approval_id)


def _detail(
    request: HttpRequest,
    approval_id: UUID,
    form: DecisionForm | None = None,
    withdrawal: WithdrawForm | None = None,
) -> HttpResponse:
    row = inbox_row(request.actor, approval_id)
    step = row.info.open_step
    context = {
        "row": row,
        "approval": row.info,
        "form": form or DecisionForm(initial={"step_id": step.id if step else None}),
        "withdrawal": withdrawal or WithdrawForm(),
        "crumbs": [(_("待我审批"), reverse("approvals:inbox")), (row.kind_label, None)],
    }
    used = [each for each in (form, withdrawal) if each is not None]
    context["errors"] = [error for each in used for error in each.non_field_errors()]
    is_bad = any(each.errors for each in used)
    return render(request, "approvals/request.html", context, status=422 if is_bad else 200)


@requires(DECIDE_REQUEST)
@require_POST
def request_decide(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Agree to a request or reject it, and go on to the next that waits."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        is_approved = form.cleaned_data["verdict"] == "approve"
        try:
            with transaction.atomic():
                decide_request(
                    actor=request.actor, approval_id=approval_id, step_id=form.cleaned_data["step_id"],
                    is_approved=is_approved, comment=form.cleaned_data["comment"],
                )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已同意。") if is_approved else _("已驳回。"))
            return redirect("approvals:inbox")
    return _detail(request, approval_id, form=form)


@requires(WITHDRAW_REQUEST)
@require_POST
def request_withdraw(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Take a pending request back."""
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                withdraw_request(
                    actor=request.actor, approval_id=approval_id, reason=form.cleaned_data["reason"]
                )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("申请已撤回。"))
            return HttpResponseRedirect(reverse("approvals:inbox") + "?tab=started")
    return _detail(request, approval_id, withdrawal=form)


@requires(DECIDE_REQUEST)
@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Agree to the chosen requests; each by itself, so that one that fails does not hold up the others."""
    chosen = [_pair(each) for each in request.POST.getlist("chosen")[:MOST_AT_ONCE]]
    done, failed = 0, []
    for pair in filter(None, chosen):
        try:
            with transaction.atomic():
                decide_request(
                    actor=request.actor, approval_id=pair[0], step_id=pair[1], is_approved=True,
                    comment=printable(request.POST.get("comment", ""))[:500],
                )  # fmt: skip
        except ValidationError as error:
            failed.append(" ".join(error.messages))
        except Forbidden as error:
            failed.append(_("没有权限：{label}").format(label=error.permission.label))
        else:
            done += 1
    if done:
        messages.success(request, ngettext("已同意 {n} 条申请。", "已同意 {n} 条申请。", done).format(n=done))
    for text in dict.fromkeys(failed):
        messages.error(request, text)
    if not chosen:
        messages.warning(request, _("请先勾选要同意的申请。"))
    return redirect("approvals:inbox")


def _pair(text: str) -> tuple[UUID, UUID] | None:
    """Return the request and the step of a box, which holds both; ``None`` if it does not."""
    try:
        request_id, step_id = (UUID(each) for each in text.split(":"))
    except ValueError:
        return None
    return request_id, step_id
