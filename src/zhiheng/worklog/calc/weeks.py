"""Weeks of a timesheet, and hours as people type them."""

from __future__ import annotations

import datetime as dt
import re

_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)$")
_HOURS = re.compile(r"^(\d{1,2}(?:\.\d{1,2})?|\.\d{1,2})(?:h|小时)?$")
_MINUTES = re.compile(r"^(\d{1,4})(?:m|min|分|分钟)$")
DAY = 24 * 60


def monday_of(on: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return on - dt.timedelta(days=on.weekday())


def days_of_week(monday: dt.date) -> list[dt.date]:
    """Return the seven days of a week."""
    return [monday + dt.timedelta(days=each) for each in range(7)]


def parse_minutes(text: str) -> int:
    """Return minutes typed as ``2``, ``1.5``, ``1:30``, ``2h`` or ``90m``; nothing is 0.

    Raises ValueError for anything else and for more than a day.
    """
    typed = text.strip().lower().replace("：", ":").replace("，", ".").replace(",", ".")
    if not typed:
        return 0
    minutes = _minutes(typed)
    if minutes > DAY:
        raise ValueError(text)
    return minutes


def _minutes(typed: str) -> int:
    if found := _CLOCK.match(typed):
        return int(found[1]) * 60 + int(found[2])
    if found := _HOURS.match(typed):
        whole, _point, part = found[1].partition(".")
        hundredths = int(whole or 0) * 100 + int(part.ljust(2, "0") or 0)
        return (hundredths * 60 + 50) // 100
    if found := _MINUTES.match(typed):
        return int(found[1])
    raise ValueError(typed)


def hours_text(minutes: int) -> str:
    """Return minutes as they are typed: ``8``, ``7.5``, or ``1:20`` where hundredths of an hour would not do."""
    if not minutes:
        return ""
    if minutes % 3:
        return f"{minutes // 60}:{minutes % 60:02}"
    hundredths = minutes * 100 // 60
    return f"{hundredths / 100:g}"
