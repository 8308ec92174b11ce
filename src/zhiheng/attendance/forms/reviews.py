"""The decision about a punch."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.choices import ReviewOutcome


class ReviewForm(forms.Form):
    """One decision about one or more punches."""

    punch = forms.TypedMultipleChoiceField(coerce=UUID)
    outcome = forms.ChoiceField(label=_("结论"), choices=ReviewOutcome)
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)
        given = self.data.getlist("punch") if hasattr(self.data, "getlist") else []
        self.fields["punch"].choices = [(each, each) for each in given]
