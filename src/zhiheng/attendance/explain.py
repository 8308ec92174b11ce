"""The trace of a settled day in words, for the person it is about: why late, what is missing, what overtime counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.attendance.calc.facts import DAY, Step
from zhiheng.rosters.calc.shift import Span

Params = Mapping[str, Any]

MODES = {
    "approved": gettext_lazy("按审批计算"),
    "punched": gettext_lazy("按打卡计算"),
    "min": gettext_lazy("在审批时段内按打卡计算"),
}


@dataclass(frozen=True)
class Line:
    """A sentence of the explanation; ``tone``: "", ok, warn, bad, info; ``is_verdict``: says what came of the day."""

    text: str
    tone: str = ""
    is_verdict: bool = False


def clock(minute: int) -> str:
    """Write a minute of the shift's date as a clock time; other dates are said."""
    days, rest = divmod(minute, DAY)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    if days > 0:
        return _("次日 {time}").format(time=text)
    return _("前一日 {time}").format(time=text) if days < 0 else text


def span_text(span: Span) -> str:
    """Write a span of minutes."""
    return f"{clock(span[0])}–{clock(span[1])}"


def spans_text(spans: Iterable[Span]) -> str:
    """Write spans of minutes."""
    return "、".join(map(span_text, spans))


def duration(minutes: int) -> str:
    """Write minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n} 分钟").format(n=rest)
    if not rest:
        return _("{n} 小时").format(n=hours)
    return _("{hours} 小时 {minutes} 分").format(hours=hours, minutes=rest)


def explained(trace: Iterable[Step]) -> list[Line]:
    """Return the trace in sentences, in its order."""
    found = (_TEXTS[each.code](dict(each.params)) for each in trace if each.code in _TEXTS)
    return [line for line in found if line is not None]


def verdicts(trace: Iterable[Step]) -> list[Line]:
    """Return only what came of the day: the answer to "why"."""
    return [line for line in explained(trace) if line.is_verdict]


def _window(p: Params) -> Line:
    return Line(_("{start} 至 {end} 的打卡计入这一天").format(start=clock(p["start"]), end=clock(p["end"])))


def _punches(p: Params) -> Line:
    if not p["minutes"]:
        return Line(_("时段内没有打卡"))
    return Line(_("时段内打卡：{times}").format(times="、".join(map(clock, p["minutes"]))))


def _orphans(p: Params) -> Line:
    times = "、".join(map(clock, p["minutes"]))
    return Line(
        _("不在时段内的打卡：{times}。已保留，请人事核对是否属于其他班次").format(times=times), "warn", True
    )


def _shift(p: Params) -> Line:
    if not p["spans"]:
        return Line(_("当天没有排班"))
    return Line(_("班次：{spans}").format(spans=spans_text(p["spans"])))


def _flex(p: Params) -> Line:
    text = _("弹性班：{earliest} 至 {latest} 之间上班；按首次打卡，当天应出勤 {spans}")
    return Line(
        text.format(earliest=clock(p["earliest"]), latest=clock(p["latest"]), spans=spans_text(p["spans"]))
    )


def _free(p: Params) -> Line:
    how = _("按首末打卡计算") if p["mode"] == "standard" else _("按打卡先后两两配对计算")
    return Line(_("自由工时，{how}；{start} 以前的打卡算前一天").format(how=how, start=clock(p["day_start"])))


def _free_hours(p: Params) -> Line:
    return Line(_("出勤 {time}").format(time=duration(p["minutes"])), "ok", True)


def _leave(p: Params) -> Line:
    return Line(
        _("请假 {spans}，抵扣出勤 {time}").format(spans=spans_text(p["spans"]), time=duration(p["minutes"])),
        "info",
        True,
    )


def _outing(p: Params) -> Line:
    return Line(_("外出 {spans}，视同出勤").format(spans=spans_text(p["spans"])), "info", True)


def _trip(p: Params) -> Line:
    return Line(_("出差，全天视同出勤"), "info", True)


def _in(p: Params) -> Line:
    return Line(_("{time} 上班").format(time=clock(p["minute"])))


def _out(p: Params) -> Line:
    return Line(_("{time} 下班").format(time=clock(p["minute"])))


def _in_waived(p: Params) -> Line:
    return Line(_("请假或外出从上班时间开始，不需要上班卡"))


def _out_waived(p: Params) -> Line:
    return Line(_("请假或外出到下班时间为止，不需要下班卡"))


def _late(p: Params) -> Line:
    text = _("应 {due} 到岗，实际 {came}，晚 {time}").format(
        due=clock(p["spans"][0][0]), came=clock(p["minute"]), time=duration(p["minutes"])
    )
    return _with_grace(text, p, _("计迟到 {time}"))


def _early(p: Params) -> Line:
    text = _("应 {due} 下班，实际 {left}，早 {time}").format(
        due=clock(p["spans"][-1][1]), left=clock(p["minute"]), time=duration(p["minutes"])
    )
    return _with_grace(text, p, _("计早退 {time}"))


def _with_grace(text: str, p: Params, counted: str) -> Line:
    if not p["counted"]:
        return Line(_("{text}；在 {grace} 分钟宽限内，不计").format(text=text, grace=p["grace"]), "ok", True)
    verdict = counted.format(time=duration(p["counted"]))
    if p["counted"] < p["minutes"]:
        verdict = _("扣除宽限 {grace} 分钟，{verdict}").format(grace=p["grace"], verdict=verdict)
    return Line(_("{text}；{verdict}").format(text=text, verdict=verdict), "bad", True)


def _absent(p: Params) -> Line:
    text = _("{spans} 没有打卡，也没有请假或外出，计旷工 {time}")
    return Line(text.format(spans=spans_text(p["spans"]), time=duration(p["minutes"])), "bad", True)


def _only_orphans(p: Params) -> Line:
    return Line(
        _("只有时段外的打卡，{time}待处理，不直接算旷工").format(time=duration(p["minutes"])), "warn", True
    )


def _missing_in(p: Params) -> Line:
    if not p["minutes"]:
        return Line(_("缺上班卡，不能计算加班"), "warn", True)
    return Line(_("缺上班卡：{time}待处理，补卡后重新计算").format(time=duration(p["minutes"])), "warn", True)


def _missing_out(p: Params) -> Line:
    if not p["minutes"]:
        return Line(_("缺下班卡，不能计算加班"), "warn", True)
    return Line(_("缺下班卡：{time}待处理，补卡后重新计算").format(time=duration(p["minutes"])), "warn", True)


def _worked(p: Params) -> Line | None:
    return Line(_("出勤 {time}").format(time=duration(p["minutes"])), "ok", True) if p["minutes"] else None


def _overtime(p: Params) -> Line:
    parts = []
    if p["approved"]:
        parts.append(_("批准 {spans}").format(spans=spans_text(p["approved"])))
    if p["approved_minutes"]:
        parts.append(_("批准时长 {time}").format(time=duration(p["approved_minutes"])))
    if p["punched"]:
        parts.append(_("打卡 {spans}").format(spans=spans_text(p["punched"])))
    settled = [f"{multiple}% {duration(minutes)}" for multiple, minutes in p["settled"] if minutes]
    result = _("结算 {settled}").format(settled="、".join(settled)) if settled else _("不计加班")
    return Line(
        _("加班{mode}：{parts}；{result}").format(mode=MODES[p["mode"]], parts="，".join(parts), result=result),
        "info" if settled else "", bool(settled),
    )  # fmt: skip


def _unapproved(p: Params) -> Line:
    text = _("{time}有打卡但没有审批，已保留并提示人事核实").format(time=duration(p["minutes"]))
    return Line(text, "warn", True)


_TEXTS: Mapping[str, Callable[[Params], Line | None]] = {
    "window": _window, "punches": _punches, "orphans": _orphans, "shift": _shift, "flex": _flex, "free": _free,
    "free_hours": _free_hours, "leave": _leave, "outing": _outing, "trip": _trip, "in": _in, "out": _out,
    "in_waived": _in_waived, "out_waived": _out_waived, "late": _late, "early": _early, "absent": _absent,
    "only_orphans": _only_orphans, "missing_in": _missing_in, "missing_out": _missing_out, "worked": _worked,
    "overtime": _overtime, "unapproved": _unapproved,
}  # fmt: skip
