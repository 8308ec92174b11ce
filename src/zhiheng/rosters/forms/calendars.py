"""Forms of work calendars."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from zhiheng.rosters.choices import DayKind
from zhiheng.rosters.forms.fields import (
    INDENT,
    ActorForm,
    day,
)
from zhiheng.rosters.queries.board import units_for_actor


class CalendarForm(ActorForm):
    """A work calendar."""

    code = forms.CharField(label=gettext_lazy("编码"), max_length=20)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    country = forms.ChoiceField(
        label=gettext_lazy("法定日历"), required=False,
        choices=[
            ("CN", gettext_lazy("中国大陆（国务院公布）")),
            ("", gettext_lazy("无：周一至周五上班，节假日自行填写")),
        ],
    )  # fmt: skip
    zone = forms.CharField(
        label=gettext_lazy("时区"), max_length=40, required=False,
        help_text=gettext_lazy("例如 Asia/Hong_Kong；留空使用公司的时区。"),
    )  # fmt: skip
    is_default = forms.BooleanField(
        label=gettext_lazy("作为默认日历"), required=False,
        help_text=gettext_lazy("没有指定日历的人员使用默认日历。"),
    )  # fmt: skip


class CalendarDayForm(ActorForm):
    """What some days are."""

    on = day(gettext_lazy("日期"))
    until = day(gettext_lazy("到（含）"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("日期类型"),
        required=False,
        choices=[("", gettext_lazy("按公布的日历")), *DayKind.choices],
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=80, required=False)

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "kind": self.cleaned_data["kind"] or None}


class CalendarUseForm(ActorForm):
    """Whose calendar it is."""

    org_unit_id = forms.TypedChoiceField(label=gettext_lazy("部门"), coerce=UUID)

    def fill_choices(self) -> None:
        found = units_for_actor(self.actor, timezone.localdate())
        self.fields["org_unit_id"].choices = [
            (str(unit.id), INDENT * depth + unit.name) for unit, depth in found
        ]
