"""The form of attendance rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.rosters.calc.shift import Policy
from zhiheng.rosters.forms.fields import (
    ActorForm,
    SpansField,
    clock_field,
    day,
    minutes_of,
    time_of,
)
from zhiheng.rosters.services.wording import RULE_LABELS


def _rule(name: str, field: type[forms.Field], help_text: str, **more: Any) -> forms.Field:
    return field(label=RULE_LABELS[name], help_text=help_text, **more)


class RuleSetForm(ActorForm):
    """A rule set, each rule explained in plain words."""

    code = forms.CharField(label=gettext_lazy("编码"), max_length=40)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    before = _rule(
        "before", forms.IntegerField,
        gettext_lazy("例如 120：9:00 上班，7:00 起的打卡算当天上班卡；更早的算前一个班次。"), initial=120,
    )  # fmt: skip
    after = _rule(
        "after", forms.IntegerField,
        gettext_lazy("例如 240：18:00 下班，22:00 以前的打卡都算当天下班卡。"), initial=240,
    )  # fmt: skip
    match = _rule(
        "match", forms.ChoiceField,
        gettext_lazy("一天两次：只看第一次和最后一次打卡；每段两次：每个时段上下班都要打卡。"),
        choices=[("per_shift", gettext_lazy("一天两次")), ("per_segment", gettext_lazy("每段两次"))],
    )  # fmt: skip
    dedupe = _rule(
        "dedupe",
        forms.IntegerField,
        gettext_lazy("相隔不到这个时间的几次打卡算一次，避免连续刷卡。"),
        initial=2,
    )
    late_grace = _rule(
        "late_grace", forms.IntegerField, gettext_lazy("例如 5：9:05 以前到不算迟到。"), initial=0
    )
    early_grace = _rule(
        "early_grace", forms.IntegerField, gettext_lazy("例如 5：17:55 以后走不算早退。"), initial=0
    )
    grace_mode = _rule(
        "grace_mode", forms.ChoiceField,
        gettext_lazy("宽限内不计：超过宽限时从上班时间算起；每次扣除：迟到分钟数里先减去宽限。"),
        choices=[("forgive", gettext_lazy("宽限内不计")), ("deduct", gettext_lazy("每次扣除"))],
    )  # fmt: skip
    absent_half_over = _rule(
        "absent_half_over", forms.IntegerField,
        gettext_lazy("迟到超过这个分钟数时提示，由人来处理；分钟数照实记录。留空不提示。"), required=False,
    )  # fmt: skip
    rounding_in = _rule(
        "rounding_in", forms.IntegerField,
        gettext_lazy("例如 5：8:57 的打卡按 9:00 计。1 表示不取整。"), initial=1,
    )  # fmt: skip
    rounding_out = _rule(
        "rounding_out", forms.IntegerField,
        gettext_lazy("例如 5：18:03 的打卡按 18:00 计。1 表示不取整。"), initial=1,
    )  # fmt: skip
    auto_break = forms.CharField(
        label=RULE_LABELS["auto_break"], required=False, max_length=80,
        help_text=gettext_lazy("连续工作超过多少分钟扣多少分钟，例如 360-30；多条用逗号隔开。"),
    )  # fmt: skip
    ot_mode = _rule(
        "ot_mode", forms.ChoiceField,
        gettext_lazy("取小：批准的和打卡的取较小者。未批准的加班时间总会单独列出，不会丢失。"),
        choices=[
            ("min", gettext_lazy("批准与打卡取小")),
            ("approved", gettext_lazy("按批准的申请")),
            ("punched", gettext_lazy("按打卡")),
        ],
    )  # fmt: skip
    ot_start = clock_field(
        RULE_LABELS["ot_start"], help_text=gettext_lazy("从几点起算加班，例如 18:30；留空从下班时间起算。")
    )
    ot_before = _rule(
        "ot_before",
        forms.BooleanField,
        gettext_lazy("勾选后，上班前提前到岗的时间也可以算加班。"),
        required=False,
    )
    ot_unit = _rule(
        "ot_unit", forms.IntegerField, gettext_lazy("例如 30：加班 70 分钟计 60 分钟。"), initial=30
    )
    ot_min = _rule("ot_min", forms.IntegerField, gettext_lazy("例如 30：不足 30 分钟不计加班。"), initial=30)
    ot_breaks = SpansField(
        label=RULE_LABELS["ot_breaks"], required=False, max_length=80,
        help_text=gettext_lazy("例如 18:00-18:30 是晚饭时间；次日凌晨写成 24:30-25:00。"),
    )  # fmt: skip
    rest_by_calendar = _rule(
        "rest_by_calendar", forms.BooleanField,
        gettext_lazy("勾选后，班次过了零点进入休息日的加班按休息日计；法定节假日总是按日历的分钟计。"),
        required=False,
    )  # fmt: skip
    is_default = forms.BooleanField(
        label=gettext_lazy("作为默认规则"), required=False,
        help_text=gettext_lazy("没有指定规则的班次使用默认规则。"),
    )  # fmt: skip
    valid_from = day(
        gettext_lazy("新规定从哪天起"), required=False,
        help_text=gettext_lazy("修改时间或规则时填写；此前的日子保持原来的规定。"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["valid_from"], self.fields["is_active"]

    def clean_auto_break(self) -> tuple[tuple[int, int], ...]:
        """Return (over, minus) pairs."""
        found = []
        for part in filter(str.strip, self.cleaned_data["auto_break"].replace("，", ",").split(",")):
            numbers = [each.strip() for each in part.split("-")]
            if len(numbers) != 2 or not all(each.isascii() and each.isdigit() for each in numbers):
                raise ValidationError(_("请写成 360-30，多条用逗号隔开。"))
            found.append((int(numbers[0]), int(numbers[1])))
        return tuple(found)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = [
            "before", "after", "late_grace", "early_grace", "grace_mode", "match", "dedupe", "ot_mode", "ot_before",
            "ot_unit", "ot_min", "ot_breaks", "auto_break", "absent_half_over", "rest_by_calendar", "rounding_in",
            "rounding_out",
        ]  # fmt: skip
        rules = Policy(ot_start=minutes_of(data["ot_start"]), **{name: data[name] for name in names})
        own = {name: data[name] for name in ("code", "name", "name_en", "is_default")}
        return {
            **own,
            "rules": rules,
            "is_active": data.get("is_active", True),
            "valid_from": data.get("valid_from"),
        }


def initial_of_rules(rule_set: Any, rules: Policy) -> dict[str, Any]:
    """Return the form's values of a rule set in its latest version."""
    own = {name: getattr(rule_set, name) for name in ("code", "name", "name_en", "is_default", "is_active")}
    pairs = ", ".join(f"{over}-{minus}" for over, minus in rules.auto_break)
    return {
        **vars(rules), **own, "ot_start": time_of(rules.ot_start), "auto_break": pairs,
        "valid_from": timezone.localdate(),
    }  # fmt: skip
