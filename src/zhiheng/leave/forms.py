"""Forms of leave. They shape input; what is allowed is decided by the services."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.actor import Actor
from zhiheng.files.public import MAX_BYTES
from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.choices import Half, LeaveUnit, Region
from zhiheng.leave.models import LeaveRule, LeaveType
from zhiheng.leave.policies import REQUEST_LEAVE
from zhiheng.people.public import person_ids_by_number
from zhiheng.webkit.forms import RefusableForm

QUOTED = {"data-quote": ""}
"""Marks the fields that the live preview sends."""
LARGEST = 20 * 1024 * 1024


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self, **attrs: str) -> None:
        super().__init__(format="%H:%M", attrs=attrs)


def attachment_of(upload: UploadedFile | None) -> tuple[str, bytes] | None:
    """Return the name and content of an uploaded file."""
    return (str(upload.name), upload.read()) if upload else None


class UploadField(forms.FileField):
    """A file of at most 20 MB."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse a file that is too large before it is read."""
        found = super().clean(data, initial)
        if found and found.size > min(LARGEST, MAX_BYTES):
            raise ValidationError(_("文件太大：最多 20 MB。"))
        return found


class LeaveForm(RefusableForm):
    """From when to when, and why; the fields follow the type's unit."""

    number = forms.CharField(
        label=gettext_lazy("工号"), max_length=40, required=False, widget=forms.TextInput(attrs=QUOTED),
        help_text=gettext_lazy("为他人申请时填写；留空为本人。"),
    )  # fmt: skip
    from_on = forms.DateField(label=gettext_lazy("开始日期"), widget=DayInput(**QUOTED))
    from_half = forms.ChoiceField(
        label=gettext_lazy("开始时段"), choices=Half, widget=forms.Select(attrs=QUOTED), required=False
    )
    from_time = forms.TimeField(label=gettext_lazy("开始时间"), widget=TimeInput(**QUOTED))
    to_on = forms.DateField(label=gettext_lazy("结束日期"), widget=DayInput(**QUOTED))
    to_half = forms.ChoiceField(
        label=gettext_lazy("结束时段"), choices=Half, widget=forms.Select(attrs=QUOTED), required=False
    )
    to_time = forms.TimeField(label=gettext_lazy("结束时间"), widget=TimeInput(**QUOTED))
    reason = forms.CharField(
        label=gettext_lazy("事由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    attachment = UploadField(label=gettext_lazy("附件"), required=False)

    def __init__(
        self, *args: Any, actor: Actor, kind: LeaveType, is_quote: bool = False, **kwargs: Any
    ) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "from_on": today, "to_on": today, "from_half": Half.FIRST, "to_half": Half.SECOND,
            "from_time": dt.time(9), "to_time": dt.time(18), **(kwargs.get("initial") or {}),
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.actor, self.kind = actor, kind
        for name in self._left_out():
            del self.fields[name]
        if kind.needs_attachment:
            self.fields["attachment"].help_text = _("这种假期需要证明材料。")
        if is_quote:
            del self.fields["attachment"]

    def _left_out(self) -> list[str]:
        out = []
        if self.kind.unit != LeaveUnit.HALF_DAY:
            out += ["from_half", "to_half"]
        if self.kind.unit != LeaveUnit.HOUR:
            out += ["from_time", "to_time"]
        if not _is_for_others(self.actor):
            out.append("number")
        return out

    def clean_number(self) -> UUID | None:
        """Return the person with the number typed, the actor without one."""
        number = self.cleaned_data["number"].strip()
        if not number:
            if self.actor.person_id is None:
                raise ValidationError(_("您的账号没有关联员工，请填写工号。"))
            return self.actor.person_id
        found = person_ids_by_number([number]).get(number)
        if found is None:
            raise ValidationError(_("没有工号为「{number}」的员工。").format(number=number))
        return found

    @property
    def person_id(self) -> UUID | None:
        """Return whose leave it is."""
        return self.cleaned_data.get("number") or self.actor.person_id

    @property
    def span(self) -> LeaveSpan:
        """Return from when to when."""
        data = self.cleaned_data
        return LeaveSpan(
            data["from_on"], data["to_on"], data.get("from_half") or Half.FIRST.value,
            data.get("to_half") or Half.SECOND.value, _minute(data.get("from_time")), _minute(data.get("to_time")),
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return what `request_leave` takes."""
        return {
            "person_id": self.person_id,
            "type_id": self.kind.id,
            "span": self.span,
            "reason": self.cleaned_data["reason"],
            "attachment": attachment_of(self.cleaned_data["attachment"]),
        }


def _is_for_others(actor: Actor) -> bool:
    scope = actor.scope(REQUEST_LEAVE)
    return bool(scope.is_tenant or scope.legal_entity_ids or scope.org_unit_ids)


def _minute(time: dt.time | None) -> int | None:
    return time.hour * 60 + time.minute if time else None


class CancelForm(RefusableForm):
    """Why a leave is taken back, and from when on."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300, required=False)
    back_on = forms.DateField(
        label=gettext_lazy("返岗日期"), required=False, widget=DayInput(),
        help_text=gettext_lazy("提前返岗时填写，从这一天起的假期退回；留空为全部销假。"),
    )  # fmt: skip


class AdjustForm(RefusableForm):
    """How much is added to a balance or taken away, and why."""

    amount = forms.DecimalField(label=gettext_lazy("数量"), max_digits=8, decimal_places=2)
    on = forms.DateField(label=gettext_lazy("生效日期"), widget=DayInput())
    expires_on = forms.DateField(label=gettext_lazy("有效期至"), required=False, widget=DayInput())
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=300)

    def __init__(self, *args: Any, is_hourly: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_hourly = is_hourly
        self.fields["amount"].help_text = (
            _("单位小时；减少填负数。") if is_hourly else _("单位天；减少填负数。")
        )

    def values(self) -> dict[str, Any]:
        """Return what `adjust_balance` takes: minutes for types in hours."""
        data = dict(self.cleaned_data)
        if self.is_hourly:
            data["amount"] = (data["amount"] * 60).quantize(Decimal(1))
        return data


class ServiceForm(RefusableForm):
    """How long somebody had worked before."""

    first_worked_on = forms.DateField(
        label=gettext_lazy("首次参加工作日期"), required=False, widget=DayInput(),
        help_text=gettext_lazy("此后没有中断时填写，系统算出月数。"),
    )  # fmt: skip
    months_before = forms.IntegerField(
        label=gettext_lazy("入职前累计工作月数"), required=False, min_value=0, max_value=720,
        help_text=gettext_lazy("有中断时直接填月数，它优先。"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    evidence = UploadField(
        label=gettext_lazy("证明材料"), required=False, help_text=gettext_lazy("例如社保缴费记录。")
    )

    def values(self) -> dict[str, Any]:
        """Return what `set_service` takes."""
        return {**self.cleaned_data, "evidence": attachment_of(self.cleaned_data["evidence"])}


class LeaveTypeForm(forms.ModelForm):
    """A type of leave."""

    class Meta:
        model = LeaveType
        fields = (
            "name", "name_en", "code", "basis", "unit", "counts", "step", "minimum", "maximum", "paid_share",
            "for_gender", "accrual", "step_change", "carry_months", "carry_maximum", "payout_multiple", "overdraft",
            "position", "is_prorated", "needs_attachment", "is_active",
        )  # fmt: skip
        help_texts = {
            "step": gettext_lazy("按小时的类型填分钟。"),
            "maximum": gettext_lazy("按小时的类型填每天最多的分钟。"),
            "minimum": gettext_lazy("按小时的类型填分钟。"),
            "paid_share": gettext_lazy("1 为全薪，0 为无薪。"),
            "carry_months": gettext_lazy("年底没休完的，次年还可以用几个月；0 为不结转。"),
            "payout_multiple": gettext_lazy("到期没休完的按日工资的几倍支付；留空为不支付。"),
            "overdraft": gettext_lazy("余额不够时还可以请多少。"),
        }

    def _post_clean(self) -> None:
        """Leave the checks of the model to the service, which has the old row."""

    def values(self) -> dict[str, Any]:
        """Return what `save_leave_type` takes."""
        return dict(self.cleaned_data)

    refused = RefusableForm.refused


class LeaveRuleForm(forms.ModelForm):
    """A rule of the company's own."""

    class Meta:
        model = LeaveRule
        fields = ("region", "amount", "effective_from", "effective_to", "source", "note", "note_en")
        widgets = {"effective_from": DayInput(), "effective_to": DayInput()}

    def _post_clean(self) -> None:
        """Leave the checks of the model to the service."""

    def values(self) -> dict[str, Any]:
        """Return what `save_leave_rule` takes."""
        return dict(self.cleaned_data)

    refused = RefusableForm.refused


class PlaceForm(forms.Form):
    """Which place's rules a subsidiary follows."""

    region = forms.ChoiceField(label=gettext_lazy("地区"), choices=Region)
