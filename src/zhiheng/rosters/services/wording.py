"""Faults of shifts and rules in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SHIFT_FAULTS = {
    "no_segments": _("请至少填写一个上班时段。"),
    "one_segment": _("分段班至少要有两个上班时段。"),
    "mixed": _("固定班和分段班只填写上班时段，不填写弹性或自由设置。"),
    "no_flex": _("弹性班请填写最早上班、最晚上班和应出勤时长，不填写上班时段。"),
    "flex_frame": _("最早上班不能晚于最晚上班，都在当天以内，应出勤时长要大于零。"),
    "core": _("核心时段要在最晚上班之后开始，并在最早可能的下班之前结束。"),
    "free": _("自由班请选择打卡方式，不填写上班时段；一天的起点在 0 点到 24 点之间。"),
    "empty_span": _("时段的结束时间要晚于开始时间。"),
    "overlap": _("时段不能重叠，并且要按先后顺序填写。"),
    "start": _("第一个时段要在当天开始。"),
    "too_long": _("班次最晚在次日结束。"),
}
RULE_LABELS = {
    "before": _("上班前可打卡（分钟）"),
    "after": _("下班后可打卡（分钟）"),
    "late_grace": _("迟到宽限（分钟）"),
    "early_grace": _("早退宽限（分钟）"),
    "grace_mode": _("宽限方式"),
    "match": _("打卡次数"),
    "dedupe": _("重复打卡间隔（分钟）"),
    "ot_mode": _("加班按什么计算"),
    "ot_start": _("加班起算时间"),
    "ot_before": _("上班前也算加班"),
    "ot_unit": _("加班计算单位（分钟）"),
    "ot_min": _("最短加班（分钟）"),
    "ot_breaks": _("不计加班的时段"),
    "auto_break": _("自动扣除休息"),
    "absent_half_over": _("迟到多少分钟提示半天缺勤"),
    "rest_by_calendar": _("跨入休息日按休息日计"),
    "rounding_in": _("上班打卡取整（分钟）"),
    "rounding_out": _("下班打卡取整（分钟）"),
}
