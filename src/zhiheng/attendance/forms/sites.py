"""Forms of sites. They shape input; what is allowed is decided by the services."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.geo import from_wgs84
from zhiheng.attendance.choices import Datum, FlagAction, PunchMethod, PunchRisk
from zhiheng.attendance.models import Site
from zhiheng.attendance.queries.sites import DEFAULT_ACTIONS, action_of, legal_entities
from zhiheng.attendance.services.sites import WAYS, SiteDraft
from zhiheng.people.public import org_units, person_ids_by_number
from zhiheng.webkit.forms import RefusableForm

INDENT = "\u3000"
ACTION_FIELD = "action_"


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _coordinate(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=9, decimal_places=6, required=False, help_text=help_text
    )


class SiteForm(RefusableForm):
    """A site: where it lies, how people punch there, what is done about risks."""

    code = forms.CharField(label=_("编码"), max_length=40)
    name = forms.CharField(label=_("名称"), max_length=120)
    legal_entity = forms.TypedChoiceField(label=_("法人实体"), coerce=UUID)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    datum = forms.ChoiceField(
        label=_("坐标系"),
        choices=Datum,
        initial=Datum.GCJ02,
        help_text=_("高德、腾讯、企业微信、钉钉用 GCJ-02，百度用 BD-09，GPS 设备用 WGS-84。"),
    )
    latitude = _coordinate(_("纬度"), _("中心点，如 31.230416。在地图网站的“坐标拾取”中可以查到。"))
    longitude = _coordinate(_("经度"), _("如 121.473701。"))
    radius = forms.IntegerField(label=_("半径（米）"), initial=200, min_value=10, max_value=5000)
    corners = forms.CharField(
        label=_("多边形"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("园区不是圆形时填写：每行一个顶点“纬度, 经度”，至少三个；填写后不再看中心点和半径。"),
    )
    methods = forms.MultipleChoiceField(
        label=_("打卡方式"),
        choices=[(each.value, each.label) for each in WAYS],
        widget=forms.CheckboxSelectMultiple,
        initial=[PunchMethod.GPS, PunchMethod.QR],
        help_text=_("员工自己选用其中一种。人脸只对单独同意并登记的员工显示，且不能是唯一的方式。"),
    )
    wifi = forms.CharField(
        label=_("办公网络"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "每行一个：公司的出口网址段（如 203.0.113.0/24，浏览器打卡按它判断），"
            "或 Wi-Fi 的 BSSID（企业微信等应用内打卡可用）。"
        ),
    )
    zone = forms.CharField(label=_("时区"), max_length=40, initial="Asia/Shanghai")
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: object, actor: Actor, site: Site | None = None, **kwargs: object) -> None:
        super().__init__(*args, initial=_initial(site) if site else None, **kwargs)
        known = legal_entities(actor)
        self.fields["legal_entity"].choices = [(str(each), name) for each, name in known]
        if len(known) == 1:
            self.fields["legal_entity"].initial = str(known[0][0])
            self.fields["legal_entity"].widget = self.fields["legal_entity"].hidden_widget()
        actions = site.actions if site else {}
        for risk in PunchRisk:
            self.fields[f"{ACTION_FIELD}{risk}"] = forms.ChoiceField(
                label=risk.label, choices=FlagAction, initial=action_of(actions, risk), required=False
            )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Return the fields but those of risks."""
        return [each for each in self.visible_fields() if not each.name.startswith(ACTION_FIELD)]

    @property
    def action_fields(self) -> list[forms.BoundField]:
        """Return the fields of risks."""
        return [each for each in self if each.name.startswith(ACTION_FIELD)]

    def clean_corners(self) -> list[tuple[Decimal, Decimal]]:
        """Return the corners of the polygon, a line each."""
        lines = [each.strip() for each in self.cleaned_data["corners"].splitlines() if each.strip()]
        found = []
        for line in lines:
            parts = [each for each in re.split(r"[,，\s]+", line) if each]
            try:
                latitude, longitude = (Decimal(each) for each in parts)
            except (ValueError, InvalidOperation):
                raise ValidationError(_t("这一行不是“纬度, 经度”：{line}").format(line=line)) from None
            if not (abs(latitude) <= 90 and abs(longitude) <= 180):
                raise ValidationError(_t("这一行的坐标超出范围：{line}").format(line=line))
            found.append((latitude, longitude))
        return found

    def draft(self) -> SiteDraft:
        """Return the site as the service takes it."""
        data = self.cleaned_data
        actions = {
            risk.value: chosen
            for risk in PunchRisk
            if (chosen := data.get(f"{ACTION_FIELD}{risk}")) and chosen != DEFAULT_ACTIONS[risk]
        }
        same = (
            "code", "name", "methods", "address", "datum", "latitude", "longitude", "radius", "corners", "zone",
            "is_active",
        )  # fmt: skip
        return SiteDraft(
            legal_entity_id=data["legal_entity"],
            wifi=[each.strip() for each in data["wifi"].splitlines() if each.strip()],
            actions=actions,
            **{name: data[name] for name in same},
        )


def _initial(site: Site) -> dict[str, object]:
    """Return what the form shows of a site: places in the system they were entered in."""
    names = ("code", "name", "address", "datum", "radius", "methods", "zone", "is_active")
    found: dict[str, object] = {name: getattr(site, name) for name in names}
    found["legal_entity"] = str(site.legal_entity_id)
    found["wifi"] = "\n".join(site.wifi)
    if site.latitude is not None:
        point = from_wgs84((float(site.latitude), float(site.longitude)), site.datum)
        found["latitude"], found["longitude"] = (Decimal(f"{each:.6f}") for each in point)
    corners = (from_wgs84((latitude, longitude), site.datum) for latitude, longitude in site.polygon)
    found["corners"] = "\n".join(f"{latitude:.6f}, {longitude:.6f}" for latitude, longitude in corners)
    return found


class AssignmentForm(RefusableForm):
    """Who may punch at a site, and when."""

    org_unit = forms.TypedChoiceField(label=_("部门"), coerce=UUID, required=False, empty_value=None)
    person = forms.CharField(label=_("或工号"), max_length=40, required=False)
    from_on = forms.DateField(label=_("开始日期"), widget=DayInput())
    to_on = forms.DateField(label=_("结束日期"), widget=DayInput(), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = timezone.localdate()
        units = org_units(timezone.localdate())
        rows = sorted(units, key=lambda each: (len(each.path), each.code))
        self.fields["org_unit"].choices = [
            ("", "–"),
            *((str(each.id), f"{each.name}（{each.code}）") for each in rows),
        ]

    def clean_person(self) -> UUID | None:
        """Return the person with the number typed."""
        number = self.cleaned_data["person"].strip()
        if not number:
            return None
        found = person_ids_by_number([number])
        if number not in found:
            raise ValidationError(_t("没有工号为「{number}」的员工。").format(number=number))
        return found[number]

    def values(self) -> dict[str, object]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {
            "org_unit_id": data["org_unit"],
            "person_id": data["person"],
            "from_on": data["from_on"],
            "to_on": data["to_on"],
        }
