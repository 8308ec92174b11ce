"""A punch log to upload."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.forms.sites import RefusableForm
from zhiheng.attendance.queries.sites import legal_entities


class LogForm(RefusableForm):
    """The file and what cannot be read from it."""

    file = forms.FileField(label=_("打卡文件"), help_text=_("考勤机 U 盘导出的 attlog.dat，每行一次打卡。"))
    legal_entity = forms.TypedChoiceField(label=_("法人实体"), coerce=UUID)
    device_name = forms.CharField(
        label=_("考勤机名称"),
        max_length=50,
        required=False,
        help_text=_("同一台考勤机每次填写相同的名称，重复的打卡不会重复导入。"),
    )
    zone = forms.CharField(label=_("时区"), max_length=40, initial="Asia/Shanghai")

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        known = legal_entities(actor)
        self.fields["legal_entity"].choices = [(str(each), name) for each, name in known]
        if len(known) == 1:
            self.fields["legal_entity"].initial = str(known[0][0])
            self.fields["legal_entity"].widget = self.fields["legal_entity"].hidden_widget()
