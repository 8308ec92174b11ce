"""Numbers with thousands separators, currency signs, 万, percentages, brackets for negatives."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import cn2an

from zhiheng.dataimport.calc.normalize import compact
from zhiheng.dataimport.calc.parsed import Parsed, error, repaired
from zhiheng.dataimport.calc.sheet import BOOLEAN, DATE, DATETIME, NUMBER, TIME

_PLAIN = re.compile(r"^[+-]?\d+(\.\d+)?$")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_BROKEN_THOUSANDS = re.compile(r"^[+-]?[\d,]+(\.\d+)?$")
_CURRENCY = re.compile(
    r"^([+-]?)(?:¥|￥|rmb|cny|usd|us\$|\$|€|人民币)|(?:元整?|块|rmb|cny|圆整?)$", re.IGNORECASE
)
_ACCOUNTING = re.compile(r"^\((.+)\)$")
_UNITS = {"%": Decimal("0.01"), "‰": Decimal("0.001"), "千": Decimal(1000), "k": Decimal(1000)}
_UNITS |= {"万": Decimal(10_000), "w": Decimal(10_000), "亿": Decimal(100_000_000)}
_CHINESE = re.compile(r"^负?[零〇一二两三四五六七八九十百千万亿点壹贰叁肆伍陆柒捌玖拾佰仟]{1,40}$")
_EXPONENT = re.compile(r"^[+-]?\d+(\.\d+)?e[+-]?\d{1,3}$", re.IGNORECASE)
_LARGEST = 20
_NOT_NUMBERS = {BOOLEAN, DATE, DATETIME, TIME}


def parse_decimal(text: str, kind: int, places: int) -> Parsed:
    """A Decimal with at most ``places`` decimals. 80% is 0.80; 1.2万 is 12000; (300) is -300."""
    if kind in _NOT_NUMBERS:
        return error("not_a_number")
    clean = compact(text)
    value, code = (Decimal(clean), "") if _PLAIN.match(clean) else _read(clean)
    if value is None:
        return error(code)
    if value and value.adjusted() >= _LARGEST:
        return error("number_too_large")
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if rounded != value:
        code = code or ("" if kind == NUMBER else "rounded")
    elif not code and clean != text.strip():
        code = "full_width"
    return repaired(rounded, code, plain(rounded)) if code else Parsed(rounded)


def parse_integer(text: str, kind: int) -> Parsed:
    """A whole number; 12.0 is accepted, 12.5 is an error."""
    parsed = parse_decimal(text, kind, 6)
    if parsed.value is None:
        return parsed
    if parsed.value != parsed.value.to_integral_value():
        return error("not_whole")
    if abs(parsed.value) >= 2**63:
        return error("number_too_large")
    return Parsed(int(parsed.value), parsed.notes)


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read(text: str) -> tuple[Decimal | None, str]:
    """Value and the code of the repair, or None and the code of the error."""
    sign = 1
    if match := _ACCOUNTING.match(text):
        text, sign = match[1], -1
    bare = _CURRENCY.sub(r"\1", text)
    unit = Decimal(1)
    while bare and bare[-1].lower() in _UNITS and not _CHINESE.match(bare):
        unit *= _UNITS[bare[-1].lower()]
        bare = bare[:-1]
    value = _bare_number(bare)
    if value is None:
        return None, "thousands" if _BROKEN_THOUSANDS.match(bare) and "," in bare else "not_a_number"
    return value * unit * sign, "percent" if "%" in text else "number_format"


def _bare_number(text: str) -> Decimal | None:
    if _PLAIN.match(text) or _EXPONENT.match(text):
        return Decimal(text)
    if _THOUSANDS.match(text):
        return Decimal(text.replace(",", ""))
    if _CHINESE.match(text):
        return _chinese(text)
    return None


def _chinese(text: str) -> Decimal | None:
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, InvalidOperation):
        return None
