"""Minutes of a day as clock times, and back. After midnight of the next day they carry a +1."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhiheng.rosters.calc.shift import Shift, Span

DAY_MINUTES = 1440
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})", re.ASCII)
_SPAN = re.compile(rf"\s*{_TIME.pattern}\s*[-–—~至]\s*{_TIME.pattern}\s*", re.ASCII)


def clock(minutes: int) -> str:
    """Return 480 as 08:00 and 1800 as 06:00+1; midnight at the end of the day is 24:00."""
    days, rest = divmod(minutes, DAY_MINUTES)
    if rest == 0 and days:
        days, rest = days - 1, DAY_MINUTES
    return f"{rest // 60:02}:{rest % 60:02}" + (f"+{days}" if days else "")


def frame_of(shift: Shift) -> str:
    """Return when a shift begins and ends, "" for a rest or free day."""
    if shift.flex:
        return f"{clock(shift.flex.earliest)}~{clock(shift.flex.latest)}"
    return f"{clock(shift.segments[0][0])}–{clock(shift.segments[-1][1])}" if shift.segments else ""


def spans_text(spans: Sequence[Span]) -> str:
    """Return spans as people write them: 09:00–12:00, 13:00–18:00."""
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in spans)


def minutes_text(minutes: int) -> str:
    """Return 450 as 7.5 and 480 as 8: hours without needless zeros."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def in_order(times: Sequence[int]) -> list[int]:
    """Return clock times of a day in the order they are lived: one that is not after the last is on the next day."""
    found: list[int] = []
    for each in times:
        while found and each <= found[-1]:
            each += DAY_MINUTES
        found.append(each)
    return found


def spans_from_text(text: str) -> tuple[Span, ...]:
    """Return the spans of a text such as ``12:00-13:00, 18:00-18:30``; hours above 23 are of the next day.

    Raises ValueError for anything else.
    """
    found = []
    for part in filter(str.strip, re.split(r"[,，、;；\n]", text)):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError(part)
        start, end = (int(match[1]) * 60 + int(match[2])), (int(match[3]) * 60 + int(match[4]))
        if int(match[2]) > 59 or int(match[4]) > 59:
            raise ValueError(part)
        found.append((start, end if end > start else end + DAY_MINUTES))
    return tuple(found)
