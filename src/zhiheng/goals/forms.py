"""Forms of goals."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.access.actor import Actor
from zhiheng.metrics.public import all_metrics, periods
from zhiheng.people.public import person_ids_by_number
from zhiheng.webkit.forms import RefusableForm


class SubjectForm(RefusableForm):
    """Whose number, of which metric and period."""

    person_id = forms.CharField(label=gettext_lazy("工号"), max_length=40)
    metric_code = forms.ChoiceField(label=gettext_lazy("指标"))
    period_id = forms.TypedChoiceField(label=gettext_lazy("期间"), coerce=UUID)

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["metric_code"].choices = [(code, each.label) for code, each in all_metrics().items()]
        self.fields["period_id"].choices = [(str(each.id), each.label) for each in periods()]

    def clean_person_id(self) -> UUID | None:
        """Return the person with the number typed, None where none was."""
        number = self.cleaned_data["person_id"]
        if not number:
            return None
        found = person_ids_by_number([number])
        if number not in found:
            raise forms.ValidationError(_("没有工号为「{number}」的员工。").format(number=number))
        return found[number]


class GoalForm(SubjectForm):
    """How much somebody is to reach."""

    target = forms.DecimalField(label=gettext_lazy("目标值"), max_digits=20, decimal_places=4, min_value=0)


class NegotiationForm(SubjectForm):
    """Which metric and period to negotiate, and with whom: with everybody where nobody is named."""

    field_order = ("metric_code", "period_id", "person_id", "from_median")
    person_id = forms.CharField(
        label=gettext_lazy("工号"), max_length=40, required=False,
        help_text=gettext_lazy("留空则与范围内所有有历史数据的员工协商。"),
    )  # fmt: skip
    from_median = forms.BooleanField(
        label=gettext_lazy("以各人测算中位数作为公司首轮数字"), required=False, initial=True
    )


class OfferForm(RefusableForm):
    """A number and its reason."""

    target = forms.DecimalField(label=gettext_lazy("目标值"), max_digits=20, decimal_places=4, min_value=0)
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
