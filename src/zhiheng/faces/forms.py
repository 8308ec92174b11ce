"""Forms of faces."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.faces.calc.quality import PHOTOS
from zhiheng.faces.engine import MAX_BYTES
from zhiheng.faces.models import FaceSetting
from zhiheng.faces.services.settings import FIELDS
from zhiheng.people.public import person_ids_by_number


class PhotoInput(forms.ClearableFileInput):
    """A file field that opens the front camera of a phone."""

    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__({"accept": "image/jpeg,image/png,image/webp", "capture": "user"})


class EnrolForm(forms.Form):
    """Three photos."""

    photo_1 = forms.FileField(label=gettext_lazy("照片一"), widget=PhotoInput)
    photo_2 = forms.FileField(label=gettext_lazy("照片二"), widget=PhotoInput)
    photo_3 = forms.FileField(label=gettext_lazy("照片三"), widget=PhotoInput)

    def photos(self) -> list[bytes]:
        """Return the bytes of the photos, of each at most one more than may be."""
        return [self.cleaned_data[f"photo_{number}"].read(MAX_BYTES + 1) for number in range(1, PHOTOS + 1)]

    def refused(self, error: ValidationError) -> None:
        """Put what the service refused where it belongs."""
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(self.fields)
        self.add_error(None, error if known or not hasattr(error, "error_dict") else error.messages)


class EnrolPersonForm(EnrolForm):
    """Somebody else's photos, with where the consent on paper is."""

    number = forms.CharField(label=gettext_lazy("工号"), max_length=40)
    note = forms.CharField(
        label=gettext_lazy("书面同意书存放位置"),
        max_length=200,
        help_text=gettext_lazy("必须先由本人在书面同意书上签字。请写明档案编号或存放位置。"),
    )
    field_order = ("number", "note", "photo_1", "photo_2", "photo_3")

    def clean_number(self) -> UUID:
        """Return the person with the number typed."""
        number = self.cleaned_data["number"]
        found = person_ids_by_number([number])
        if number not in found:
            raise ValidationError(_("没有工号为「{number}」的员工。").format(number=number))
        return found[number]


class SettingForm(forms.ModelForm):
    """Thresholds and days, with what was measured at each."""

    class Meta:
        model = FaceSetting
        fields = FIELDS
        help_texts = {
            "accept": gettext_lazy("达到即通过。默认 0.45。"),
            "review": gettext_lazy(
                "介于复核阈值与通过阈值之间：打卡有效，由人事复核。低于则不通过。默认 0.36。"
            ),
            "identify": gettext_lazy("打卡平板从多人中认人的最低相似度。默认 0.50。"),
            "margin": gettext_lazy("第一名至少要比第二名高出这么多。默认 0.06。"),
            "keep_days": gettext_lazy("到期自动删除照片，只留结果。越短越好，默认 90 天。"),
        }

    def values(self) -> dict[str, object]:
        """Return what `change_setting` takes."""
        return {name: self.cleaned_data[name] for name in FIELDS}
