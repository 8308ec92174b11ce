from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calckit.periods import Period, PeriodKind

CALENDAR_KINDS = [kind for kind in PeriodKind if kind is not PeriodKind.CUSTOM]


@pytest.mark.parametrize(
    ("kind", "start", "end", "zh", "en"),
    [
        (PeriodKind.MONTH, date(2026, 11, 1), date(2026, 12, 1), "2026年11月", "Nov 2026"),
        (PeriodKind.QUARTER, date(2026, 10, 1), date(2027, 1, 1), "2026年第四季度", "Q4 2026"),
        (PeriodKind.HALF, date(2026, 7, 1), date(2027, 1, 1), "2026年下半年", "H2 2026"),
        (PeriodKind.YEAR, date(2026, 1, 1), date(2027, 1, 1), "2026年", "2026"),
    ],
)
def test_calendar_periods_of_a_date(kind: PeriodKind, start: date, end: date, zh: str, en: str) -> None:
    period = Period.containing(date(2026, 11, 24), kind)
    assert period == Period(start, end, kind)
    assert (period.label(), period.label("en")) == (zh, en)


def test_the_first_half_has_its_own_name() -> None:
    half = Period.containing(date(2026, 6, 30), PeriodKind.HALF)
    assert (half.label(), half.label("en-gb")) == ("2026年上半年", "H1 2026")


def test_a_custom_period_keeps_its_length() -> None:
    period = Period(date(2026, 1, 26), date(2026, 2, 26))
    assert period.next() == Period(date(2026, 2, 26), date(2026, 3, 29))
    assert period.previous() == Period(date(2025, 12, 26), date(2026, 1, 26))
    assert (period.days, period.last) == (31, date(2026, 2, 25))
    assert (period.label(), period.label("en")) == ("2026-01-26 至 2026-02-25", "2026-01-26 – 2026-02-25")


def test_the_end_is_not_part_of_it() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 3))
    assert [date(2026, 1, day) in period for day in (1, 2, 3)] == [True, True, False]
    assert date(2025, 12, 31) not in period


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.sampled_from(CALENDAR_KINDS))
def test_neighbours_touch_and_lead_back(day: date, kind: PeriodKind) -> None:
    period = Period.containing(day, kind)
    assert day in period
    assert period.next().start == period.end
    assert period.previous().end == period.start
    assert period.next().previous() == period == period.previous().next()


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 1, 1)])
def test_a_period_has_at_least_one_date(end: date) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        Period(date(2026, 1, 1), end)


def test_a_calendar_period_is_whole() -> None:
    with pytest.raises(ValueError, match="is not a month"):
        Period(date(2026, 1, 1), date(2026, 1, 31), PeriodKind.MONTH)


def test_a_custom_period_cannot_be_found_by_calendar() -> None:
    with pytest.raises(ValueError, match="no calendar"):
        Period.containing(date(2026, 1, 1), PeriodKind.CUSTOM)
