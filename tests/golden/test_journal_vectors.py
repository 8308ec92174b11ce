"""Vouchers against worked-out ones: balanced, to the fen, clearing accounts at nothing.

ZHIHENG_VECTORS names another folder to take them from; without the file there nothing is run.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhiheng.payroll.calc.journal import (
    CLEARING,
    Line,
    PayrollTotals,
    Voucher,
    balances,
    foreign_vouchers,
    payroll_vouchers,
)

FOLDER = Path(os.environ.get("ZHIHENG_VECTORS") or Path(__file__).parent.parent / "vectors")
FILE = FOLDER / "journal.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"] if FILE.is_file() else []
VOUCHERS = [each for each in VECTORS if each["kind"] == "voucher"]
GROSS = {"5001": 50_000, "5101": 10_000, "6602": 25_000, "6601": 10_000, "5301": 5_000}


def month() -> list[Voucher]:
    """The month of the vectors: 100,000 of wages, 26,500 and 7,000 of the employer's on top."""
    gross = {account: Decimal(amount) for account, amount in GROSS.items()}
    totals = PayrollTotals(
        gross=gross,
        employer_insurance={account: amount * Decimal("0.265") for account, amount in gross.items()},
        employer_fund={account: amount * Decimal("0.07") for account, amount in gross.items()},
        own_insurance=Decimal(10_500),
        own_fund=Decimal(7_000),
        tax=Decimal(3_200),
    )
    return payroll_vouchers(totals)


def foreign() -> list[Voucher]:
    rates = {"accrued_at": Decimal("7.2"), "closed_at": Decimal("7.25"), "paid_at": Decimal("7.22")}
    return foreign_vouchers("6602", Decimal(10_000), **rates)


MADE = dict(zip(["JV-01", "JV-02", "JV-03", "JV-04", "JV-05", "JV-06"], month(), strict=True)) | dict(
    zip(["JV-08", "JV-09", "JV-10"], foreign(), strict=True)
)


def read(vector: dict[str, Any]) -> Voucher:
    lines = [
        Line(each["account"], Decimal(each["debit"]), Decimal(each["credit"])) for each in vector["lines"]
    ]
    return Voucher(vector["title"], tuple(lines))


@pytest.mark.parametrize("vector", VOUCHERS, ids=lambda each: each["id"])
def test_vouchers(vector):
    given = read(vector)
    assert given.total == Decimal(vector["total"])
    if vector["id"] in MADE:
        made = MADE[vector["id"]]
        assert made.total == given.total
        assert balances([made]) == balances([given])


@pytest.mark.parametrize(
    "vector", [each for each in VECTORS if each["kind"] == "invariant"], ids=lambda each: each["id"]
)
def test_what_is_cleared_ends_at_nothing(vector):
    found = balances(month())
    expected = vector["expected"]
    assert {found[account] for account in expected["clearing_accounts_zero"]} == {0}
    cost = sum(found[account] for account in GROSS)
    assert (cost, -found["1002"]) == (
        Decimal(expected["cost_equals_cash"]),
        Decimal(expected["cost_equals_cash"]),
    )
    assert set(expected["clearing_accounts_zero"]) <= set(CLEARING)
