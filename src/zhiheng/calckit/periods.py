"""Periods of dates: half-open, so that one ends where the next begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class PeriodKind(Enum):
    """The value is the number of months of a calendar period; a custom period is counted in days."""

    CUSTOM = 0
    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The dates from ``start`` on and before ``end``. Raises ValueError for one without a date.

    Calendar periods are made by `Period.containing`; one of another kind must begin and end with its kind.
    """

    start: date
    end: date
    kind: PeriodKind = PeriodKind.CUSTOM

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period must end after it starts: {self.start} to {self.end}")
        if self.kind is not PeriodKind.CUSTOM and (self.start, self.end) != _bounds(self.start, self.kind):
            raise ValueError(f"{self.start} to {self.end} is not a {self.kind.name.lower()}")

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> Period:
        """Return the month, quarter, half-year or year of a date. Raises ValueError for CUSTOM."""
        if kind is PeriodKind.CUSTOM:
            raise ValueError("a custom period has no calendar")
        return cls(*_bounds(day, kind), kind)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def days(self) -> int:
        """The number of dates."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last date, which people call the end."""
        return self.end - timedelta(days=1)

    def next(self) -> Period:
        """Return the period that begins where this ends, of the same kind; if custom, of the same length."""
        if self.kind is PeriodKind.CUSTOM:
            return Period(self.end, self.end + (self.end - self.start))
        return Period.containing(self.end, self.kind)

    def previous(self) -> Period:
        """Return the period that ends where this begins, of the same kind; if custom, of the same length."""
        if self.kind is PeriodKind.CUSTOM:
            return Period(self.start - (self.end - self.start), self.start)
        return Period.containing(self.start - timedelta(days=1), self.kind)

    def label(self, lang: str = "zh") -> str:
        """Return the name of the period, in Chinese unless ``lang`` begins with "en"."""
        english = lang.startswith("en")
        year, month = self.start.year, self.start.month
        match self.kind:
            case PeriodKind.YEAR:
                return f"{year}" if english else f"{year}年"
            case PeriodKind.HALF:
                first = month == 1
                return f"H{1 if first else 2} {year}" if english else f"{year}年{'上' if first else '下'}半年"
            case PeriodKind.QUARTER:
                quarter = (month + 2) // 3
                return f"Q{quarter} {year}" if english else f"{year}年第{'一二三四'[quarter - 1]}季度"
            case PeriodKind.MONTH:
                return f"{_MONTHS[month - 1]} {year}" if english else f"{year}年{month}月"
            case _:
                return f"{self.start} – {self.last}" if english else f"{self.start} 至 {self.last}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _bounds(day: date, kind: PeriodKind) -> tuple[date, date]:
    """Return the first date of the calendar period of a date, and that of the one after."""
    months = kind.value
    first = (day.month - 1) // months * months + 1
    years, month = divmod(first - 1 + months, 12)
    return date(day.year, first, 1), date(day.year + years, month + 1, 1)
