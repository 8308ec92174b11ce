"""Social insurance and housing fund against published tables and cases worked out by hand.

ZHIHENG_VECTORS names another folder to take them from; without the file there nothing is run.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhiheng.payroll.calc.contributions import Contribution, ContributionRule, contribution, differences
from zhiheng.payroll.rules import contribution_rules

FOLDER = Path(os.environ.get("ZHIHENG_VECTORS") or Path(__file__).parent.parent / "vectors")
FILE = FOLDER / "social_insurance.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"] if FILE.is_file() else []
RULES = contribution_rules()

Case = dict[str, Any]


def _figures(found: Contribution) -> dict[str, Decimal]:
    return {"base": found.base, "employer": found.employer, "employee": found.employee}


def contributions(case: Case, expected: Case) -> Case:
    on, wage = dt.date.fromisoformat(case["date"]), Decimal(case["reported_wage"])
    rate = Decimal(case["housing_fund_rate"]) if case.get("housing_fund_rate") else None
    return {name: _figures(contribution(RULES, case["city"], name, on, wage, rate)) for name in expected}


def fund_rounding(case: Case, expected: Case) -> Case:
    rate, on = Decimal(case["rate"]), dt.date(2026, 1, 1)
    rule = ContributionRule(
        "here",
        "housing_fund",
        on,
        None,
        None,
        Decimal("Infinity"),
        (rate, rate),
        (rate, rate),
        unit=Decimal(1),
    )
    found = contribution([rule], "here", "housing_fund", on, Decimal(case["base"]))
    return {"per_side": found.employee, "both_sides": found.employee + found.employer}


def retro(case: Case, expected: Case) -> Case:
    months = [dt.date.fromisoformat(f"{each}-01") for each in case["months"]]
    by_base = {
        base: {
            month: contribution(RULES, case["city"], case["insurance"], month, Decimal(case[base]))
            for month in months
        }
        for base in ("paid_with", "wage")
    }
    assert {each.base for each in by_base["wage"].values()} == {Decimal(case["true_base"])}
    before = dt.date(months[0].year, months[0].month, 1) - dt.timedelta(days=1)
    old = contribution(RULES, case["city"], case["insurance"], before, Decimal(case["wage"]))
    assert old.base == Decimal(case["paid_with"])
    found = differences(dict.fromkeys(months, old), by_base["wage"])
    assert [each.month for each in found] == months
    return {
        "employee_diff": sum(each.employee for each in found),
        "employer_diff": sum(each.employer for each in found),
    }


KINDS: dict[str, Callable[[Case, Case], Case]] = {
    "contribution": contributions,
    "housing_fund_rounding": fund_rounding,
    "retro_difference": retro,
}
"""Cases of the kind ``note`` are sentences on published figures that contradict themselves."""
CASES = [each for each in VECTORS if each["kind"] != "note"]


def _numbers(value: Any) -> Any:
    return (
        {name: _numbers(each) for name, each in value.items()} if isinstance(value, dict) else Decimal(value)
    )


@pytest.mark.parametrize("vector", CASES, ids=lambda each: each["id"])
def test_social_insurance(vector):
    expected = vector["expected"]
    found = KINDS[vector["kind"]](vector["input"], expected)
    assert {name: found[name] for name in expected} == _numbers(expected), vector["reasoning"]
