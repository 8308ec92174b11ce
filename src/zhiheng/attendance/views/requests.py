"""Pages of requests: one's own on the phone, a new one, one with its history, everybody's, and the rules."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.approvals.public import approval_of, approvals_of
from zhiheng.attendance.choices import RequestKind, ShiftEnd, TimeRequestState
from zhiheng.attendance.forms.requests import FORMS, CancelForm, RequestForm, RulesForm
from zhiheng.attendance.models import TimeRequest
from zhiheng.attendance.policies import CONFIGURE_REQUEST, CREATE_REQUEST, READ_REQUEST
from zhiheng.attendance.queries.request_facts import (
    corrections_used,
    planned_ends,
    tenant_zone,
    today_of,
)
from zhiheng.attendance.queries.requests import (
    asked_of,
    kinds_open_to,
    own_requests,
    requests_for_actor,
    rules_row,
    time_request_for_actor,
)
from zhiheng.attendance.services.requests import (
    NeedsConfirmation,
    answer_swap,
    cancel_request,
    create_request,
    set_rules,
)
from zhiheng.attendance.services.requests.cancel import may_cancel
from zhiheng.attendance.wording import details_of, summary_of
from zhiheng.audit.public import record
from zhiheng.files.public import download_response, read_file
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction

MOST_OF_MINE = 60
ICONS = {
    RequestKind.OVERTIME: "hourglass",
    RequestKind.CORRECTION: "fingerprint",
    RequestKind.OUTING: "map-pin",
    RequestKind.TRIP: "briefcase",
    RequestKind.SWAP: "switch-horizontal",
}
TONES = {
    "asked": "warn", "pending": "info", "approved": "ok", "rejected": "bad", "declined": "bad", "withdrawn": "",
    "cancelled": "",
}  # fmt: skip


def _new_links(request: HttpRequest) -> list[dict[str, str]]:
    """Return the kinds of requests that the actor may make, with where to make them."""
    links = [
        {
            "label": str(kind.label),
            "icon": ICONS[kind],
            "url": reverse("attendance:request_new", args=[kind.value]),
        }
        for kind in kinds_open_to(request.actor, rules_row())
    ]
    return [*_leave_link(request), *links]


def _leave_link(request: HttpRequest) -> list[dict[str, str]]:
    """Return the link to ask for leave, where there is leave and the actor may ask for it."""
    if not request.actor.can("leave.request.create"):
        return []
    try:
        return [{"label": gettext("请假"), "icon": "beach", "url": reverse("leave:request_new")}]
    except NoReverseMatch:
        return []


# --- One's own --------------------------------------------------------------------------------------------------


@requires(READ_REQUEST)
@require_safe
def my_requests(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's requests on a phone, and the swaps that wait for their answer."""
    rows = list(own_requests(request.actor)[:MOST_OF_MINE])
    known = approvals_of(each.id for each in rows)
    return render(
        request,
        "attendance/my_requests.html",
        {
            "rows": [(each, summary_of(each), TONES[each.state], known.get(each.id)) for each in rows],
            "asked": [(each, summary_of(each)) for each in asked_of(request.actor)],
            "new_links": _new_links(request),
            "has_person": request.actor.person_id is not None,
        },
    )


@requires(CREATE_REQUEST)
def request_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Make a request; what is known of the day, such as by a link from a missing punch, is filled in."""
    if kind not in FORMS:
        raise Http404
    zone = tenant_zone()
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FORMS[kind](*given, actor=request.actor, zone=zone, initial=_initial(request, kind, zone))
    warnings: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = create_request(
                    actor=request.actor,
                    new=form.new_request(),
                    is_confirmed=request.POST.get("is_confirmed") == "1",
                )
        except NeedsConfirmation as question:
            warnings = question.messages
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, gettext("申请已提交。"))
            return redirect("attendance:request_detail", made)
    status = 422 if form.errors or warnings else 200
    return render(
        request, "attendance/request_form.html", _form_context(request, form, warnings), status=status
    )


def _form_context(request: HttpRequest, form: RequestForm, warnings: list[str]) -> dict[str, object]:
    title = gettext("申请{kind}").format(kind=form.kind.label)
    note = ""
    if form.kind == RequestKind.CORRECTION and request.actor.person_id:
        used = corrections_used(request.actor.person_id, today_of(tenant_zone()))
        note = gettext("本月已用 {used} 次，共 {quota} 次").format(
            used=used, quota=rules_row().correction_quota
        )
    return {
        "form": form,
        "title": title,
        "note": note,
        "warnings": warnings,
        "has_files": bool(form.files) and bool(warnings),
        "cancel": reverse("attendance:my_requests"),
        "crumbs": [(gettext("我的申请"), reverse("attendance:my_requests")), (title, None)],
    }


def _initial(request: HttpRequest, kind: str, zone: str) -> dict[str, object]:
    """Return what the link to the form says, and for a correction when the shift began or ended."""
    try:
        on = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return {"on": today_of(zone)}
    found: dict[str, object] = {"on": on, "to_on": on if kind == RequestKind.TRIP else None}
    if number := request.GET.get("person", "")[:40]:
        found["person_number"] = number
    end = request.GET.get("end", "")
    if kind == RequestKind.CORRECTION and end in ShiftEnd.values:
        found["end"] = end
        if request.actor.person_id and (ends := planned_ends(request.actor.person_id, on)):
            minute = ends[0] if end == ShiftEnd.IN else ends[1]
            found |= {"time": dt.time(minute // 60 % 24, minute % 60), "is_next_day": minute >= 1440}
    return found


# --- One request ------------------------------------------------------------------------------------------------


@requires(READ_REQUEST)
@require_safe
def request_detail(request: HttpRequest, time_request_id: UUID) -> HttpResponse:
    """Show a request with how far its approval is."""
    return _detail(request, time_request_id, CancelForm())


def _detail(request: HttpRequest, time_request_id: UUID, form: CancelForm) -> HttpResponse:
    found = time_request_for_actor(request.actor, time_request_id)
    me = request.actor.person_id
    is_asked = found.state == TimeRequestState.ASKED and me is not None and found.other_person_id == me
    context = {
        "found": found,
        "summary": summary_of(found),
        "details": [each for each in details_of(found) if not _is_link(each)],
        "tone": TONES[found.state],
        "approval": approval_of(found.id),
        "is_asked": is_asked,
        "can_cancel": may_cancel(request.actor, found),
        "is_approved": found.state == TimeRequestState.APPROVED,
        "form": form,
        "crumbs": [_back(request, found), (found.get_kind_display(), None)],
    }
    return render(request, "attendance/request.html", context, status=422 if form.errors else 200)


def _is_link(detail: tuple[object, object]) -> bool:
    """Tell whether a detail only points to the evidence, which the page links to itself."""
    return str(detail[0]) == gettext("凭证")


def _back(request: HttpRequest, found: TimeRequest) -> tuple[str, str]:
    if request.actor.person_id in (found.person_id, found.other_person_id):
        return gettext("我的申请"), reverse("attendance:my_requests")
    return gettext("考勤申请"), reverse("attendance:request_list")


@requires(CREATE_REQUEST)
@require_POST
def request_cancel(request: HttpRequest, time_request_id: UUID) -> HttpResponse:
    """Take a request back."""
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                cancel_request(
                    actor=request.actor, time_request_id=time_request_id, reason=form.cleaned_data["reason"]
                )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, gettext("申请已撤回。"))
            return redirect("attendance:request_detail", time_request_id)
    return _detail(request, time_request_id, form)


@requires(CREATE_REQUEST)
@require_POST
def request_answer(request: HttpRequest, time_request_id: UUID) -> HttpResponse:
    """Agree to swap a shift, or decline."""
    is_agreed = request.POST.get("answer") == "agree"
    try:
        with transaction.atomic():
            answer_swap(actor=request.actor, time_request_id=time_request_id, is_agreed=is_agreed)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        done = gettext("已同意换班，等待上级审批。") if is_agreed else gettext("已回复不同意换班。")
        messages.success(request, done)
    return HttpResponseRedirect(reverse("attendance:my_requests"))


@requires(READ_REQUEST)
@require_safe
def request_evidence(request: HttpRequest, time_request_id: UUID) -> HttpResponse:
    """Hand out the file that proves a request."""
    found = time_request_for_actor(request.actor, time_request_id)
    if found.evidence_id is None:
        raise Http404
    subject = ("attendance.time_request", found.id)
    record(request.actor, "attendance.time_request.download", subject=subject)
    return download_response(read_file(request.actor, found.evidence_id))


# --- Everybody's ------------------------------------------------------------------------------------------------


class RequestList(ListPage):
    """All requests in scope."""

    key = "attendance.request"
    title = _("考勤申请")
    sub = _("加班、补卡、外出、出差和换班；在“待我审批”中处理")
    template_name = "attendance/request_list.html"
    total_label = _("共 {count} 条申请")
    columns = [
        Column(
            "person", _("申请人"), value="person.name", sort="person__name", is_fixed=True,
            template="attendance/_request_person.html",
        ),
        Column("number", _("工号"), value="person.employee_number", sort="person__employee_number", is_default=False),
        Column("unit", _("部门"), value="org_unit.name", sort="org_unit__name"),
        Column("kind", _("类型"), value=lambda row: row.get_kind_display(), sort="kind"),
        Column("summary", _("申请摘要"), value=lambda row: str(summary_of(row))),
        Column("from_on", _("日期"), sort="from_on", kind="date"),
        Column(
            "minutes", _("加班时长（小时）"), value=lambda row: _hours(row), sort="minutes", kind="number",
            is_default=False,
        ),
        Column("reason", _("事由"), is_default=False),
        Column(
            "state", _("状态"), sort="state",
            tags={value: (TONES[value], label) for value, label in TimeRequestState.choices},
        ),
        Column("created_by", _("提交人"), is_default=False),
        Column("created_at", _("提交时间"), sort="created_at", kind="time"),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", _("类型"), choices=RequestKind.choices),
        ChoiceFilter("state", _("状态"), choices=TimeRequestState.choices),
        DateFilter("from", _("日期不早于"), field="to_on__gte"),
        DateFilter("to", _("日期不晚于"), field="from_on__lte"),
    ]
    search_fields = ["person__search_text", "reason", "place"]
    search_label = _("姓名 / 工号 / 事由")
    default_sort = "-created_at"
    empty_icon = "clipboard-check"
    empty_title = _("还没有考勤申请")
    empty_text = _("员工提交加班、补卡、外出、出差或换班后，会显示在这里。")

    def rows(self) -> QuerySet:
        return requests_for_actor(self.actor)

    def row_actions(self, row: TimeRequest) -> list[RowAction]:
        return [RowAction(_("查看"), reverse("attendance:request_detail", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        return {
            "new_links": _new_links(self.request),
            "can_configure": self.actor.can(CONFIGURE_REQUEST),
        }

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "count": count}
        subject = ("tenancy.tenant", self.actor.tenant_id)
        record(self.actor, "attendance.time_request.export", subject=subject, payload=payload)


def _hours(row: TimeRequest) -> float | None:
    return round(row.minutes / 60, 2) if row.minutes else None


@requires(READ_REQUEST)
@require_safe
def request_list(request: HttpRequest) -> HttpResponseBase:
    """Show the requests in scope."""
    return RequestList(request).response()


@requires(CONFIGURE_REQUEST)
def request_settings(request: HttpRequest) -> HttpResponse:
    """Set quotas, deadlines, limits, and who may ask for what."""
    form = RulesForm(request.POST if request.method == "POST" else None, row=rules_row())
    if request.method == "POST" and form.is_valid():
        set_rules(actor=request.actor, values=form.values())
        messages.success(request, gettext("申请规则已保存，对以后提交的申请生效。"))
        return redirect("attendance:request_settings")
    context = {
        "form": form,
        "cancel": reverse("attendance:request_list"),
        "crumbs": [(gettext("考勤申请"), reverse("attendance:request_list")), (gettext("申请规则"), None)],
    }
    return render(request, "attendance/request_settings.html", context, status=422 if form.errors else 200)
