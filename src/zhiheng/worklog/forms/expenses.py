"""Forms of travel expenses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from zhiheng.worklog.forms.base import ActorForm, day
from zhiheng.worklog.queries.expenses import entities_for_actor
from zhiheng.worklog.services.expenses import Receipt


class ClaimForm(ActorForm):
    """Of which period the visits are claimed."""

    first_on = day(gettext_lazy("开始日期"))
    last_on = day(gettext_lazy("结束日期"))
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)


class LineForm(ActorForm):
    """Something else with its receipt."""

    on = day(gettext_lazy("日期"))
    text = forms.CharField(label=gettext_lazy("说明"), max_length=200)
    amount = forms.DecimalField(label=gettext_lazy("金额"), min_value=0, max_digits=12, decimal_places=2)
    receipt = forms.FileField(
        label=gettext_lazy("票据"), required=False,
        help_text=gettext_lazy("图片、PDF、OFD 或 XML，20 MB 以内。"),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        values, file = dict(self.cleaned_data), self.cleaned_data["receipt"]
        return {**values, "receipt": Receipt(file.name, file.read()) if file else None}


class RateForm(ActorForm):
    """What a subsidiary pays from a day on."""

    legal_entity_id = forms.TypedChoiceField(label=gettext_lazy("法人实体"), coerce=UUID)
    from_on = day(gettext_lazy("生效日期"))
    distance_rate = forms.DecimalField(
        label=gettext_lazy("每公里"), min_value=0, max_digits=8, decimal_places=4
    )
    daily_allowance = forms.DecimalField(
        label=gettext_lazy("每日补贴"), min_value=0, max_digits=10, decimal_places=2
    )
    detour = forms.DecimalField(
        label=gettext_lazy("绕行系数"), min_value=1, max_value=3, max_digits=4, decimal_places=2, initial=1,
        help_text=gettext_lazy("里程按两地直线距离乘以此系数计算。"),
    )  # fmt: skip

    def fill_choices(self) -> None:
        self.fields["legal_entity_id"].choices = [
            (str(each.id), each.name) for each in entities_for_actor(self.actor)
        ]
