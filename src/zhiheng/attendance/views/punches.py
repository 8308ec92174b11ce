"""Pages of punches: all of them, one with its evidence, and those that wait for a decision."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from zhiheng.access.http import requires
from zhiheng.attendance.choices import PunchMethod, PunchRisk, PunchSource, PunchState
from zhiheng.attendance.forms.reviews import ReviewForm
from zhiheng.attendance.models import Punch
from zhiheng.attendance.policies import READ_PUNCH, REVIEW_PUNCH
from zhiheng.attendance.queries.evidence import evidence_of
from zhiheng.attendance.queries.punches import (
    punch_for_actor,
    punches_for_actor,
    punches_to_review,
    reviews_of,
)
from zhiheng.attendance.queries.sites import site_choices
from zhiheng.attendance.services.reviews import review_punches
from zhiheng.audit.public import record
from zhiheng.faces.policies import SEE_PHOTO
from zhiheng.faces.public import enrolled_photo_ids
from zhiheng.files.public import read_file
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction

RISKS, METHODS, SOURCES = dict(PunchRisk.choices), dict(PunchMethod.choices), dict(PunchSource.choices)
STATES = {
    PunchState.COUNTED.value: ("ok", PunchState.COUNTED.label),
    PunchState.PENDING.value: ("warn", PunchState.PENDING.label),
    PunchState.REJECTED.value: ("bad", PunchState.REJECTED.label),
}
REVIEWS_A_PAGE = 20
DAY = dt.timedelta(days=1)


def risks_text(punch: Punch) -> str:
    """Return the flags of a punch in words."""
    return "、".join(str(RISKS.get(each, each)) for each in punch.risks)


def _from_day(rows, day: dt.date):
    return rows.filter(punched_at__gte=_midnight(day))


def _to_day(rows, day: dt.date):
    return rows.filter(punched_at__lt=_midnight(day) + DAY)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class PunchList(ListPage):
    """All raw punches that the reader may see."""

    key = "attendance.punch"
    title = gettext_lazy("打卡记录")
    sub = gettext_lazy("每一次打卡的原始记录，不能修改；有异常的由复核决定是否有效。")
    template_name = "attendance/punch_list.html"
    columns = [
        Column("person", gettext_lazy("员工"), value="person.name", sort="person__name", is_fixed=True,
               url=lambda row: reverse("attendance:punch_detail", args=[row.id])),
        Column("number", gettext_lazy("工号"), value="person.employee_number", sort="person__employee_number"),
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("punched_at", gettext_lazy("打卡时间"), sort="punched_at", kind="time"),
        Column("source", gettext_lazy("来源"), value=lambda row: SOURCES.get(row.source)),
        Column("method", gettext_lazy("方式"), value=lambda row: METHODS.get(row.method)),
        Column("site", gettext_lazy("打卡地点"), value="site.name"),
        Column("risks", gettext_lazy("风险标记"), value=risks_text),
        Column("state", gettext_lazy("状态"), tags=STATES),
        Column("device", gettext_lazy("打卡设备"), value="device.name", is_default=False),
        Column("wall_time", gettext_lazy("设备时间"), is_default=False),
        Column("received_at", gettext_lazy("接收时间"), kind="time", is_default=False),
        Column("distance", gettext_lazy("距地点（米）"), kind="number", is_default=False),
        Column("accuracy", gettext_lazy("定位精度（米）"), kind="number", is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("state", gettext_lazy("状态"), choices=PunchState.choices, is_segmented=True),
        ChoiceFilter("source", gettext_lazy("来源"), choices=PunchSource.choices),
        ChoiceFilter("risk", gettext_lazy("风险标记"), choices=PunchRisk.choices, field="risks__contains",
                     apply=lambda rows, value: rows.filter(risks__contains=[value])),
        ChoiceFilter("site", gettext_lazy("打卡地点"), choices=lambda page: site_choices(page.actor), field="site_id"),
        DateFilter("from", gettext_lazy("开始日期"), apply=_from_day),
        DateFilter("to", gettext_lazy("结束日期"), apply=_to_day),
    ]  # fmt: skip
    search_fields = ["person__search_text"]
    search_label = gettext_lazy("姓名 / 拼音 / 工号")
    default_sort = "-punched_at"
    total_label = gettext_lazy("共 {count} 次打卡")
    empty_icon = "fingerprint"
    empty_title = gettext_lazy("还没有打卡")
    empty_text = gettext_lazy("员工用手机、平板或考勤机打卡后，会显示在这里。")

    def rows(self):
        return punches_for_actor(self.actor)

    def row_actions(self, row):
        return [RowAction(_("查看"), reverse("attendance:punch_detail", args=[row.id]))]

    def extra_context(self):
        can_review = self.actor.can(REVIEW_PUNCH)
        return {"to_review": punches_to_review(self.actor).count() if can_review else None}

    def on_export(self, file_format: str, count: int) -> None:
        payload = {"format": file_format, "rows": count}
        record(self.actor, "attendance.punch.export", subject=("attendance.punch", ""), payload=payload)


@requires(READ_PUNCH)
def punch_list(request: HttpRequest) -> HttpResponseBase:
    """List punches."""
    return PunchList(request).response()


@requires(READ_PUNCH)
def punch_detail(request: HttpRequest, punch_id: UUID) -> HttpResponse:
    """Show a punch: when, where, how, what was odd, what was decided."""
    punch = punch_for_actor(request.actor, punch_id)
    actor = request.actor
    context = {
        "punch": punch,
        "evidence": evidence_of(punch, compares=True),
        "state_kind": STATES[punch.state][0],
        "state_label": STATES[punch.state][1],
        "method": METHODS.get(punch.method),
        "source": SOURCES.get(punch.source),
        "reviews": reviews_of(punch),
        "can_review": may_review(actor, punch),
        **_faces(actor, punch),
        "correction_url": _correction_url(punch) if punch.person_id == actor.person_id else "",
        "crumbs": [(_("打卡记录"), reverse("attendance:punch_list")), (punch.person.name, None)],
    }
    return render(request, "attendance/punch_detail.html", context)


def _faces(actor, punch: Punch) -> dict[str, object]:
    """Return the photos of the face behind a punch, for whoever may see such photos."""
    if punch.face_check_id is None or not actor.can(SEE_PHOTO):
        return {"can_see_face": False}
    return {"can_see_face": True, "enrolled_photo_ids": enrolled_photo_ids(punch.person_id)[:1]}


def may_review(actor, punch: Punch) -> bool:
    """Tell whether the actor may decide about a punch: in scope and not their own."""
    if not actor.can(REVIEW_PUNCH) or punch.person_id == actor.person_id:
        return False
    return actor.scope(REVIEW_PUNCH).has(
        person_id=punch.person_id, org_unit_id=punch.person.org_unit_id, legal_entity_id=punch.legal_entity_id
    )


def _correction_url(punch: Punch) -> str:
    """Return where one's own punch is disputed: a request for a correction of its day."""
    address = reverse("attendance:request_new", args=["correction"])
    return f"{address}?on={timezone.localdate(punch.punched_at)}"


@requires(READ_PUNCH)
@require_safe
def punch_photo(request: HttpRequest, punch_id: UUID) -> HttpResponse:
    """Show the evidence photo; looking at one is recorded."""
    punch = punch_for_actor(request.actor, punch_id)
    if punch.photo_id is None:
        raise Http404
    stored = read_file(request.actor, punch.photo_id)
    payload = {"person": punch.person_id}
    record(request.actor, "attendance.punch.photo", subject=("attendance.punch", punch.id), payload=payload)
    kind = "image/png" if stored.name.endswith("png") else "image/jpeg"
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(stored.content, content_type=kind, headers=headers)


@requires(REVIEW_PUNCH)
def punch_review_list(request: HttpRequest) -> HttpResponse:
    """Show the punches that wait for a decision, oldest first, with what speaks for and against them."""
    page = Paginator(punches_to_review(request.actor).order_by("punched_at", "id"), REVIEWS_A_PAGE).get_page(
        request.GET.get("page", 1)
    )
    context = {
        "page": page,
        "rows": [(each, evidence_of(each)) for each in page.object_list],
        "total": _("共 {count} 次打卡待复核").format(count=page.paginator.count),
        "crumbs": [(_("打卡记录"), reverse("attendance:punch_list")), (_("打卡复核"), None)],
    }
    return render(request, "attendance/punch_review_list.html", context)


@requires(REVIEW_PUNCH)
@require_POST
def punch_review(request: HttpRequest) -> HttpResponse:
    """Decide about one or more punches, and go back to where one was."""
    form = ReviewForm(request.POST)
    back = reverse("attendance:punch_review_list")
    if not form.is_valid():
        messages.error(request, _("没有找到要复核的打卡，请刷新页面。"))
        return HttpResponseRedirect(back)
    data = form.cleaned_data
    if request.POST.get("next") == "detail":
        back = reverse("attendance:punch_detail", args=[data["punch"][0]])
    try:
        count = review_punches(
            actor=request.actor, punch_ids=data["punch"], outcome=data["outcome"], reason=data["reason"]
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已复核 {count} 次打卡。").format(count=count))
    return HttpResponseRedirect(back)
