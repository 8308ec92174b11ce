"""Dates in all the forms in which they are typed in China and by Excel."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from zhiheng.dataimport.calc.normalize import compact, half_width
from zhiheng.dataimport.calc.parsed import Note, Parsed, error, repaired
from zhiheng.dataimport.calc.sheet import DATE, DATETIME, NUMBER

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_FIRST_SURE_SERIAL, _LAST_SERIAL = 61, 109_574
_CENTURY_PIVOT = 50

_ISO = re.compile(r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$")
_YEAR_FIRST = (
    re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号.]?$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)
_SHORT_YEAR = re.compile(r"^(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_DAY_OR_MONTH_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_MONTH_NAME = (
    re.compile(r"^(?P<d>\d{1,2})[-/]?(?P<m>[a-z]{3,9})[-/,.]?(?P<y>\d{4})$"),
    re.compile(r"^(?P<m>[a-z]{3,9})[-/.]?(?P<d>\d{1,2})(?:st|nd|rd|th)?,?(?P<y>\d{4})$"),
)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_INCOMPLETE = re.compile(r"^(\d{4}[-/.年]\d{1,2}月?|\d{4}年?|\d{1,2}[-/.月]\d{1,2}日?)$")
_CHINESE = re.compile(
    r"^([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]$"
)
_SERIAL = re.compile(r"^\d{1,6}(\.\d+)?$")
_STAMP = re.compile(r"^\d{8}(\d{6})?$")
_TIME = re.compile(
    r"^(?P<date>.*?)[\sT]*(?P<early>上午|下午|am|pm)?\s*(?P<h>\d{1,2})[:点时](?P<m>\d{2})分?(?::?(?P<s>\d{2})(?:\.\d+)?秒?)?"
    r"\s*(?P<late>am|pm|上午|下午)?Z?$",
    re.IGNORECASE,
)
_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}


def parse_date(text: str, kind: int) -> Parsed:
    """A calendar date. Ambiguous, incomplete and impossible dates are errors; unusual forms are repairs."""
    if kind in (DATE, DATETIME):
        return _from_workbook(text, kind)
    clean = half_width(text)
    match = _TIME.match(clean)
    if match and match["date"]:
        return _date_of_moment(text, kind)
    return _date_from(compact(text).lower(), kind, text)


def parse_datetime(text: str, kind: int) -> Parsed:
    """Date and time of day without zone; a date alone means midnight."""
    if kind == DATETIME:
        return Parsed(dt.datetime.fromisoformat(text))
    clean = half_width(text)
    if _SERIAL.match(clean) or _STAMP.match(clean):
        return _moment_from_serial(clean)
    match = _TIME.match(clean)
    if not match or not match["date"]:
        day = parse_date(text, kind)
        return day if day.value is None else Parsed(dt.datetime.combine(day.value, dt.time()), day.notes)
    return _moment(match, text)


def _from_workbook(text: str, kind: int) -> Parsed:
    day = dt.date.fromisoformat(text[:10])
    if not EARLIEST <= day <= LATEST:
        return error("date_out_of_range", year=day.year)
    if kind == DATETIME and text[11:] != "00:00:00":
        return Parsed(day, (Note("warning", "time_dropped", {"time": text[11:]}, day.isoformat()),))
    return Parsed(day)


def _date_of_moment(text: str, kind: int) -> Parsed:
    moment = parse_datetime(text, kind)
    if moment.value is None:
        return moment
    day = moment.value.date()
    if moment.value.time() == dt.time():
        return Parsed(day, moment.notes)
    note = Note("warning", "time_dropped", {"time": moment.value.time().isoformat()}, day.isoformat())
    return Parsed(day, (*moment.notes, note))


def _date_from(text: str, kind: int, original: str) -> Parsed:
    """A date from a compact, lower-case, half-width text."""
    if match := _ISO.match(text):
        unusual = None if text == original.strip() else "full_width"
        return _checked(*map(int, match.groups()), unusual)
    for pattern in _YEAR_FIRST:
        if match := pattern.match(text):
            return _checked(*map(int, match.groups()), "date_format")
    if match := _CHINESE.match(text):
        return _checked(*_chinese_numbers(match), "date_format")
    if match := _SHORT_YEAR.match(text):
        return _short_year(*map(int, match.groups()))
    if match := _DAY_OR_MONTH_FIRST.match(text):
        return _day_or_month_first(*map(int, match.groups()))
    for pattern in _MONTH_NAME:
        if (match := pattern.match(text)) and match["m"][:3] in _MONTHS:
            return _checked(int(match["y"]), _MONTHS[match["m"][:3]], int(match["d"]), "date_format")
    if _SERIAL.match(text) and (kind == NUMBER or len(text.split(".")[0]) == 5):
        return _from_serial(float(text))
    if _INCOMPLETE.match(text):
        return error("date_incomplete")
    return error("not_a_date")


def _checked(year: int, month: int, day: int, code: str | None) -> Parsed:
    """The date if the calendar has it; ``code`` says why it should be written differently, if it should."""
    if not 1 <= month <= 12:
        return error("no_such_month", month=month)
    if not EARLIEST.year <= year <= LATEST.year:
        return error("date_out_of_range", year=year)
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return error("no_such_day", year=year, month=month, day=day, days=days)
    value = dt.date(year, month, day)
    return repaired(value, code, value.isoformat()) if code else Parsed(value)


def _short_year(year: int, month: int, day: int) -> Parsed:
    full = year + (2000 if year < _CENTURY_PIVOT else 1900)
    return _checked(full, month, day, "short_year")


def _day_or_month_first(first: int, second: int, year: int) -> Parsed:
    """28/2/2013 and 2/28/2013 are clear, 1/2/2013 is not."""
    if first == second or second > 12:
        return _checked(year, first, second, "date_format")
    if first > 12:
        return _checked(year, second, first, "date_format")
    return error(
        "date_ambiguous", first=f"{year}-{first:02}-{second:02}", second=f"{year}-{second:02}-{first:02}"
    )


def _from_serial(serial: float) -> Parsed:
    """Excel's count of days. Numbers below 61 fall before Excel's invented 29 February 1900."""
    if not _FIRST_SURE_SERIAL <= serial <= _LAST_SERIAL:
        return error("not_a_date")
    value = _EXCEL_EPOCH + dt.timedelta(days=int(serial))
    return repaired(value, "date_serial", value.isoformat())


def _moment_from_serial(text: str) -> Parsed:
    if _STAMP.match(text):
        return _moment_from_digits(text)
    day = _from_serial(float(text))
    if day.value is None:
        return day
    seconds = round(float(text) % 1 * 86_400)
    value = dt.datetime.combine(day.value, dt.time()) + dt.timedelta(seconds=seconds)
    return repaired(value, "date_serial", value.isoformat(" "))


def _moment_from_digits(text: str) -> Parsed:
    """20130228 and 20130228083000."""
    day = _checked(int(text[:4]), int(text[4:6]), int(text[6:8]), "date_format")
    if day.value is None:
        return day
    clock = _clock(int(text[8:10] or 0), int(text[10:12] or 0), int(text[12:14] or 0), "")
    if clock is None:
        return error("no_such_time", time=text[8:])
    value = dt.datetime.combine(day.value, clock)
    return repaired(value, "date_format", value.isoformat(" "))


def _moment(match: re.Match[str], text: str) -> Parsed:
    day = _date_from(compact(match["date"]).lower().rstrip("t"), -1, match["date"])
    if day.value is None:
        return day
    half = (match["early"] or match["late"] or "").lower()
    clock = _clock(int(match["h"]), int(match["m"]), int(match["s"] or 0), half)
    if clock is None:
        return error("no_such_time", time=text[match.start("h") :].strip())
    value = dt.datetime.combine(day.value, clock)
    return repaired(value, "date_format", value.isoformat(" ")) if day.notes or half else Parsed(value)


def _clock(hour: int, minute: int, second: int, half: str) -> dt.time | None:
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return dt.time(hour, minute, second)


def _chinese_numbers(match: re.Match[str]) -> tuple[int, int, int]:
    """二〇一三, 十二, 二十八 → 2013, 12, 28."""
    year = int("".join(str(_DIGITS[sign]) for sign in match[1]))
    return year, _chinese_number(match[2]), _chinese_number(match[3])


def _chinese_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text[0]] if len(text) == 1 else 0
    return _DIGITS.get(tens or "一", 9) * 10 + _DIGITS.get(ones or "零", 0)
