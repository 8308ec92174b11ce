"""Forms of shifts and rotation patterns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.rosters.calc.clock import in_order
from zhiheng.rosters.calc.shift import Flex, Shift
from zhiheng.rosters.choices import Colour, ShiftKind
from zhiheng.rosters.forms.fields import (
    NONE,
    ActorForm,
    SpansField,
    clock_field,
    day,
    minutes_of,
    time_of,
)
from zhiheng.rosters.queries.definitions import rule_set_choices, shift_choices
from zhiheng.rosters.services.shifts import ShiftLook

MOST_SEGMENTS = 4


class ShiftForm(ActorForm):
    """A shift: how it is called, and its times by kind."""

    code = forms.CharField(label=gettext_lazy("编码"), max_length=20)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    colour = forms.ChoiceField(label=gettext_lazy("颜色"), choices=Colour)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=ShiftKind)
    earliest = clock_field(gettext_lazy("最早上班"))
    latest = clock_field(gettext_lazy("最晚上班"))
    required_hours = forms.DecimalField(
        label=gettext_lazy("应出勤时长（小时）"), required=False, min_value=0, max_value=24, decimal_places=2
    )
    core = SpansField(
        label=gettext_lazy("核心时段"), required=False, max_length=80,
        help_text=gettext_lazy("这段时间所有人都要在岗，例如 10:00-16:00；没有可留空。"),
    )  # fmt: skip
    breaks = SpansField(
        label=gettext_lazy("休息时段"), required=False, max_length=80,
        help_text=gettext_lazy("不计工时，例如 12:00-13:00。"),
    )  # fmt: skip
    free_mode = forms.ChoiceField(
        label=gettext_lazy("打卡方式"), required=False,
        choices=[
            ("standard", gettext_lazy("首末打卡之间计为工作")),
            ("strict", gettext_lazy("上下班打卡依次配对")),
        ],
    )  # fmt: skip
    day_start = clock_field(
        gettext_lazy("一天的起点"), help_text=gettext_lazy("此前的打卡算前一天，例如 04:00。")
    )
    rule_set_id = forms.TypedChoiceField(
        label=gettext_lazy("考勤规则"), coerce=UUID, required=False, empty_value=None,
        help_text=gettext_lazy("不选时使用默认规则。"),
    )  # fmt: skip
    valid_from = day(
        gettext_lazy("新规定从哪天起"), required=False,
        help_text=gettext_lazy("修改时间或规则时填写；此前的日子保持原来的规定。"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_SEGMENTS + 1):
            self.fields[f"start{number}"] = clock_field(gettext_lazy("上班"))
            self.fields[f"end{number}"] = clock_field(gettext_lazy("下班"))
        if is_new:
            del self.fields["valid_from"], self.fields["is_active"]

    def fill_choices(self) -> None:
        self.fields["rule_set_id"].choices = [*NONE, *rule_set_choices()]

    @property
    def segment_rows(self) -> list[tuple[Any, Any]]:
        """Return the pairs of time fields."""
        return [(self[f"start{number}"], self[f"end{number}"]) for number in range(1, MOST_SEGMENTS + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for number in range(1, MOST_SEGMENTS + 1):
            if (data.get(f"start{number}") is None) != (data.get(f"end{number}") is None):
                self.add_error(None, _("第 {number} 个时段的上班和下班时间都要填写。").format(number=number))
        if data.get("kind") == ShiftKind.FLEXIBLE:
            for name in ("earliest", "latest", "required_hours"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("弹性班需要填写此项。"))
        return data

    def times(self) -> Shift:
        """Return the times of the kind chosen; the fields of other kinds do not count."""
        data = self.cleaned_data
        if data["kind"] == ShiftKind.FLEXIBLE:
            earliest, latest = minutes_of(data["earliest"]), minutes_of(data["latest"])
            flex = Flex(earliest, latest, int(data["required_hours"] * 60), data["core"])
            return Shift(flex=flex, breaks=data["breaks"])
        if data["kind"] == ShiftKind.FREE:
            return Shift(
                free_mode=data["free_mode"] or "standard", day_start=minutes_of(data["day_start"]) or 0
            )
        times = [
            minutes_of(data[f"{edge}{number}"])
            for number in range(1, MOST_SEGMENTS + 1)
            for edge in ("start", "end")
            if data.get(f"{edge}{number}") is not None
        ]
        found = in_order([each for each in times if each is not None])
        return Shift(segments=tuple(zip(found[::2], found[1::2], strict=True)))

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        look = ShiftLook(
            data["code"], data["name"], data["name_en"], data["colour"], data.get("is_active", True)
        )
        return {
            "look": look, "kind": data["kind"], "times": self.times(), "rule_set_id": data["rule_set_id"],
            "valid_from": data.get("valid_from"),
        }  # fmt: skip


def initial_of_shift(shift: Any, version: Any, times: Shift) -> dict[str, Any]:
    """Return the form's values of a shift in its latest version."""
    found: dict[str, Any] = {
        "code": shift.code, "name": shift.name, "name_en": shift.name_en, "colour": shift.colour,
        "is_active": shift.is_active, "kind": version.kind, "rule_set_id": version.rule_set_id,
        "breaks": times.breaks, "free_mode": times.free_mode, "day_start": time_of(times.day_start),
        "valid_from": timezone.localdate(),
    }  # fmt: skip
    if times.flex:
        found |= {
            "earliest": time_of(times.flex.earliest), "latest": time_of(times.flex.latest),
            "required_hours": times.flex.required / 60, "core": times.flex.core,
        }  # fmt: skip
    for number, (start, end) in enumerate(times.segments[:MOST_SEGMENTS], start=1):
        found |= {f"start{number}": time_of(start), f"end{number}": time_of(end)}
    return found


class RotationForm(ActorForm):
    """A rotation pattern; the days of the cycle come as a list of shift ids."""

    code = forms.CharField(label=gettext_lazy("编码"), max_length=20)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    follows_calendar = forms.BooleanField(
        label=gettext_lazy("法定节假日与调休按日历"), required=False,
        help_text=gettext_lazy("勾选后节假日休息，调休上班的周末按那一周的班次上班。"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = dict(shift_choices(with_inactive=True))

    @property
    def slots(self) -> list[str]:
        """Return the shift ids of the cycle's days as they were sent, else the initial ones; "" for rest."""
        if self.is_bound:
            return [each if each in self.known else "" for each in self.data.getlist("slot")]
        return self.initial.get("slots") or [""] * 7

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "slots": [UUID(each) if each else None for each in self.slots]}
