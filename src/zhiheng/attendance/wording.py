"""Requests and what speaks against them, in words; lazy, so that they can be stored in every language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zhiheng.attendance.calc.requests import Finding
from zhiheng.attendance.choices import Compensation, RequestKind, ShiftEnd

if TYPE_CHECKING:
    from zhiheng.attendance.models import TimeRequest

Text = str | Promise

_ERRORS: Mapping[str, Text] = {
    "end_before_start": _("结束时间要晚于开始时间，请检查后重新填写。"),
    "too_long": _("单次最长 {longest} 小时，您填了 {given} 小时。请检查起止时间，或分次提交。"),
    "too_many_days": _("单次最长 {longest} 天，您填了 {given} 天。请检查起止日期，或分次提交。"),
    "not_employed": _("{on} 不在任职期间内，请检查日期。"),
    "past_deadline": _("已过补交期限：事后 {days} 天内可以提交，最晚到 {last}。请联系人事代为提交。"),
    "swap_in_past": _("{on} 已经过去，不能再换班。请选择今天或以后的日期。"),
    "overlap": _("与已有的申请冲突：{label}。请修改时间，或先撤回那条申请。"),
    "in_future": _("补卡时间还没有到，请填写实际上班或下班的时间。"),
    "quota_used": _(
        "{month} 月的补卡次数已用完（{used}/{quota}）。如因设备故障缺卡请勾选「设备故障」，其他情况请联系人事。"
    ),
    "no_minutes": _("请填写开始和结束时间，或直接填写加班时长。"),
    "more_than_span": _("加班时长 {given} 小时超过了起止时间之间的 {span} 小时，请检查。"),
    "no_time_off_on_holiday": _("法定节假日加班应支付加班费，不能用调休补偿。请选择「加班费」。"),
    "no_time_off_on_workday": _("工作日加班应支付加班费，本公司不以调休补偿。请选择「加班费」。"),
}
_WARNINGS: Mapping[str, Text] = {
    "past_deadline_overridden": _("已过补交期限（事后 {days} 天，最晚 {last}），将由人事代为提交。"),
    "quota_overridden": _("{month} 月的补卡次数已用完（{used}/{quota}），将由人事代为提交。"),
    "day_cap": _("算上这次，{on} 的加班共 {total} 小时，超过每天 {cap} 小时的上限。"),
    "month_cap": _("算上这次，{month} 月申请的加班共 {total} 小时，超过每月 {cap} 小时的上限。"),
    "time_off_on_workday": _("法律规定工作日加班应支付加班费；以调休补偿需要您本人同意，提交即表示同意。"),
    "overlaps_leave": _("与已同意的请假重叠：{label}。请确认日期和时间无误。"),
    "locked_month": _("{year} 年 {month} 月的考勤已锁定：通过后该月结果不变，差额作为调整计入以后的月份。"),
}
_IN_HOURS = {"too_long": ("longest", "given"), "more_than_span": ("given", "span"), "day_cap": ("total", "cap"),
             "month_cap": ("total", "cap")}  # fmt: skip


def hours(minutes: int) -> str:
    """Write minutes as hours with two decimals at most: 90 is 1.5."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def finding_text(finding: Finding) -> Text:
    """Return what is wrong with a request and what to do about it."""
    return text_of(finding.code, dict(finding.params))


def text_of(code: str, params: Mapping[str, Any]) -> Text:
    """Return a finding, also one that was stored, in words."""
    text = _ERRORS.get(code) or _WARNINGS[code]
    shown = {
        name: hours(value) if name in _IN_HOURS.get(code, ()) else value for name, value in params.items()
    }
    return format_lazy(text, **shown) if shown else text


def _clock(at: dt.datetime, zone: str, day: dt.date) -> str:
    """Write a time of day; one on another day than ``day`` with its date."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M}" if local.date() == day else f"{local:%m-%d %H:%M}"


def _span(request: TimeRequest) -> str:
    if request.from_at is None or request.to_at is None:
        return ""
    start = _clock(request.from_at, request.zone, request.from_on)
    return f" {start}–{_clock(request.to_at, request.zone, request.from_on)}"


def _days(first: dt.date, last: dt.date) -> str:
    return f"{first}" if first == last else f"{first} – {last}"


def summary_of(request: TimeRequest) -> Text:
    """Return a request in one line."""
    day = f"{request.from_on}"
    if request.kind == RequestKind.OVERTIME:
        return format_lazy(
            _("加班 {day}{span}（{hours} 小时，{compensation}）"), day=day, span=_span(request),
            hours=hours(request.minutes), compensation=Compensation(request.compensation).label,
        )  # fmt: skip
    if request.kind == RequestKind.CORRECTION:
        time = _clock(request.from_at, request.zone, request.from_on)
        return format_lazy(_("补卡 {day} {end} {time}"), day=day, end=ShiftEnd(request.end).label, time=time)
    if request.kind == RequestKind.OUTING:
        return format_lazy(_("外出 {day}{span}"), day=day, span=_span(request))
    if request.kind == RequestKind.TRIP:
        count = (request.to_on - request.from_on).days + 1
        days = _days(request.from_on, request.to_on)
        return format_lazy(_("出差 {days}（{count} 天）"), days=days, count=count)
    return format_lazy(
        _("换班 {day} ⇄ {name} {other}"), day=day, name=request.other_person.name, other=f"{request.other_on}"
    )


def details_of(request: TimeRequest) -> list[tuple[Text, Text]]:
    """Return what an approver, or whoever looks at a request, is told."""
    kind = RequestKind(request.kind)
    found: list[tuple[Text, Text]] = [(_("类型"), kind.label)]
    found += {
        RequestKind.OVERTIME: _overtime,
        RequestKind.CORRECTION: _correction,
        RequestKind.OUTING: _place,
        RequestKind.TRIP: _place,
        RequestKind.SWAP: _swap,
    }[kind](request)
    found.append((_("事由"), request.reason))
    if request.evidence_id:
        found.append((_("凭证"), _("有，请打开原单查看")))
    if request.warnings:
        found.append((_("提醒"), warnings_text(request)))
    return found


def _overtime(request: TimeRequest) -> Iterable[tuple[Text, Text]]:
    yield _("日期"), f"{request.from_on}"
    if span := _span(request).strip():
        yield _("时间"), span
    yield _("时长"), format_lazy(_("{hours} 小时"), hours=hours(request.minutes))
    yield _("补偿方式"), Compensation(request.compensation).label


def _correction(request: TimeRequest) -> Iterable[tuple[Text, Text]]:
    yield _("日期"), f"{request.from_on}"
    yield _("缺哪次卡"), ShiftEnd(request.end).label
    yield _("实际时间"), _clock(request.from_at, request.zone, request.from_on)
    if request.is_device_failure:
        yield _("设备故障"), _("是，不占用补卡次数")


def _place(request: TimeRequest) -> Iterable[tuple[Text, Text]]:
    yield _("日期"), _days(request.from_on, request.to_on)
    if span := _span(request).strip():
        yield _("时间"), span
    yield _("地点"), request.place


def _swap(request: TimeRequest) -> Iterable[tuple[Text, Text]]:
    yield _("让出的班"), f"{request.from_on}"
    yield _("换班同事"), request.other_person.name
    yield _("换来的班"), f"{request.other_on}"


def warnings_text(request: TimeRequest) -> Text:
    """Return what the applicant confirmed, in words."""
    texts = [text_of(code, params) for code, params in request.warnings]
    return format_lazy(" ".join(["{}"] * len(texts)), *texts)
