from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.rosters.calc.calendar import (
    DAY_TYPES,
    Named,
    NotPublished,
    Totals,
    calendar_totals,
    day_type,
    day_types,
    month_totals,
    ordinary_day_type,
    overtime_multiple,
    published_years,
    totals_of,
    unpublished_years,
    year_pack,
)


@pytest.mark.parametrize(
    ("year", "workdays", "statutory"), [(2024, 251, 11), (2025, 248, 13), (2026, 248, 13)]
)
def test_workdays_and_statutory_days_make_up_the_weekdays_of_a_year(year, workdays, statutory):
    assert calendar_totals(year) == {
        "scheduled_workdays": workdays,
        "statutory_days": statutory,
        "paid_days": workdays + statutory,
        "weekdays": workdays + statutory,
    }


def test_a_month_in_which_a_break_was_swapped():
    assert month_totals("2026-02") == {
        "scheduled_workdays": 16,
        "statutory_days": 4,
        "paid_days": 20,
        "weekdays": 20,
    }


@pytest.mark.parametrize(
    ("on", "kind", "multiple"),
    [
        ("2026-04-05", "STATUTORY_HOLIDAY", "3"),  # a Sunday
        ("2026-04-06", "SUBSTITUTE_OFF", "2"),
        ("2026-02-20", "SWAP_OFF", "2"),
        ("2026-02-14", "ADJUSTED_WORKDAY", "1.5"),
        ("2024-02-09", "WORKDAY", "1.5"),  # New Year's Eve became statutory in 2025
        ("2026-08-08", "REST_DAY", "2"),
    ],
)
def test_kinds_of_days(on, kind, multiple):
    assert day_type(on) == day_type(dt.date.fromisoformat(on)) == kind
    assert overtime_multiple(kind) == Decimal(multiple)


def test_each_kind_has_a_multiple():
    assert {kind: str(overtime_multiple(kind)) for kind in DAY_TYPES} == {
        "WORKDAY": "1.5",
        "ADJUSTED_WORKDAY": "1.5",
        "REST_DAY": "2",
        "SWAP_OFF": "2",
        "SUBSTITUTE_OFF": "2",
        "STATUTORY_HOLIDAY": "3",
    }


def test_a_year_that_is_not_published_is_refused():
    with pytest.raises(NotPublished, match="no published calendar of CN for 2027") as caught:
        calendar_totals(2027)
    assert (caught.value.year, caught.value.country) == (2027, "CN")
    with pytest.raises(NotPublished):
        month_totals("2027-01")
    with pytest.raises(NotPublished):
        day_type("2027-02-06")
    with pytest.raises(NotPublished):
        year_pack(2026, "HK")


def test_a_span_goes_on_with_weekends_and_tells_which_years_are_missing():
    first, last = dt.date(2026, 12, 31), dt.date(2027, 1, 2)
    assert day_types(first, last) == {
        dt.date(2026, 12, 31): "WORKDAY",
        dt.date(2027, 1, 1): "WORKDAY",
        dt.date(2027, 1, 2): "REST_DAY",
    }
    assert unpublished_years(first, last) == (2027,)
    assert unpublished_years(first, dt.date(2026, 12, 31)) == ()
    assert published_years() == (2024, 2025, 2026)
    assert published_years("HK") == ()


def test_the_days_of_a_company_go_first():
    on = dt.date(2026, 9, 18)
    assert day_types(on, on, {on: "SUBSTITUTE_OFF"}) == {on: "SUBSTITUTE_OFF"}
    assert day_types(on, on, {on: "SUBSTITUTE_OFF"}, country="HK") == {on: "SUBSTITUTE_OFF"}


def test_a_year_names_its_days_and_its_source():
    pack = year_pack(2026)
    assert pack.statutory[dt.date(2026, 2, 17)] == Named("春节（初一）", "Spring Festival")
    assert pack.source != ()
    assert all(each.startswith("https://") for each in pack.source)
    assert ordinary_day_type(dt.date(2026, 2, 14)) == "REST_DAY"


def test_totals_of_a_span():
    totals = totals_of(day_types(dt.date(2025, 5, 1), dt.date(2025, 5, 31)))
    assert totals == Totals(
        calendar_days=31, weekdays=22, scheduled_workdays=19, statutory_days=3, paid_days=21
    )
    assert totals.standard_minutes == 9120
