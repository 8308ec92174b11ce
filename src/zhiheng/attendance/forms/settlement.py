"""Forms of the rules of settlement."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.models import SettlementRules


class SettlementForm(forms.ModelForm):
    """The company's rules of settlement."""

    class Meta:
        model = SettlementRules
        fields = (
            "free_late_count", "free_late_minutes", "absent_after_days", "silent_hours", "cap_hours",
            "is_statutory_capped", "is_statutory_irregular", "comp_months",
        )  # fmt: skip
        help_texts = {
            "free_late_count": _("按日期先后，每月前几次迟到不计次数；分钟数照常记录。"),
            "free_late_minutes": _("超过这个分钟数的迟到不占免计次数；留空表示不限。"),
            "absent_after_days": _("留空表示一直待处理，不自动按旷工。"),
            "silent_hours": _("考勤机超过这么久没有消息，就不再等它，当天照常判定并提示。"),
            "cap_hours": _("劳动法规定每月加班不超过 36 小时；超过只提醒，已发生的照常计算。"),
            "is_statutory_irregular": _(
                "国家规定不定时工时制不计加班；上海、深圳要求法定节假日按 300 支付。"
            ),
            "comp_months": _("调休从加班当天起多久内有效；到期未休的应支付加班费。"),
        }
