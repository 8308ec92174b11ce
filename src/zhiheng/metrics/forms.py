"""Forms of metrics."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.integrations.public import all_streams
from zhiheng.metrics.choices import AggregateFunction, Direction, MetricKind


class MetricForm(forms.Form):
    """How a metric is called and computed: an aggregate of records, or a formula of other metrics."""

    code = forms.SlugField(
        label=_("编码"), max_length=60, help_text=_("英文字母、数字与连字符；用于 API，创建后不可修改。")
    )
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("公式里就用这个名称。"))
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)
    places = forms.IntegerField(label=_("小数位数"), min_value=0, max_value=6, initial=2)
    direction = forms.ChoiceField(label=_("方向"), choices=Direction)
    kind = forms.ChoiceField(
        label=_("类型"), choices=MetricKind, widget=forms.RadioSelect, initial="aggregate"
    )
    stream = forms.ChoiceField(label=_("数据流"), required=False)
    aggregate = forms.ChoiceField(
        label=_("汇总方式"), choices=[("", "–"), *AggregateFunction.choices], required=False
    )
    field = forms.ChoiceField(label=_("字段"), required=False, help_text=_("计数时不用选。"))
    formula = forms.CharField(
        label=_("公式"), required=False, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("例如：新客户数 ÷ 下单客户数"),
    )  # fmt: skip

    def __init__(self, *args: object, is_new: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        streams = all_streams()
        self.fields["stream"].choices = [("", "–"), *((each.code, each.label) for each in streams)]
        self.fields["field"].choices = [
            ("", "–"),
            *((each.label, [(field.name, field.shown) for field in each.fields]) for each in streams),
        ]
        if not is_new:
            for name in ("code", "name", "name_en", "unit", "places", "direction"):
                self.fields[name].disabled = True

    def definition(self) -> dict[str, str]:
        """Return the part that says how the metric is computed, as the services take it."""
        data = self.cleaned_data
        if data["kind"] == MetricKind.FORMULA:
            return {"formula": data["formula"] or " "}
        return {name: data[name] for name in ("stream", "aggregate", "field")}

    def identity(self) -> dict[str, object]:
        """Return the part that says how the metric is called."""
        names = ("code", "name", "name_en", "unit", "places", "direction")
        return {name: self.cleaned_data[name] for name in names}


class PeriodForm(forms.Form):
    """A period; the last day is typed, the day after it is kept."""

    code = forms.CharField(label=_("编码"), max_length=40)
    name = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    period_from = forms.DateField(label=_("第一天"), widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(label=_("最后一天"), widget=forms.DateInput(attrs={"type": "date"}))
