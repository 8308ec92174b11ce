"""Contributions: rows that hold, rows that are missing, rows that contradict one another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.payroll.calc.contributions import (
    BadRate,
    Contribution,
    ContributionRule,
    Difference,
    MissingRule,
    check_rules,
    contribution,
    contributions,
    differences,
    insurances_on,
)
from zhiheng.payroll.rules import contribution_rules

RULES = contribution_rules()
AUGUST = dt.date(2026, 8, 15)


def row(
    since: str, until: str | None, floor: int | None = 1_000, ceiling: int | None = 9_000
) -> ContributionRule:
    rates = (Decimal("0.1"), Decimal("0.1"))
    return ContributionRule(
        "here", "pension", dt.date.fromisoformat(since), until and dt.date.fromisoformat(until),
        None if floor is None else Decimal(floor), None if ceiling is None else Decimal(ceiling), rates, rates,
    )  # fmt: skip


def test_all_insurances_of_a_city():
    found = contributions(RULES, "beijing", AUGUST, Decimal(20_000), {"housing_fund": Decimal("0.12")})
    assert list(found) == ["pension", "medical_incl_maternity", "unemployment", "work_injury", "housing_fund"]
    assert found["medical_incl_maternity"] == Contribution(
        Decimal(20_000), Decimal("1960.00"), Decimal("403.00")
    )
    assert insurances_on(RULES, "beijing", dt.date(2020, 1, 1)) == []


@pytest.mark.parametrize(
    ("city", "insurance", "on"),
    [
        ("guangzhou", "medical_incl_maternity", dt.date(2026, 3, 1)),  # the base of 2026 is not published
        ("guangzhou", "pension", dt.date(2020, 1, 1)),
        ("atlantis", "pension", AUGUST),
    ],
)
def test_what_is_missing_stops_the_calculation_by_name(city, insurance, on):
    with pytest.raises(MissingRule, match=f"{city} {insurance} {on}"):
        contribution(RULES, city, insurance, on, Decimal(5_000))
    with pytest.raises(MissingRule, match="atlantis"):
        contributions(RULES, "atlantis", AUGUST, Decimal(5_000))


@pytest.mark.parametrize("rate", [None, "0.13", "0.04"])
def test_a_rate_to_choose_has_to_be_one_of_the_city(rate):
    with pytest.raises(BadRate, match=r"from 0\.05 to 0\.12"):
        contribution(RULES, "beijing", "housing_fund", AUGUST, Decimal(9_000), rate and Decimal(rate))


def test_rows_that_join_are_fine():
    check_rules([row("2025-01-01", "2025-12-31"), row("2026-01-01", None)])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("2025-01-01", None), row("2026-01-01", None)], "two rows hold on 2026-01-01"),
        ([row("2025-01-01", "2026-01-01"), row("2026-01-01", None)], "two rows hold on 2026-01-01"),
        ([row("2025-01-01", "2025-11-30"), row("2026-01-01", None)], "no row holds on 2025-12-01"),
        ([row("2025-01-01", None, 10_000, 9_000)], "floor above ceiling"),
    ],
)
def test_rows_that_contradict_one_another(rows, said):
    with pytest.raises(ValueError, match=said):
        check_rules(rows)


def test_only_months_with_a_difference_get_a_line():
    july, august = dt.date(2026, 7, 1), dt.date(2026, 8, 1)
    old, new = (
        Contribution(Decimal(base), Decimal(base) / 10, Decimal(base) / 20) for base in (1_000, 1_100)
    )
    assert differences({july: old, august: new}, {july: new, august: new}) == [
        Difference(july, Decimal(10), Decimal(5))
    ]
