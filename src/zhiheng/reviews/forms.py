"""Forms of reviews."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.metrics.public import all_metrics, periods
from zhiheng.reviews.models import Scorecard

_LINE = re.compile(r"^(?P<name>[^=＝]+)[=＝](?P<formula>.+)$")


class CycleForm(forms.Form):
    """What to score, and how."""

    period_id = forms.TypedChoiceField(label=gettext_lazy("期间"), coerce=UUID)
    scorecard_id = forms.TypedChoiceField(label=gettext_lazy("评分卡"), coerce=UUID)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period_id"].choices = [(str(each.id), each.label) for each in periods()]
        cards = Scorecard.objects.filter(is_active=True)
        self.fields["scorecard_id"].choices = [(str(each.id), each.label) for each in cards]


class ScorecardForm(forms.Form):
    """A scorecard; derived steps are written one a line, ``name = formula``."""

    code = forms.SlugField(label=gettext_lazy("编码"), max_length=60)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    places = forms.IntegerField(
        label=gettext_lazy("小数位数"), min_value=0, max_value=6, initial=4,
        help_text=gettext_lazy("四舍五入到这一位；0.8453 即 84.53 分。"),
    )  # fmt: skip
    inputs = forms.MultipleChoiceField(
        label=gettext_lazy("输入"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("公式可以使用的数据，每项都能追到原始记录或目标。"),
    )  # fmt: skip
    derived = forms.CharField(
        label=gettext_lazy("派生项"), required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("每行一个，例如：达成率 = 订单收入÷目标值"),
    )  # fmt: skip
    formula = forms.CharField(
        label=gettext_lazy("公式"), widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("例如：MIN(达成率, 1.5)×0.8 + 新客户率×0.2，也可以写百分号"),
    )  # fmt: skip

    def __init__(self, *args: object, is_new: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inputs"].choices = input_choices()
        if not is_new:
            for name in ("code", "name", "name_en"):
                self.fields[name].disabled = True

    def clean_derived(self) -> list[dict[str, str]]:
        """Return the derived steps."""
        return derived_of(self.cleaned_data["derived"])

    def clean_inputs(self) -> list[dict[str, str]]:
        """Return the inputs as scorecards take them."""
        return inputs_of(self.cleaned_data["inputs"])


def input_choices() -> list[tuple[str, str]]:
    """Return what a scorecard can use: every metric, and every metric's target."""
    metrics = all_metrics().values()
    return [
        *((f"metric:{each.code}", each.name) for each in metrics),
        *((f"goal:{each.code}", goal_name(each.name)) for each in metrics),
    ]


def goal_name(metric_name: str) -> str:
    """Return the name that formulas use for the target of a metric."""
    return f"{metric_name}目标值"


def inputs_of(chosen: list[str], names: dict[str, str] | None = None) -> list[dict[str, str]]:
    """Return chosen inputs with the names that formulas use; ``names`` keeps those of an earlier version."""
    labels = {**dict(input_choices()), **(names or {})}
    return [
        {"name": labels[each], "source": each.partition(":")[0], "code": each.partition(":")[2]}
        for each in chosen
        if each in labels
    ]


def derived_of(text: str) -> list[dict[str, str]]:
    """Return the derived steps written one a line; ValidationError for a line that is none."""
    steps = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.match(line)
        if match is None:
            raise ValidationError(_("第 {number} 行应写成「名称 = 公式」。").format(number=number))
        steps.append({"name": match["name"].strip(), "formula": match["formula"].strip()})
    return steps


def derived_text(steps: list[dict[str, Any]]) -> str:
    """Return derived steps as the form shows them."""
    return "\n".join(f"{each['name']} = {each['formula']}" for each in steps)
