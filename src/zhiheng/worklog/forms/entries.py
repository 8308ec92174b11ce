"""Forms of work content and categories."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.worklog.calc.weeks import parse_minutes
from zhiheng.worklog.forms.base import ActorForm, TimeInput, at
from zhiheng.worklog.queries.categories import categories_to_enter


class EntryForm(ActorForm):
    """Something done on a day: from when to when, or how long."""

    on = forms.DateField(widget=forms.HiddenInput())
    category = forms.ChoiceField(label=gettext_lazy("类别"), widget=forms.RadioSelect())
    started = forms.TimeField(label=gettext_lazy("开始"), required=False, widget=TimeInput())
    ended = forms.TimeField(label=gettext_lazy("结束"), required=False, widget=TimeInput())
    hours = forms.CharField(
        label=gettext_lazy("或只填时长"), required=False, max_length=10,
        help_text=gettext_lazy("如 1.5、1:30 或 90m。"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("内容"), max_length=200, required=False)

    def fill_choices(self) -> None:
        self.fields["category"].choices = [(each.code, each.label) for each in categories_to_enter()]

    def clean_hours(self) -> int:
        """Return the minutes typed."""
        try:
            return parse_minutes(self.cleaned_data["hours"])
        except ValueError:
            raise ValidationError(_("请填写 0 到 24 小时之间的时长，如 1.5、1:30 或 90m。")) from None

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        started, ended = found.get("started"), found.get("ended")
        if (started is None) != (ended is None):
            self.add_error("ended", _("请同时填写开始和结束时间，或只填时长。"))
        elif started is None and not found.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("请填写起止时间或时长。"))
        return found

    def values(self) -> dict[str, Any]:
        found, on = self.cleaned_data, self.cleaned_data["on"]
        return {
            "on": on,
            "category": found["category"],
            "note": found["note"],
            "minutes": found["hours"],
            "started_at": at(on, found["started"]),
            "ended_at": at(on, found["ended"]),
        }


class CategoryForm(ActorForm):
    """A kind of work."""

    code = forms.SlugField(label=gettext_lazy("编码"), max_length=40)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    is_effective = forms.BooleanField(label=gettext_lazy("计入有效工时"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)
