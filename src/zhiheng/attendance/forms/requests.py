"""Forms of requests. They shape input; what is allowed is decided by the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import Compensation, RequestKind, ShiftEnd, WhoMayAsk
from zhiheng.attendance.models import RequestRules
from zhiheng.attendance.queries.requests import manages_others
from zhiheng.attendance.services.requests import NewRequest
from zhiheng.people.public import person_ids_by_number, persons_by_id, persons_of_units
from zhiheng.webkit.forms import RefusableForm

DAY = dt.timedelta(days=1)


def day(label: str, **more: object) -> forms.DateField:
    """Return a field for a date."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def clock(label: str, **more: object) -> forms.TimeField:
    """Return a field for a time of day."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **more)


class RequestForm(RefusableForm):
    """What all kinds share: whom it is for, and why."""

    kind: RequestKind
    lead = ""

    person_number = forms.CharField(
        label=_("为谁提交（工号）"), required=False, max_length=40, help_text=_("留空表示为自己提交。")
    )
    reason = forms.CharField(label=_("事由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    field_order: tuple[str, ...] = ()

    def __init__(self, *args: object, actor: Actor, zone: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.zone = actor, ZoneInfo(zone)
        if not manages_others(actor):
            del self.fields["person_number"]
        elif actor.person_id is None:
            self.fields["person_number"].required = True
            self.fields["person_number"].help_text = ""

    def clean_person_number(self) -> UUID | None:
        """Return the person with the number typed; ``None`` for the actor themselves."""
        number = self.cleaned_data["person_number"]
        if not number:
            return None
        found = person_ids_by_number([number])
        if number not in found:
            raise ValidationError(_t("没有工号为「{number}」的员工。").format(number=number))
        return found[number]

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        """Return a time of a day in the company's zone."""
        return dt.datetime.combine(day, time, self.zone)

    def values(self) -> dict[str, object]:
        """Return the fields of the request that are the kind's own."""
        raise NotImplementedError

    def new_request(self) -> NewRequest:
        """Return the request that was typed in."""
        person_id = self.cleaned_data.get("person_number") or self.actor.person_id
        if person_id is None:
            raise ValidationError(_t("您的账户没有关联员工，请填写为谁提交。"))
        return NewRequest(
            kind=self.kind.value, person_id=person_id, reason=self.cleaned_data["reason"], **self.values()
        )


class OvertimeForm(RequestForm):
    """Overtime by times, or by its duration only."""

    kind = RequestKind.OVERTIME
    lead = _("填写起止时间，或只填写时长；跨过零点的加班填开始那天的日期。")

    on = day(_("加班日期"))
    start = clock(pgettext_lazy("request", "开始时间"), required=False)
    finish = clock(
        pgettext_lazy("request", "结束时间"), required=False, help_text=_("早于开始时间的，算第二天。")
    )
    break_minutes = forms.IntegerField(
        label=_("其中休息（分钟）"), required=False, min_value=0, max_value=600
    )
    hours = forms.DecimalField(
        label=_("时长（小时）"), required=False, min_value=Decimal("0.1"), max_value=24, max_digits=4,
        decimal_places=2, help_text=_("填了起止时间时可以留空，由系统算出。"),
    )  # fmt: skip
    compensation = forms.ChoiceField(
        label=_("补偿方式"), choices=Compensation.choices, initial=Compensation.PAY, widget=forms.RadioSelect,
        help_text=_("休息日加班可以调休；工作日和法定节假日应支付加班费。"),
    )  # fmt: skip
    field_order = (
        "person_number", "on", "start", "finish", "break_minutes", "hours", "compensation", "reason",
    )  # fmt: skip

    def clean(self) -> Mapping[str, object]:
        """Ask for both times or none."""
        data = self.cleaned_data
        if bool(data.get("start")) != bool(data.get("finish")):
            self.add_error(
                "finish" if data.get("start") else "start", _t("请同时填写开始和结束时间，或都留空只填时长。")
            )
        return data

    def values(self) -> dict[str, object]:
        """Return day, times, minutes and compensation."""
        data = self.cleaned_data
        on, start, finish = data["on"], data["start"], data["finish"]
        given = int(data["hours"] * 60) if data["hours"] else 0
        values = {"from_on": on, "to_on": on, "compensation": data["compensation"], "minutes": given}
        if start and finish:
            from_at = self.at(on, start)
            to_at = self.at(on if finish > start else on + DAY, finish)
            length = int((to_at - from_at).total_seconds()) // 60 - (data["break_minutes"] or 0)
            values |= {"from_at": from_at, "to_at": to_at, "minutes": given or max(length, 0)}
        return values


class CorrectionForm(RequestForm):
    """A punch that is missing."""

    kind = RequestKind.CORRECTION
    lead = _("忘记打卡或设备故障时补上一次卡；通过后会新增一条打卡记录，不改动原有记录。")

    on = day(_("哪一天的班"))
    end = forms.ChoiceField(label=_("缺哪次卡"), choices=ShiftEnd.choices, widget=forms.RadioSelect)
    time = clock(_("实际时间"))
    is_next_day = forms.BooleanField(label=_("是第二天的时间（夜班）"), required=False)
    is_device_failure = forms.BooleanField(
        label=_("设备故障"), required=False, help_text=_("因设备故障缺卡的不占用补卡次数，请说明情况。")
    )
    evidence = forms.FileField(
        label=_("凭证（可选）"), required=False, help_text=_("照片、截图或 PDF，最大 10 MB。"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
    )  # fmt: skip
    field_order = (
        "person_number", "on", "end", "time", "is_next_day", "reason", "is_device_failure", "evidence",
    )  # fmt: skip

    def values(self) -> dict[str, object]:
        """Return day, end, time and evidence."""
        data = self.cleaned_data
        on = data["on"]
        file = data["evidence"]
        return {
            "from_on": on, "to_on": on, "end": data["end"], "is_device_failure": data["is_device_failure"],
            "from_at": self.at(on + DAY if data["is_next_day"] else on, data["time"]),
            "evidence": (file.name, file.read()) if file else None,
        }  # fmt: skip


class OutingForm(RequestForm):
    """Hours away on business."""

    kind = RequestKind.OUTING
    lead = _("当天外出办事：外出时间算出勤，覆盖上班或下班时间时不用打那次卡。")

    on = day(_("外出日期"))
    start = clock(pgettext_lazy("request", "开始时间"))
    to_on = day(_("结束日期"), required=False, help_text=_("当天结束的可以留空。"))
    finish = clock(pgettext_lazy("request", "结束时间"))
    place = forms.CharField(label=_("地点"), max_length=120)
    field_order = ("person_number", "on", "start", "to_on", "finish", "place", "reason")

    def values(self) -> dict[str, object]:
        """Return times and place."""
        data = self.cleaned_data
        last = data["to_on"] or data["on"]
        return {
            "from_on": data["on"], "to_on": last, "from_at": self.at(data["on"], data["start"]),
            "to_at": self.at(last, data["finish"]), "place": data["place"],
        }  # fmt: skip


class TripForm(RequestForm):
    """Days away on business."""

    kind = RequestKind.TRIP
    lead = _("出差期间的工作日算出勤，不用打卡。")

    on = day(_("开始日期"))
    to_on = day(_("结束日期"))
    place = forms.CharField(label=_("目的地"), max_length=120)
    field_order = ("person_number", "on", "to_on", "place", "reason")

    def values(self) -> dict[str, object]:
        """Return days and destination."""
        data = self.cleaned_data
        return {"from_on": data["on"], "to_on": data["to_on"], "place": data["place"]}


class SwapForm(RequestForm):
    """A shift for a colleague's."""

    kind = RequestKind.SWAP
    lead = _("先由同事确认，再由上级和人事审批；通过后两人在这两天的班互换。")

    on = day(_("我让出哪天的班"))
    other_person_id = forms.TypedChoiceField(label=_("换班同事"), coerce=UUID, empty_value=None)
    other_on = day(_("换同事哪天的班"))
    field_order = ("person_number", "on", "other_person_id", "other_on", "reason")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other_person_id"].choices = [("", "–"), *self._colleagues()]

    def _colleagues(self) -> list[tuple[str, str]]:
        """Return the people of the applicant's unit."""
        me = persons_by_id([self.actor.person_id] if self.actor.person_id else []).get(self.actor.person_id)
        if me is None or me.org_unit_id is None:
            return []
        today = dt.datetime.now(self.zone).date()
        return [
            (str(each.id), f"{each.name} {each.number}")
            for each in persons_of_units([me.org_unit_id], today)
            if each.id != me.id and each.legal_entity_id == me.legal_entity_id
        ]

    def values(self) -> dict[str, object]:
        """Return both days and the colleague."""
        data = self.cleaned_data
        return {
            "from_on": data["on"], "to_on": data["on"], "other_person_id": data["other_person_id"],
            "other_on": data["other_on"],
        }  # fmt: skip


FORMS: Mapping[str, type[RequestForm]] = {
    each.kind.value: each for each in (OvertimeForm, CorrectionForm, OutingForm, TripForm, SwapForm)
}


class CancelForm(forms.Form):
    """Why a request is taken back."""

    reason = forms.CharField(
        label=_("理由"), required=False, max_length=500, help_text=_("已同意的申请必须写明撤销理由。")
    )


_HOURS = {
    "overtime_day_minutes": _("每天加班上限（小时）"),
    "overtime_month_minutes": _("每月加班上限（小时）"),
    "longest_overtime_minutes": _("单次加班最长（小时）"),
    "longest_outing_minutes": _("单次外出最长（小时）"),
}
_NUMBERS = (
    "correction_quota", "correction_days", "overtime_days", "outing_days", "trip_days", "longest_trip_days",
)  # fmt: skip


class RulesForm(forms.Form):
    """The company's rules for requests."""

    def __init__(self, *args: object, row: RequestRules, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in _NUMBERS:
            label = RequestRules._meta.get_field(name).verbose_name
            self.fields[name] = forms.IntegerField(
                label=label, min_value=0, max_value=366, initial=getattr(row, name)
            )
        for name, label in _HOURS.items():
            self.fields[name] = forms.DecimalField(
                label=label, min_value=0, max_value=400, decimal_places=1,
                initial=Decimal(getattr(row, name)) / 60,
            )  # fmt: skip
        self.fields["is_weekday_time_off"] = forms.BooleanField(
            label=RequestRules._meta.get_field("is_weekday_time_off").verbose_name, required=False,
            initial=row.is_weekday_time_off,
            help_text=_("法律要求工作日加班支付加班费。勾选后员工可以选择调休，提交时会提示并要求本人确认。"),
        )  # fmt: skip
        for kind in RequestKind:
            self.fields[f"who_{kind.value}"] = forms.ChoiceField(
                label=_who_label(kind), choices=WhoMayAsk.choices,
                initial=row.who.get(kind.value, WhoMayAsk.EVERYBODY),
            )  # fmt: skip

    def values(self) -> dict[str, object]:
        """Return the rules as the service takes them."""
        data = self.cleaned_data
        values = {name: data[name] for name in (*_NUMBERS, "is_weekday_time_off")}
        values |= {name: int(data[name] * 60) for name in _HOURS}
        values["who"] = {kind.value: data[f"who_{kind.value}"] for kind in RequestKind}
        return values


def _who_label(kind: RequestKind) -> str:
    return _t("谁可以提交{kind}").format(kind=kind.label)
