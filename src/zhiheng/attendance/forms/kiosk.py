"""What tablets send, and how HR sets them up."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.forms.sites import RefusableForm
from zhiheng.attendance.queries.sites import site_choices
from zhiheng.people.public import person_ids_by_number


class PairingForm(forms.Form):
    """The code that HR was told."""

    company = forms.CharField(label=_("企业标识"), max_length=60)
    code = forms.CharField(
        label=_("配对码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PinPunchForm(forms.Form):
    """Number and PIN, typed at the door."""

    number = forms.CharField(max_length=40)
    pin = forms.CharField(max_length=8)
    client_id = forms.CharField(max_length=64)


class FaceForm(forms.Form):
    """The name of a punch: a new one's, or that of one to take back."""

    client_id = forms.CharField(max_length=64)

    def punch_id(self) -> UUID | None:
        """Return the id of a punch."""
        try:
            return UUID(self.cleaned_data["client_id"])
        except ValueError:
            return None


class KioskForm(RefusableForm):
    """A tablet at a site."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("如“一车间东门”。"))
    site = forms.TypedChoiceField(label=_("打卡地点"), coerce=UUID)
    uses_face = forms.BooleanField(
        label=_("用人脸识别"),
        required=False,
        help_text=_("只识别单独同意并登记的员工；其他人用工号和密码，同样方便。"),
    )

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = site_choices(actor)


class PersonNumberForm(RefusableForm):
    """A form about whoever has a number."""

    person = forms.CharField(label=_("工号"), max_length=40)

    def clean_person(self) -> UUID:
        """Return the person with the number typed."""
        number = self.cleaned_data["person"].strip()
        found = person_ids_by_number([number])
        if number not in found:
            raise ValidationError(_t("没有工号为「{number}」的员工。").format(number=number))
        return found[number]


PIN_ATTRIBUTES = {"inputmode": "numeric", "autocomplete": "off"}


class SetPinForm(PersonNumberForm):
    """A PIN for somebody."""

    pin = forms.CharField(
        label=_("打卡密码"), max_length=8, widget=forms.PasswordInput(attrs=PIN_ATTRIBUTES),
        help_text=_("4 至 8 位数字。"),
    )  # fmt: skip


class MyPinForm(RefusableForm):
    """A PIN for oneself, typed twice."""

    pin = forms.CharField(
        label=_("打卡密码"), max_length=8, widget=forms.PasswordInput(attrs=PIN_ATTRIBUTES),
        help_text=_("4 至 8 位数字，在打卡平板上与工号一起使用。"),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再输一次"), max_length=8, widget=forms.PasswordInput(attrs=PIN_ATTRIBUTES)
    )

    def clean_again(self) -> str:
        """Return the second try, which must be like the first."""
        again = self.cleaned_data["again"]
        if again != self.cleaned_data.get("pin"):
            raise ValidationError(_t("两次输入的密码不同。"))
        return again


class PinOwnerForm(PersonNumberForm):
    """Whose number a PIN of terminals is."""

    pin = forms.CharField(label=_("考勤号"), max_length=24)
    field_order = ("pin", "person")
