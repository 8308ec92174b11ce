"""Vouchers that balance, or are none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.payroll.calc.journal import (
    CLEARING,
    Line,
    PayrollTotals,
    Voucher,
    balances,
    foreign_vouchers,
    payroll_vouchers,
)

FEN = st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100)
RATE = st.integers(60_000, 80_000).map(lambda rate: Decimal(rate) / 10_000)


@given(FEN, FEN, FEN, FEN, FEN, FEN)
def test_every_clearing_account_ends_at_nothing(gross, insurance, fund, own_insurance, own_fund, tax):
    totals = PayrollTotals(
        gross={"6602": gross + own_insurance + own_fund + tax}, employer_insurance={"6602": insurance},
        employer_fund={"6601": fund}, own_insurance=own_insurance, own_fund=own_fund, tax=tax,
    )  # fmt: skip
    found = balances(payroll_vouchers(totals))
    assert all(not found.get(account) for account in CLEARING)
    assert found.get("6602", 0) + found.get("6601", 0) == -found.get("1002", 0)


@given(FEN, RATE, RATE, RATE)
def test_wages_in_foreign_currency_clear_as_well(amount, accrued, closed, paid):
    found = balances(foreign_vouchers("6602", amount, accrued_at=accrued, closed_at=closed, paid_at=paid))
    assert not found.get("2211.01")
    assert found.get("6602", 0) + found.get("6603", 0) == -found.get("1002", 0)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([Line("1", debit=Decimal(1))], "differ"),
        ([Line("1", debit=Decimal(-1)), Line("2", credit=Decimal(-1))], "one side"),
        ([Line("1", Decimal(1), Decimal(1))], "one side"),
    ],
)
def test_what_is_no_voucher(lines, said):
    with pytest.raises(ValueError, match=said):
        Voucher("x", tuple(lines))
