"""Pages of devices and PINs: tablets with their pairing codes, who may type what at the door."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiheng.access.http import requires
from zhiheng.attendance.choices import DeviceKind
from zhiheng.attendance.forms.kiosk import KioskForm, MyPinForm, PinOwnerForm, SetPinForm
from zhiheng.attendance.policies import CREATE_PUNCH, MANAGE_SITE
from zhiheng.attendance.queries.pins import has_pin, pin_owners_for_actor, pins_for_actor
from zhiheng.attendance.queries.sites import company_slug, device_for_actor, devices_for_actor
from zhiheng.attendance.services.kiosks import PAIRING_LASTS, add_kiosk, offer_pairing, stop_kiosk
from zhiheng.attendance.services.pins import disown_pin, own_pin, remove_pin, set_pin
from zhiheng.webkit.lists import ChoiceFilter, Column, ListPage, RowAction

ACTIVE = {True: ("ok", gettext_lazy("启用")), False: ("", gettext_lazy("停用"))}
KINDS = dict(DeviceKind.choices)


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("考勤设置"), reverse("attendance:settings")), *more]


class DeviceList(ListPage):
    """What sends punches of many people."""

    key = "attendance.punch_device"
    title = gettext_lazy("打卡设备")
    template_name = "attendance/device_list.html"
    columns = [
        Column("name", gettext_lazy("名称"), sort="name", is_fixed=True),
        Column("kind", gettext_lazy("类型"), value=lambda row: KINDS.get(row.kind), sort="kind"),
        Column("site", gettext_lazy("打卡地点"), value="site.name"),
        Column("code", gettext_lazy("序列号"), sort="code"),
        Column("synced_until", gettext_lazy("已同步至"), sort="synced_until", kind="time"),
        Column("is_active", gettext_lazy("状态"), tags=ACTIVE),
    ]
    filters = [ChoiceFilter("kind", gettext_lazy("类型"), choices=DeviceKind.choices)]
    search_fields = ["name", "code"]
    search_label = gettext_lazy("名称 / 序列号")
    default_sort = "code"
    total_label = gettext_lazy("共 {count} 台设备")
    empty_icon = "device-mobile"
    empty_title = gettext_lazy("还没有打卡设备")
    empty_text = gettext_lazy("在车间门口放一台平板，没有手机的员工也能打卡。")

    def rows(self):
        return devices_for_actor(self.actor)

    def row_actions(self, row):
        if row.kind != DeviceKind.KIOSK:
            return ()
        return [RowAction(_("配对"), reverse("attendance:kiosk_setup", args=[row.id]))]

    def extra_context(self):
        self.empty_action = (_("添加打卡平板"), reverse("attendance:kiosk_new"))
        self.crumbs = _crumbs((_("打卡设备"), None))
        return {}


@requires(MANAGE_SITE)
def device_list(request: HttpRequest) -> HttpResponseBase:
    """List devices."""
    return DeviceList(request).response()


@requires(MANAGE_SITE)
def kiosk_new(request: HttpRequest) -> HttpResponse:
    """Set up a tablet."""
    form = KioskForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            device_id = add_kiosk(
                actor=request.actor, site_id=data["site"], name=data["name"], uses_face=data["uses_face"]
            )
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("打卡平板已添加，请生成配对码。"))
            return HttpResponseRedirect(reverse("attendance:kiosk_setup", args=[device_id]))
    return _form_page(request, form, _("添加打卡平板"), reverse("attendance:device_list"))


def _form_page(request: HttpRequest, form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "cancel": back, "crumbs": _crumbs((title, None))}
    return render(request, "attendance/simple_form.html", context, status=422 if form.errors else 200)


@requires(MANAGE_SITE)
def kiosk_setup(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Show a tablet; make a pairing code, or take the pairing away."""
    device = device_for_actor(request.actor, device_id)
    code = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "stop":
                stop_kiosk(actor=request.actor, device_id=device.id)
                messages.success(request, _("配对已取消，这台平板不能再打卡。"))
            else:
                code = offer_pairing(actor=request.actor, device_id=device.id)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        device = device_for_actor(request.actor, device_id)
    context = {
        "device": device,
        "kiosk": getattr(device, "kiosk", None),
        "code": code,
        "company": company_slug(),
        "minutes": int(PAIRING_LASTS.total_seconds() // 60),
        "address": request.build_absolute_uri(reverse("attendance:kiosk_pair")),
        "crumbs": _crumbs((_("打卡设备"), reverse("attendance:device_list")), (device.name, None)),
    }
    return render(request, "attendance/kiosk_setup.html", context)


@requires(MANAGE_SITE)
def pin_list(request: HttpRequest) -> HttpResponse:
    """Show who has a PIN for the door and whose numbers the PINs of terminals are; set and take away."""
    forms = {"pin": SetPinForm(prefix="pin"), "owner": PinOwnerForm(prefix="owner")}
    do = request.POST.get("do", "")
    if request.method == "POST" and do in forms:
        form = forms[do] = type(forms[do])(request.POST, prefix=do)
        if form.is_valid() and _carry_out(request, do, form):
            return HttpResponseRedirect(reverse("attendance:pin_list"))
    context = {
        "form": forms["pin"],
        "owner_form": forms["owner"],
        "pins": pins_for_actor(request.actor).order_by("person__employee_number")[:500],
        "owners": pin_owners_for_actor(request.actor)[:500],
        "crumbs": _crumbs((_("打卡密码与考勤号"), None)),
    }
    is_wrong = any(form.errors for form in forms.values())
    return render(request, "attendance/pin_list.html", context, status=422 if is_wrong else 200)


def _carry_out(request: HttpRequest, do: str, form) -> bool:
    data = form.cleaned_data
    act = set_pin if do == "pin" else own_pin
    try:
        act(actor=request.actor, person_id=data["person"], pin=data["pin"])
    except ValidationError as error:
        form.refused(error)
        return False
    messages.success(request, _("已保存。"))
    return True


@requires(MANAGE_SITE)
@require_POST
def pin_remove(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take somebody's PIN away."""
    remove_pin(actor=request.actor, person_id=person_id)
    messages.success(request, _("打卡密码已清除。"))
    return HttpResponseRedirect(reverse("attendance:pin_list"))


@requires(MANAGE_SITE)
@require_POST
def pin_owner_remove(request: HttpRequest, pin_owner_id: UUID) -> HttpResponse:
    """Forget whose number a PIN is."""
    disown_pin(actor=request.actor, pin_owner_id=pin_owner_id)
    messages.success(request, _("考勤号对照已移除。"))
    return HttpResponseRedirect(reverse("attendance:pin_list"))


@requires(CREATE_PUNCH)
def my_pin(request: HttpRequest) -> HttpResponse:
    """Set one's own PIN for the door."""
    person_id = request.actor.person_id
    form = MyPinForm(request.POST or None)
    if request.method == "POST" and person_id and form.is_valid():
        try:
            set_pin(actor=request.actor, person_id=person_id, pin=form.cleaned_data["pin"])
        except ValidationError as error:
            form.refused(error)
        else:
            messages.success(request, _("打卡密码已设置。"))
            return HttpResponseRedirect(reverse("attendance:punch_page"))
    context = {
        "form": form,
        "has_person": person_id is not None,
        "has_pin": bool(person_id and has_pin(person_id)),
    }
    return render(request, "attendance/my_pin.html", context, status=422 if form.errors else 200)
