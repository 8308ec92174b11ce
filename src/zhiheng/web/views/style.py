"""The live style page: every component and state, with the markup that new pages copy."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zhiheng.access.http import public_page

COLOURS = (
    "brand", "ok", "warn", "bad", "info", "text", "text-2", "text-3", "line-strong", "line", "surface-3",
    "bg", "c1", "c2", "c3", "c4", "c5", "c6",
)  # fmt: skip
PEOPLE = (
    ("胡志强", "HR10087", "研发中心", "2026-09-02", "16800.00", "0.75", "ok", _("在职")),
    ("萧立新", "HR10100", "华东销售部", "2026-07-31", "32600.00", "0.96", "ok", _("在职")),
    ("Ken Sánchez", "HR10001", "Executive", "2009-01-14", "125500.00", "1.08", "info", _("试用")),
    ("罗文博", "HR10036", "市场部", "2026-07-02", "7400.00", "0.41", "bad", _("待离职")),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("姓名"), max_length=20)
    number = forms.CharField(label=_("证件号码"), help_text=_("仅人事专员可见，保存后脱敏显示。"))
    unit = forms.ChoiceField(
        label=_("部门"), choices=[("", _("请选择")), ("rd", "研发中心"), ("sales", "华东销售部")]
    )
    joined_on = forms.DateField(
        label=_("入职日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    skills = forms.MultipleChoiceField(
        label=_("技能证书"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("pmp", "PMP"), ("cpa", "CPA"), ("law", _("法律职业资格"))],
    )  # fmt: skip
    place = forms.ChoiceField(
        label=_("办公方式"), widget=forms.RadioSelect,
        choices=[("site", _("现场")), ("mixed", _("混合")), ("remote", _("远程"))],
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    is_agreed = forms.BooleanField(label=_("我已核对以上信息"))


def _chart() -> dict:
    return {
        "legend": {"right": 0, "top": 0},
        "xAxis": {"type": "category", "data": [f"{month:02d}" for month in range(1, 13)]},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "bar", "name": str(_("目标")), "data": [30, 32, 34, 36, 40, 42, 44, 46, 48, 50, 52, 56]},
            {"type": "line", "name": str(_("实际")), "data": [28, 33, 31, 38, 41, 39, 47, 45, 51, 49, 55, 58],
             "itemStyle": {"color": "var(--c3)"}},
        ],
    }  # fmt: skip


def _lists() -> dict[str, object]:
    return {
        "crumbs": [(_("系统"), "/"), (_("界面规范"), None)],
        "tabs": [
            {"label": _("概况"), "url": "#tabs", "current": True},
            {"label": _("任职记录"), "url": "#tabs", "count": 3},
            {"label": _("目标"), "url": "#tabs", "count": 12},
        ],
        "options": [
            {"label": _("年度"), "url": "#seg", "current": True},
            {"label": _("季度"), "url": "#seg"},
            {"label": _("月度"), "url": "#seg"},
        ],
        "steps": [_("上传"), _("对应列"), _("检查"), _("提交")],
        "events": [
            {"title": _("目标双方确认"), "when": "2026-11-20 14:05", "kind": "ok"},
            {"title": _("财务提议 30"), "text": _("部门回应 15，附上三个月的转化周期。"),
             "when": "2026-11-18 09:30", "kind": "brand"},
            {"title": _("生成基线"), "when": "2026-11-17 06:00"},
        ],
        "facts": [
            (_("工号"), "HR10087"), (_("部门"), "研发中心"),
            (_("入职日期"), "2026-09-02"), (_("直属上级"), ""),
        ],
    }  # fmt: skip


@public_page
def style_page(request: HttpRequest) -> HttpResponse:
    """Show the components; posting the sample form shows its errors."""
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("已保存。"))
    context = {
        **_lists(),
        "colours": COLOURS,
        "people": PEOPLE,
        "form": form,
        "chart": _chart(),
        "page": Paginator(range(750), 50).get_page(request.GET.get("page", 3)),
        "spark_up": [8, 9, 9, 10, 12, 11, 13, 14, 13, 15, 17, 18],
        "spark_down": [18, 17, 17, 15, 16, 14, 13, 13, 12, 11, 11, 9],
    }
    status = 422 if form.errors else 200
    return render(request, "web/style.html", context, status=status)
