"""Checks for those who look after them: the list, one with its photo."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhiheng.access.http import requires
from zhiheng.faces.choices import CheckKind, CheckState, reason_label, reason_text
from zhiheng.faces.policies import READ_FACE, SEE_PHOTO
from zhiheng.faces.queries.checks import check_for_actor, checks_for_actor, count_since, month_ago
from zhiheng.faces.services.photos import reveal_check_photo
from zhiheng.faces.views.shared import face_tabs, photo_response
from zhiheng.webkit.lists import ChoiceFilter, Column, DateFilter, ListPage, RowAction
from zhiheng.webkit.templatetags.ui import localdate

STATE_TAGS = {
    CheckState.PASSED.value: ("ok", CheckState.PASSED.label),
    CheckState.REVIEW.value: ("warn", CheckState.REVIEW.label),
    CheckState.REFUSED.value: ("bad", CheckState.REFUSED.label),
}


class CheckList(ListPage):
    """Checks, latest first."""

    key = "faces.check"
    title = gettext_lazy("人脸核验")
    template_name = "faces/check_list.html"
    columns = [
        Column("checked_at", gettext_lazy("时间"), sort="checked_at", kind="time", is_fixed=True),
        Column("name", gettext_lazy("员工"), value="person.name", sort="person__name"),
        Column("unit", gettext_lazy("部门"), value="person.org_unit.name", sort="person__org_unit__name"),
        Column("kind", gettext_lazy("类型"), value=lambda row: row.get_kind_display(), is_default=False),
        Column("state", gettext_lazy("结果"), tags=STATE_TAGS),
        Column("reason", gettext_lazy("原因"), value=lambda row: reason_label(row.reason)),
        Column("score", gettext_lazy("相似度"), sort="score", kind="number"),
        Column("turned_score", gettext_lazy("转头相似度"), sort="turned_score", kind="number", is_default=False),
        Column("moved", gettext_lazy("转头幅度"), kind="number", is_default=False),
        Column("checked_by", gettext_lazy("操作人"), is_default=False),
        Column("browser_id", gettext_lazy("手机标识"), is_default=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("state", gettext_lazy("结果"), choices=CheckState.choices, is_segmented=True),
        ChoiceFilter("kind", gettext_lazy("类型"), choices=CheckKind.choices),
        DateFilter("from", gettext_lazy("从"), field="checked_at__date__gte"),
    ]
    search_fields = ["person__search_text", "person__name"]
    search_label = gettext_lazy("姓名 / 工号")
    default_sort = "-checked_at"
    empty_icon = "face-id"
    empty_title = gettext_lazy("还没有人脸核验")
    empty_text = gettext_lazy("员工用人脸打卡后，每一次核验都会显示在这里，未通过的也在内。")

    def rows(self):
        return checks_for_actor(self.actor)

    def row_actions(self, row: object) -> list[RowAction]:
        return [RowAction(_("查看"), reverse("faces:check_detail", args=[row.id]))]

    def extra_context(self) -> dict[str, object]:
        found = count_since(self.actor, month_ago(timezone.now()))
        reasons = [(reason_label(code), count) for code, count in found.reasons[:5]]
        return {"tabs": face_tabs(self.request, "checks"), "count": found, "reasons": reasons}


@requires(READ_FACE)
def check_list(request: HttpRequest) -> HttpResponseBase:
    """List checks."""
    return CheckList(request).response()


@requires(READ_FACE)
@require_safe
def check_detail(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Show a check with its figures, the thresholds that held, and its photo while it is kept."""
    check = check_for_actor(request.actor, check_id)
    context = {
        "check": check,
        "reason_text": reason_text(check.reason),
        "can_see": request.actor.can(SEE_PHOTO),
        "crumbs": [(_("人脸核验"), reverse("faces:check_list")), (localdate(check.checked_at, "time"), None)],
    }
    return render(request, "faces/check_detail.html", context)


@requires(SEE_PHOTO)
@require_safe
def check_photo(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Show the photo of a check; recorded."""
    check = check_for_actor(request.actor, check_id, SEE_PHOTO)
    jpeg = reveal_check_photo(actor=request.actor, check_id=check_id)
    return photo_response(jpeg, check.person.name if check.person else _("未识别"))
