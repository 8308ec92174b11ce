"""Pages of sites: list, form, who may punch there, the code at the door, a test of one's position."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from uuid import UUID

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.attendance.calc.doorcode import WINDOW_SECONDS, make_code
from zhiheng.attendance.calc.geo import place, to_wgs84
from zhiheng.attendance.choices import Datum, PunchMethod
from zhiheng.attendance.forms.sites import AssignmentForm, SiteForm
from zhiheng.attendance.models import Site
from zhiheng.attendance.policies import MANAGE_SITE
from zhiheng.attendance.queries.sites import (
    assignments_of_site,
    fence_of,
    site_for_actor,
    sites_for_actor,
)
from zhiheng.attendance.services.sites import assign_site, save_site, unassign_site
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

ACTIVE = {True: ("ok", gettext_lazy("启用")), False: ("", gettext_lazy("停用"))}
METHODS = dict(PunchMethod.choices)

# What the settings page links to: URL name, icon, title, text. Pages of other parts appear when they exist.
HUB = (
    ("attendance:site_list", "map-pin", gettext_lazy("打卡地点"), gettext_lazy("位置、范围、打卡方式和风险处理。")),
    (
        "attendance:device_list", "device-mobile", gettext_lazy("打卡设备"),
        gettext_lazy("门口的打卡平板、考勤机和它们的同步情况。"),
    ),
    (
        "attendance:punch_import_list", "file-spreadsheet", gettext_lazy("打卡文件"),
        gettext_lazy("导入考勤机导出的 attlog.dat。"),
    ),
    (
        "attendance:pin_list", "key", gettext_lazy("打卡密码与考勤号"),
        gettext_lazy("平板上用的密码，考勤机上的号码对应谁。"),
    ),
    (
        "attendance:request_settings", "clipboard-check", gettext_lazy("申请规则"),
        gettext_lazy("补卡次数与期限、加班上限，谁可以提交哪种申请。"),
    ),
    ("rosters:shift_list", "clock", gettext_lazy("班次"), gettext_lazy("上下班时间、休息、弹性与取整。")),
    ("rosters:rule_set_list", "scale", gettext_lazy("考勤规则"), gettext_lazy("迟到、早退、缺勤和加班怎么算。")),
    (
        "attendance:settlement_settings", "scale", gettext_lazy("结算规则"),
        gettext_lazy("迟到免计、缺卡逾期和加班上限。"),
    ),
    ("rosters:calendar_list", "calendar", gettext_lazy("工作日历"), gettext_lazy("法定节假日和调休。")),
    ("leave:type_list", "sun", gettext_lazy("假期类型"), gettext_lazy("各类假期的额度、单位和材料。")),
    ("terminals:terminal_list", "cpu", gettext_lazy("考勤机"), gettext_lazy("接入 ZKTeco 考勤机，下发人员。")),
    ("faces:enrolment_list", "user-check", gettext_lazy("人脸登记"), gettext_lazy("同意、登记和撤回。")),
)  # fmt: skip


@requires(MANAGE_SITE)
def settings(request: HttpRequest) -> HttpResponse:
    """Show what there is to set up."""
    cards = [
        {"url": url, "icon": icon, "title": title, "text": text}
        for name, icon, title, text in HUB
        if (url := _url(name))
    ]
    return render(request, "attendance/settings.html", {"cards": cards})


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


class SiteList(ListPage):
    """Sites."""

    key = "attendance.site"
    title = gettext_lazy("打卡地点")
    template_name = "attendance/site_list.html"
    columns = [
        Column(
            "name", gettext_lazy("名称"), sort="name", is_fixed=True,
            url=lambda row: reverse("attendance:site_detail", args=[row.id]),
        ),
        Column("code", gettext_lazy("编码"), sort="code"),
        Column("address", gettext_lazy("地址")),
        Column("methods", gettext_lazy("打卡方式"), value=lambda row: methods_text(row)),
        Column("extent", gettext_lazy("范围"), value=lambda row: extent_text(row)),
        Column("scope_count", gettext_lazy("适用范围"), sort="scope_count", kind="number"),
        Column("device_count", gettext_lazy("设备"), sort="device_count", kind="number"),
        Column("legal_entity", gettext_lazy("法人实体"), value="legal_entity.name", is_default=False),
        Column("is_active", gettext_lazy("状态"), tags=ACTIVE),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "active", gettext_lazy("状态"), choices=[("1", gettext_lazy("启用")), ("0", gettext_lazy("停用"))],
            is_segmented=True, apply=lambda rows, value: rows.filter(is_active=value == "1"),
        ),
    ]  # fmt: skip
    search_fields = ["name", "code", "address"]
    search_label = gettext_lazy("名称 / 编码 / 地址")
    default_sort = "code"
    total_label = gettext_lazy("共 {count} 个打卡地点")
    empty_icon = "map-pin"
    empty_title = gettext_lazy("还没有打卡地点")
    empty_text = gettext_lazy("添加办公室、工厂或门店的位置，员工就可以用手机打卡。")

    def rows(self):
        return sites_for_actor(self.actor)

    def row_actions(self, row):
        return [RowAction(_("修改"), reverse("attendance:site_edit", args=[row.id]))]

    def extra_context(self):
        self.empty_action = (_("添加打卡地点"), reverse("attendance:site_new"))
        self.crumbs = [(_("考勤设置"), reverse("attendance:settings")), (_("打卡地点"), None)]
        return {}


def methods_text(site: Site) -> str:
    """Return how people punch at a site, in words."""
    return "、".join(str(METHODS[each]) for each in site.methods)


def extent_text(site: Site) -> str:
    """Return how large a site is, in words."""
    if site.polygon:
        return _("多边形，{count} 个顶点").format(count=len(site.polygon))
    return _("半径 {radius} 米").format(radius=site.radius) if site.latitude is not None else ""


@requires(MANAGE_SITE)
def site_list(request: HttpRequest) -> HttpResponseBase:
    """List sites."""
    return SiteList(request).response()


@requires(MANAGE_SITE)
def site_edit(request: HttpRequest, site_id: UUID | None = None) -> HttpResponse:
    """Make or change a site."""
    site = site_for_actor(request.actor, site_id) if site_id else None
    form = SiteForm(request.POST or None, actor=request.actor, site=site)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_site(actor=request.actor, draft=form.draft(), site_id=site_id)
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("打卡地点已保存。"))
            return HttpResponseRedirect(reverse("attendance:site_detail", args=[saved]))
    title = site.name if site else _("添加打卡地点")
    context = {
        "form": form,
        "title": title,
        "crumbs": _crumbs((title, None)),
        "cancel": reverse("attendance:site_list"),
    }
    return render(request, "attendance/site_form.html", context, status=422 if form.errors else 200)


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [
        (_("考勤设置"), reverse("attendance:settings")),
        (_("打卡地点"), reverse("attendance:site_list")),
        *more,
    ]


@requires(MANAGE_SITE)
def site_detail(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Show a site, and take new rules of who may punch there."""
    site = site_for_actor(request.actor, site_id)
    form = AssignmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assign_site(actor=request.actor, site_id=site.id, **form.values())
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("适用范围已添加。"))
            return HttpResponseRedirect(reverse("attendance:site_detail", args=[site.id]))
    context = {
        "site": site,
        "form": form,
        "crumbs": _crumbs((site.name, None)),
        "extent": extent_text(site),
        "methods": methods_text(site),
        "assignments": assignments_of_site(site),
        "today": timezone.localdate(),
        "has_qr": PunchMethod.QR in site.methods,
        "tested": _tested(request, site),
        "datums": Datum.choices,
    }
    return render(request, "attendance/site.html", context, status=422 if form.errors else 200)


def _tested(request: HttpRequest, site: Site) -> dict[str, object] | None:
    """Return how far the position given in the query string is from the site."""
    try:
        point = float(Decimal(request.GET["lat"])), float(Decimal(request.GET["lon"]))
        accuracy = int(request.GET.get("accuracy") or 0)
    except (KeyError, ValueError, InvalidOperation):
        return None
    datum = request.GET.get("datum", Datum.WGS84)
    if abs(point[0]) > 90 or abs(point[1]) > 180 or datum not in Datum.values:
        return None
    found = place(to_wgs84(point, datum), fence_of(site), accuracy)
    return (
        None
        if found is None
        else {"distance": found.distance, "is_inside": found.is_inside, "accuracy": accuracy}
    )


@requires(MANAGE_SITE)
@require_POST
def site_unassign(request: HttpRequest, site_id: UUID, assignment_id: UUID) -> HttpResponse:
    """Take a rule of scope away."""
    unassign_site(actor=request.actor, site_id=site_id, assignment_id=assignment_id)
    messages.success(request, _("适用范围已移除。"))
    return HttpResponseRedirect(reverse("attendance:site_detail", args=[site_id]))


@requires(MANAGE_SITE)
def site_qr(request: HttpRequest, site_id: UUID) -> HttpResponse:
    """Show the code at the door, for a screen there; it renews itself."""
    site = site_for_actor(request.actor, site_id)
    now = timezone.now()
    context = {"site": site, "svg": door_svg(request, site, now), "seconds": WINDOW_SECONDS, "now": now}
    template = "attendance/site_qr.html#code" if request.htmx else "attendance/site_qr.html"
    answer = render(request, template, context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def door_svg(request: HttpRequest, site: Site, now: dt.datetime) -> SafeString:
    """Return the current code of a site as a picture: an address that any camera opens."""
    code = make_code(site.qr_secret, site.id, now)
    address = request.build_absolute_uri(f"{reverse('attendance:punch_page')}?door={code}")
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=8, border=2, omitsize=True, svgclass="hr-door-code"
    )
    return SafeString(drawn)  # drawn by the library from our own address
