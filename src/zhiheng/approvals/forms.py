"""Forms of approvals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """Agree or reject, with a comment."""

    step_id = forms.UUIDField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        choices=[("approve", _("同意")), ("reject", _("驳回"))], widget=forms.HiddenInput
    )
    comment = forms.CharField(
        label=_("审批意见"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("驳回时必须填写理由；申请人会看到。"),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Take a request back, and why."""

    reason = forms.CharField(label=_("撤回理由"), required=False, max_length=500)
