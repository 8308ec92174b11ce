"""Income tax against cases worked out by hand or published.

ZHIHENG_VECTORS names another folder to take them from; without the file there nothing is run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhiheng.payroll.calc.income_tax import (
    BasicDeduction,
    Month,
    annual_tax,
    author_tax,
    bonus_choice,
    bonus_tax,
    intern_tax,
    labour_tax,
    nonresident_author_tax,
    nonresident_bonus_tax,
    nonresident_labour_tax,
    nonresident_wage_tax,
    royalty_tax,
    severance_tax,
    withhold_year,
)
from zhiheng.payroll.rules import income_tax_rules

FOLDER = Path(os.environ.get("ZHIHENG_VECTORS") or Path(__file__).parent.parent / "vectors")
FILE = FOLDER / "iit.json"
DATA: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {"vectors": []}
RULES = income_tax_rules()
NAMES = {"si": "insurance", "add": "additional"}
MODES = {"tenure": BasicDeduction.TENURE, "lump": BasicDeduction.LUMP}
"""Any other mode counts from January."""

Case = dict[str, Any]


def wages(case: Case) -> Case:
    months = [
        Month(**{NAMES.get(name, name): Decimal(value) for name, value in each.items()})
        for each in case["months"]
    ]
    basic = MODES.get(case["deduct_mode"], BasicDeduction.CALENDAR)
    found = withhold_year(months, RULES, first_month=int(case.get("start_month", 1)), basic=basic)
    return {
        "withhold": [each.amount for each in found],
        "cum_taxable": [each.taxable for each in found],
        "cum_tax": [each.tax for each in found],
        "raw": [each.raw for each in found],
        "year_total": sum(each.amount for each in found),
    }


def bonus(case: Case) -> Case:
    tax = bonus_tax(Decimal(case["bonus"]), RULES)
    return {"tax": tax, "net": Decimal(case["bonus"]) - tax}


def choice(case: Case) -> Case:
    found = bonus_choice(Decimal(case["annual_wage_taxable_before_bonus"]), Decimal(case["bonus"]), RULES)
    better = "combined" if found.is_combined_better else "separate"
    return {"separate_total": found.separate, "combined_total": found.combined, "better": better}


def intern(case: Case) -> Case:
    amount = Decimal(case["amount"])
    return {
        "withhold": intern_tax([amount] * int(case["months"]), RULES)[-1],
        "versus_normal": labour_tax(amount, RULES),
    }


def severance(case: Case) -> Case:
    return vars(severance_tax(Decimal(case["total"]), Decimal(case["local_avg_annual_wage"]), RULES))


def of_amount(name: str, function: Callable) -> Callable[[Case], Case]:
    return lambda case: {name: function(Decimal(case["amount"]), RULES)}


KINDS: dict[str, Callable[[Case], Case]] = {
    "resident_wage_cumulative": wages,
    "annual_tax": lambda case: {"tax": annual_tax(Decimal(case["taxable"]), RULES)},
    "annual_bonus_separate": bonus,
    "annual_bonus_choice": choice,
    "annual_bonus_no_wage_offset": lambda case: {"separate_tax": bonus_tax(Decimal(case["bonus"]), RULES)},
    "labour_remuneration_resident": of_amount("withhold", labour_tax),
    "labour_intern_cumulative": intern,
    "author_fee_resident": of_amount("tax", author_tax),
    "royalty_resident": of_amount("tax", royalty_tax),
    "nonresident_wage": of_amount("tax", nonresident_wage_tax),
    "nonresident_labour": of_amount("tax", nonresident_labour_tax),
    "nonresident_author": of_amount("tax", nonresident_author_tax),
    "nonresident_multi_month_bonus": of_amount("tax", nonresident_bonus_tax),
    "severance": severance,
}
"""Cases of the kind ``rule`` are sentences, not figures."""
CASES = [each for each in DATA["vectors"] if each["kind"] != "rule"]


@pytest.mark.parametrize("vector", CASES, ids=lambda each: each["id"])
def test_income_tax(vector):
    found = KINDS[vector["kind"]](vector["input"])
    expected = vector["expected"]
    assert {name: _text(found[name]) for name in expected} == expected, vector["reasoning"]


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(each) for each in value]
    return f"{value:.2f}" if isinstance(value, Decimal) else value


@pytest.mark.skipif("brackets_year" not in DATA, reason="no tables in the vectors")
def test_the_tables_are_those_of_the_vectors():
    for name in ("year", "month", "labour"):
        given = [
            tuple(None if each is None else Decimal(each) for each in row) for row in DATA[f"brackets_{name}"]
        ]
        assert [(each.upto, each.rate, each.quick) for each in getattr(RULES, name)] == given
