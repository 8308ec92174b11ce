"""Forms of terminals. They shape input; what is allowed is decided by the services."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.public import site_choices
from zhiheng.people.public import org_units, person_ids_by_number
from zhiheng.terminals.models import Terminal
from zhiheng.terminals.queries.terminals import entity_choices
from zhiheng.webkit.forms import RefusableForm

INDENT = "\u3000"
COMMON_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Asia/Ho_Chi_Minh", "Asia/Bangkok",
                "Asia/Kolkata", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC")  # fmt: skip


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TerminalsForm(RefusableForm):
    """A form that shows what a service refused."""


def _zone_field() -> forms.ChoiceField:
    choices = [(each, each) for each in COMMON_ZONES if each in available_timezones()]
    return forms.ChoiceField(
        label=_("时区"), choices=choices, initial="Asia/Shanghai", help_text=_("设备时钟所在的时区，设备按服务器校时。")
    )  # fmt: skip


def _ips_field() -> forms.CharField:
    return forms.CharField(
        label=_("允许的 IP 地址"), required=False, max_length=400,
        help_text=_("留空表示不限制；多个地址用空格分开。"),
    )  # fmt: skip


class _Addressed(TerminalsForm):
    """A form with a site, a zone and addresses."""

    actor: Actor

    def _set_sites(self) -> None:
        self.fields["site"].choices = [("", _t("不指定")), *site_choices(self.actor)]

    def clean_site(self) -> UUID | None:
        """Return the site's id."""
        return UUID(self.cleaned_data["site"]) if self.cleaned_data["site"] else None

    def clean_allowed_ips(self) -> list[str]:
        """Return the addresses one by one."""
        found = self.cleaned_data["allowed_ips"].replace(",", " ").replace("，", " ").split()
        for each in found:
            validate_ipv46_address(each)
        return found


class PairingForm(_Addressed):
    """A terminal that is about to connect."""

    serial_number = forms.CharField(
        label=_("序列号"), max_length=64, help_text=_("见设备背面标签，或设备菜单「系统信息」。")
    )
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("例如「一号车间大门」。"))
    legal_entity = forms.TypedChoiceField(label=_("法人实体"), coerce=UUID)
    site = forms.ChoiceField(label=_("打卡地点"), required=False)
    zone = _zone_field()
    key = forms.CharField(
        label=_("通信密钥"), max_length=64, required=False,
        help_text=_("设备支持时建议设置，只有密钥相符的设备才能接入。"),
    )  # fmt: skip
    allowed_ips = _ips_field()

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["legal_entity"].choices = entity_choices(actor)
        self._set_sites()

    def values(self) -> dict[str, object]:
        """Return what the service takes."""
        data = dict(self.cleaned_data)
        data["legal_entity_id"], data["site_id"] = data.pop("legal_entity"), data.pop("site")
        return data


class TerminalForm(_Addressed):
    """What people decide about a terminal that is known."""

    name = forms.CharField(label=_("名称"), max_length=120)
    site = forms.ChoiceField(label=_("打卡地点"), required=False)
    zone = _zone_field()
    allowed_ips = _ips_field()
    keep_days = forms.IntegerField(
        label=_("原始上传保留天数"), min_value=30, max_value=3650, help_text=_("打卡记录不受影响，一直保留。")
    )

    def __init__(self, *args: object, actor: Actor, terminal: Terminal, **kwargs: object) -> None:
        kwargs.setdefault(
            "initial",
            {
                "name": terminal.name, "site": str(terminal.site_id or ""), "zone": terminal.zone,
                "allowed_ips": " ".join(terminal.allowed_ips), "keep_days": terminal.keep_days,
            },
        )  # fmt: skip
        super().__init__(*args, **kwargs)
        self.actor = actor
        self._set_sites()

    def values(self) -> dict[str, object]:
        """Return what the service takes."""
        data = dict(self.cleaned_data)
        data["site_id"] = data.pop("site")
        return data


class SendPeopleForm(TerminalsForm):
    """Who is to be sent to a terminal: departments with all below them, or some by number."""

    units = forms.MultipleChoiceField(
        label=_("部门"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("包含下级部门的在职员工。"),
    )
    numbers = forms.CharField(
        label=_("工号"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("多个工号用空格、逗号或换行分开。"),
    )  # fmt: skip

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        found = org_units(today)
        if actor.legal_entity_ids is not None:
            found = [each for each in found if each.legal_entity_id in actor.legal_entity_ids]
        codes = {each.id: each.code for each in found}
        ordered = sorted(found, key=lambda unit: [codes.get(part, "") for part in unit.path])
        self.fields["units"].choices = [
            (str(each.id), f"{INDENT * (len(each.path) - 1)}{each.name}") for each in ordered
        ]

    def clean_numbers(self) -> list[UUID]:
        """Return who has the numbers; names those that nobody has."""
        numbers = self.cleaned_data["numbers"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        found = person_ids_by_number(numbers)
        missing = [each for each in numbers if each not in found]
        if missing:
            text = _t("没有工号为「{number}」的员工。")
            raise ValidationError([text.format(number=each) for each in missing[:5]])
        return list(found.values())

    def clean(self) -> dict[str, object]:
        """Ask for at least one."""
        data = super().clean()
        if not data.get("units") and not data.get("numbers") and not self.errors:
            raise ValidationError(_t("请选择部门，或填写工号。"))
        return data


class StretchForm(TerminalsForm):
    """Some days of a terminal."""

    first = forms.DateField(label=_("自"), widget=DayInput)
    last = forms.DateField(label=_("至"), widget=DayInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        today = timezone.localdate()
        kwargs.setdefault("initial", {"first": today - dt.timedelta(days=7), "last": today})
        super().__init__(*args, **kwargs)


class AssignForm(TerminalsForm):
    """Who has a PIN."""

    employee_number = forms.CharField(label=_("工号"), max_length=40)

    def clean_employee_number(self) -> UUID:
        """Return who has the number."""
        number = self.cleaned_data["employee_number"].strip()
        found = person_ids_by_number([number]).get(number)
        if found is None:
            raise ValidationError(_t("没有工号为「{number}」的员工。").format(number=number))
        return found
