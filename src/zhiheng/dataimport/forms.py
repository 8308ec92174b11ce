"""Forms of the wizard."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _


class HeaderForm(forms.Form):
    """Which sheet, and which of its rows are the header."""

    sheet = forms.ChoiceField(label=_("工作表"), required=False)
    first = forms.IntegerField(label=_("表头首行"), min_value=1)
    last = forms.IntegerField(label=_("表头末行"), min_value=1, required=False)

    def __init__(self, *args, sheet_names: Iterable[str] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name or _("数据")) for name in sheet_names]


class CommitForm(forms.Form):
    """What to do with doubtful cells at the commit."""

    accept_repairs = forms.BooleanField(required=False)
    skip_error_rows = forms.BooleanField(required=False)
