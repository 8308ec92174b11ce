"""Tax that holds together: twelve months are the year, more income is never less tax."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from zhiheng.payroll.calc.income_tax import (
    BasicDeduction,
    Month,
    annual_tax,
    bonus_choice,
    labour_tax,
    tax_by,
    withhold_year,
)
from zhiheng.payroll.rules import income_tax_rules

RULES = income_tax_rules()
FEN = st.integers(0, 20_000_000).map(lambda fen: Decimal(fen) / 100)


@given(st.lists(FEN, min_size=12, max_size=12).map(sorted))
def test_twelve_months_are_the_year_to_the_fen(wages):
    found = withhold_year([Month(income=each) for each in wages], RULES)
    # Wages that never fall never leave a balance to be given back.
    assert sum(each.amount for each in found) == annual_tax(sum(wages) - 60_000, RULES)
    assert all(each.amount >= 0 for each in found)


@given(st.lists(FEN, min_size=1, max_size=12))
def test_what_was_withheld_is_never_below_the_tax_and_never_given_back(wages):
    found = withhold_year([Month(income=each) for each in wages], RULES)
    withheld = sum(each.amount for each in found)
    assert withheld >= found[-1].tax
    assert withheld == max(each.tax for each in found)


@given(FEN, FEN)
def test_more_is_never_taxed_less(one, other):
    low, high = sorted([one, other])
    for table in (RULES.year, RULES.month, RULES.labour):
        assert tax_by(table, low) <= tax_by(table, high)
    assert labour_tax(low, RULES) <= labour_tax(high, RULES)


def test_brackets_join_without_a_step():
    for table in (RULES.year, RULES.month, RULES.labour):
        for bracket, after in pairwise(table):
            assert bracket.upto * bracket.rate - bracket.quick == bracket.upto * after.rate - after.quick


def test_who_gets_the_first_wage_of_the_year_in_july_has_seven_months_of_deduction():
    months = [Month(income=Decimal(20_000))]
    july = {"first_month": 7}
    assert withhold_year(months, RULES, **july)[0].amount == 450
    assert withhold_year(months, RULES, basic=BasicDeduction.CALENDAR, **july)[0].amount == 0


def test_exempt_income_other_deductions_and_relief():
    month = Month(
        income=Decimal(20_000), exempt=Decimal(1_000), insurance=Decimal(2_000), additional=Decimal(1_000),
        other=Decimal(1_000), relief=Decimal(100),
    )  # fmt: skip
    assert withhold_year([month], RULES)[0].amount == 200  # 10,000 at 3 %, less 100


def test_from_2028_a_bonus_is_combined():
    found = bonus_choice(Decimal(100_000), Decimal(36_000), RULES, paid_on=dt.date(2028, 1, 5))
    assert (found.separate, found.combined, found.is_combined_better) == (None, Decimal("11080.00"), True)
