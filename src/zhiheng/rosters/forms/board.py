"""Forms of the roster board."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.rosters.forms.fields import (
    ActorForm,
    day,
)
from zhiheng.rosters.queries.definitions import rotation_choices


class FillForm(ActorForm):
    """Fill from a rotation."""

    rotation_id = forms.TypedChoiceField(label=gettext_lazy("轮班规律"), coerce=UUID)
    anchor_on = day(gettext_lazy("循环第 1 天"))
    first = day(gettext_lazy("从"))
    last = day(gettext_lazy("到（含）"))

    def fill_choices(self) -> None:
        self.fields["rotation_id"].choices = rotation_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and not 0 <= (last - first).days <= 366:
            self.add_error("last", _("结束日期不能早于开始日期，一次最多一年。"))
        return data


class CopyWeekForm(ActorForm):
    """Copy a week to another one; any day of a week stands for it."""

    source = day(gettext_lazy("从哪一周"))
    target = day(gettext_lazy("到哪一周"))


class SettingForm(ActorForm):
    """From when the board warns."""

    rest_hours = forms.DecimalField(
        label=gettext_lazy("两班之间至少休息（小时）"),
        min_value=0,
        max_value=24,
        decimal_places=1,
        initial=11,
    )
    max_run_days = forms.IntegerField(
        label=gettext_lazy("最多连续上班（天）"), min_value=1, max_value=31, initial=6
    )
    week_hours = forms.DecimalField(
        label=gettext_lazy("每周工时上限（小时）"), min_value=0, max_value=168, decimal_places=1, initial=44,
        help_text=gettext_lazy("劳动法规定平均每周不超过 44 小时；只对标准工时制提醒。"),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "min_rest_minutes": int(data["rest_hours"] * 60), "max_run_days": data["max_run_days"],
            "week_minutes": int(data["week_hours"] * 60),
        }  # fmt: skip
