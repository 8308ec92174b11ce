"""Rules of the law as data, each row with its source and dates; read here into what `payroll.calc` takes.

A pack is replaced, not edited: new rows come with new files. What a pack does not hold is missing, never guessed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from zhiheng.payroll.calc.contributions import ContributionRule, check_rules
from zhiheng.payroll.calc.income_tax import Bracket, TaxRules

FOLDER = Path(__file__).parent


@cache
def income_tax_rules() -> TaxRules:
    """Return the rules of individual income tax of the Chinese mainland, in force since 2019."""
    data = _read("income_tax_cn.json")
    names = (
        "basic_month",
        "fee_small_until",
        "fee_small",
        "fee_share",
        "author_share",
        "author_rate",
        "severance_times",
    )
    return TaxRules(
        year=_table(data["year"]), month=_table(data["month"]), labour=_table(data["labour"]),
        bonus_separate_until=dt.date.fromisoformat(data["bonus_separate_until"]),
        **{name: Decimal(data[name]) for name in names},
    )  # fmt: skip


@cache
def contribution_rules() -> Sequence[ContributionRule]:
    """Return the rules of social insurance and housing fund by city; ValueError for a pack that contradicts itself."""
    rules = [_rule(each) for each in _read("social_insurance_cn.json")["rows"]]
    check_rules(rules)
    return rules


def _read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _table(rows: Sequence[Sequence[str | None]]) -> tuple[Bracket, ...]:
    return tuple(
        Bracket(_decimal(upto), Decimal(str(rate)), Decimal(str(quick))) for upto, rate, quick in rows
    )


def _rule(row: Mapping[str, Any]) -> ContributionRule:
    employer, employee = (_rates(row[f"{side}_rate"]) for side in ("employer", "employee"))
    return ContributionRule(
        city=row["city"], insurance=row["insurance"], effective_from=dt.date.fromisoformat(row["effective_from"]),
        effective_to=dt.date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
        floor=_decimal(row["base_floor"]), ceiling=_decimal(row["base_ceiling"]),
        employer_rates=employer, employee_rates=employee, employee_fixed=Decimal(row["employee_fixed"]),
        unit=Decimal(row["rounding"]), grade=row["grade"], source=row["source"],
    )  # fmt: skip


def _rates(text: str) -> tuple[Decimal, Decimal]:
    """Return the lowest and highest rate: ``0.05-0.12`` is for the employer to choose in between."""
    low, _dash, high = str(text).partition("-")
    return Decimal(low), Decimal(high or low)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
