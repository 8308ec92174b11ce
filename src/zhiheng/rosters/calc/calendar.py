"""What kind of day a date is: workdays, rest days, statutory holidays and the breaks around them.

China's calendar is published year by year as a notice. Each published year is a file beside this module
(``calendars/cn_YEAR.json``, with its source): statutory holidays, which are paid and cost 300 % when worked, stand
apart from the days off that only fill up a break. A year without a file is not guessed: asking for it raises
`NotPublished`, and callers that have to go on use `ordinary_day_type` and say so.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal, get_args

DayType = Literal[
    "WORKDAY", "ADJUSTED_WORKDAY", "REST_DAY", "SWAP_OFF", "SUBSTITUTE_OFF", "STATUTORY_HOLIDAY"
]
"""Ordinary workday · worked weekend · weekend · weekday off for a worked weekend · weekday off because a statutory day
fell on a weekend · statutory holiday."""

DAY_TYPES: tuple[DayType, ...] = get_args(DayType)
WORKING: frozenset[str] = frozenset({"WORKDAY", "ADJUSTED_WORKDAY"})
STATUTORY = "STATUTORY_HOLIDAY"


class NotPublished(LookupError):
    """No calendar of this year is known: the notice is not out, or its file is not here yet."""

    def __init__(self, year: int, country: str = "CN") -> None:
        super().__init__(f"no published calendar of {country} for {year}")
        self.year = year
        self.country = country


@dataclass(frozen=True)
class Named:
    """The name of a day in both languages."""

    name: str
    name_en: str


@dataclass(frozen=True)
class YearPack:
    """A published year: the days that are not what their weekday says, and where that is written."""

    year: int
    source: tuple[str, ...]
    statutory: Mapping[dt.date, Named]
    days_off: Mapping[dt.date, str]
    adjusted_workdays: frozenset[dt.date]

    def day_type(self, on: dt.date) -> str:
        """Return the type of a day of this year."""
        if on in self.statutory:
            return STATUTORY
        if on in self.adjusted_workdays:
            return "ADJUSTED_WORKDAY"
        return self.days_off.get(on) or ordinary_day_type(on)


@dataclass(frozen=True)
class Totals:
    """Days of a month or year.

    ``paid_days`` are those for which wages are due: worked ones and statutory holidays. A holiday on a weekend is paid
    on its substitute weekday, which may lie in the next month.
    """

    calendar_days: int
    weekdays: int
    scheduled_workdays: int
    statutory_days: int
    paid_days: int

    @property
    def standard_minutes(self) -> int:
        """Return the standard working time at eight hours a day."""
        return self.scheduled_workdays * 480


def ordinary_day_type(on: dt.date) -> str:
    """Return what the weekday alone says: Saturday and Sunday are rest days."""
    return "REST_DAY" if on.weekday() >= 5 else "WORKDAY"


@cache
def published_years(country: str = "CN") -> tuple[int, ...]:
    """Return the years whose calendars are here, ascending."""
    prefix = f"{country.lower()}_"
    names = (file.name for file in _folder().iterdir())
    return tuple(sorted(int(name[len(prefix) : -5]) for name in names if name.startswith(prefix)))


@cache
def year_pack(year: int, country: str = "CN") -> YearPack:
    """Return a published year; raises `NotPublished`."""
    file = _folder() / f"{country.lower()}_{year}.json"
    if not file.is_file():
        raise NotPublished(year, country)
    found = json.loads(file.read_text(encoding="utf-8"))
    return YearPack(
        year=found["year"],
        source=tuple(found["source"]),
        statutory={
            dt.date.fromisoformat(on): Named(day["name"], day["name_en"])
            for on, day in found["statutory"].items()
        },
        days_off={dt.date.fromisoformat(on): kind for on, kind in found["days_off"].items()},
        adjusted_workdays=frozenset(map(dt.date.fromisoformat, found["adjusted_workdays"])),
    )


def _folder() -> resources.abc.Traversable:
    return resources.files("zhiheng.rosters.calc") / "calendars"


def day_type(on: dt.date | str, country: str = "CN") -> str:
    """Return the type of a day by the published calendar; raises `NotPublished`."""
    day = dt.date.fromisoformat(on) if isinstance(on, str) else on
    return year_pack(day.year, country).day_type(day)


def day_types(
    first: dt.date, last: dt.date, overrides: Mapping[dt.date, str] | None = None, country: str = "CN"
) -> dict[dt.date, str]:
    """Return the type of each day, both ends included; a company's own days go before the published ones.

    A year that is not published, or a ``country`` without any, has ordinary weekends only: ask `unpublished_years` and
    tell people.
    """
    known = set(published_years(country))
    found = {}
    for number in range(first.toordinal(), last.toordinal() + 1):
        on = dt.date.fromordinal(number)
        base = year_pack(on.year, country).day_type(on) if on.year in known else ordinary_day_type(on)
        found[on] = (overrides or {}).get(on) or base
    return found


def unpublished_years(first: dt.date, last: dt.date, country: str = "CN") -> tuple[int, ...]:
    """Return the years of a span whose calendars are not here."""
    known = published_years(country)
    return tuple(year for year in range(first.year, last.year + 1) if year not in known)


def totals_of(types: Mapping[dt.date, str]) -> Totals:
    """Count the days of a span by what they are."""
    kinds = list(types.values())
    workdays = sum(kind in WORKING for kind in kinds)
    holidays = sum(
        kind == "SUBSTITUTE_OFF" or (kind == STATUTORY and on.weekday() < 5) for on, kind in types.items()
    )
    return Totals(
        calendar_days=len(types),
        weekdays=sum(on.weekday() < 5 for on in types),
        scheduled_workdays=workdays,
        statutory_days=kinds.count(STATUTORY),
        paid_days=workdays + holidays,
    )


def month_totals(month: str, country: str = "CN") -> dict[str, int]:
    """Return the totals of a month ("2025-01") by the published calendar; raises `NotPublished`."""
    year, number = map(int, month.split("-"))
    last = calendar.monthrange(year, number)[1]
    return _totals(dt.date(year, number, 1), dt.date(year, number, last), country)


def calendar_totals(year: int, country: str = "CN") -> dict[str, int]:
    """Return the totals of a year by the published calendar; raises `NotPublished`."""
    return _totals(dt.date(year, 1, 1), dt.date(year, 12, 31), country)


def _totals(first: dt.date, last: dt.date, country: str) -> dict[str, int]:
    year_pack(first.year, country)
    totals = totals_of(day_types(first, last, country=country))
    return {
        "scheduled_workdays": totals.scheduled_workdays,
        "statutory_days": totals.statutory_days,
        "paid_days": totals.paid_days,
        "weekdays": totals.weekdays,
    }


def overtime_multiple(kind: str) -> Decimal:
    """Return the multiple of the hourly wage for overtime on a day of this type; raises KeyError for another type."""
    return _MULTIPLES[kind]


_MULTIPLES: dict[str, Decimal] = {
    kind: Decimal(3) if kind == STATUTORY else Decimal("1.5") if kind in WORKING else Decimal(2)
    for kind in DAY_TYPES
}
