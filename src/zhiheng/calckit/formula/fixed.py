"""Fixed-point numbers: a number is the integer count of its units of 10**-12."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import Enum

ENGINE = "formula/1"  # changes whenever the same formula and inputs could come to something else
PLACES = 12
ONE = 10**PLACES
LIMIT = 10 ** (18 + PLACES)  # a number this large or larger is an OVERFLOW

_EXACT = Context(prec=400, Emax=100_000, Emin=-100_000, rounding=ROUND_HALF_EVEN)


class Outcome(Enum):
    """What became of a value; the order of the numbers says which reason prevails when several meet."""

    OK = 0
    MISSING = 1
    TARGET_ZERO = 2
    OVERFLOW = 3

    def label(self, lang: str = "zh") -> str:
        """Return the words for a user, in Chinese unless ``lang`` begins with "en"."""
        return _LABELS[self][lang.startswith("en")]


_LABELS = {
    Outcome.OK: ("正常", "OK"),
    Outcome.MISSING: ("缺少数据", "Data is missing"),
    Outcome.TARGET_ZERO: ("目标（除数）为零，无法考核", "The target (divisor) is zero: not assessable"),
    Outcome.OVERFLOW: ("数值超出范围", "The number is out of range"),
}

# A scalar result: a number in units of 10**-12, the truth of a condition, or the reason why there is none.
Cell = int | bool | Outcome


def round_half_even(number: int, divisor: int) -> int:
    """Return ``number / divisor`` as the nearest integer, ties to the even one; ``divisor`` is positive."""
    quotient, rest = divmod(number, divisor)
    twice = 2 * rest
    return quotient + (twice > divisor or (twice == divisor and quotient & 1))


def from_value(value: Decimal | int | bool | Outcome | None) -> Cell:
    """Turn an input into a cell. Floats, strings and non-finite decimals raise TypeError or ValueError."""
    if value is None:
        return Outcome.MISSING
    if isinstance(value, Outcome):
        return value
    if isinstance(value, int):  # also True and False, which count 1 and 0
        number = int(value) * ONE
    elif isinstance(value, Decimal):
        number = _from_decimal(value)
    else:
        raise TypeError(f"a formula takes Decimal, int, bool or None, not {type(value).__name__}")
    return number if -LIMIT < number < LIMIT else Outcome.OVERFLOW


def _from_decimal(value: Decimal) -> int:
    if not value.is_finite():
        raise ValueError(f"a formula takes finite numbers only, not {value}")
    if value.adjusted() >= 18:  # also keeps 1E+999999 from becoming a million digits
        return LIMIT if value else 0
    return int(value.scaleb(PLACES, _EXACT).to_integral_value(ROUND_HALF_EVEN, _EXACT))


def to_text(number: int) -> str:
    """Write a number without exponent and without needless zeros: "94", "-0.5"."""
    whole, fraction = divmod(abs(number), ONE)
    text = f"{whole}.{fraction:012d}".rstrip("0").rstrip(".") if fraction else str(whole)
    return f"-{text}" if number < 0 else text
