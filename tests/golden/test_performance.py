"""Reviews against cases computed by hand. ZHIHENG_VECTORS names another folder to take them from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zhiheng.calckit.formula import Formula, FormulaSet, Outcome
from zhiheng.calckit.rounding import round_half_up
from zhiheng.reviews.calc.bonus import bonus, divide_bonus_pool, prorated_bonus
from zhiheng.reviews.calc.calibration import nine_box, rating_quotas
from zhiheng.reviews.calc.scorecard import (
    RaterGroup,
    WeightsError,
    check_weights,
    objective_score,
    score_from_raters,
)

FOLDER = Path(os.environ.get("ZHIHENG_VECTORS") or Path(__file__).parent.parent / "vectors")
VECTORS = json.loads((FOLDER / "performance.json").read_text(encoding="utf-8"))["vectors"]

Case = dict[str, Any]


def _decimals(items: list[str]) -> list[Decimal]:
    return [Decimal(item) for item in items]


def _compute(text: str, **values: object) -> dict[str, str]:
    """Evaluate a formula by row and by column, which must agree."""
    decimals = {name: value if isinstance(value, bool) else Decimal(value) for name, value in values.items()}
    formula = Formula.parse(text, decimals)
    result = formula.evaluate(decimals)
    row = formula.evaluate_frame(pl.DataFrame({name: [value] for name, value in decimals.items()})).row(0)
    assert row == (result.value, result.outcome.name)
    if result.outcome is not Outcome.OK:
        return {"error": result.outcome.name}
    return {"score": str(round_half_up(result.value))}


def weighted_formula(case: Case) -> Case:
    texts = {"产量达标率": "产量实际 ÷ 产量目标", "得分": f"({case['formula']}) × 100"}
    values = {name: Decimal(value) for name, value in case["vars"].items()}
    score = FormulaSet.parse(texts, values).evaluate(values)["得分"]
    return {"score": str(round_half_up(score.value))}


def zero_target(case: Case) -> Case:
    return _compute("actual / target", **case)


def capped_linear(case: Case) -> Case:
    return _compute("线性(x, x0, x1, y0, y1)", **case)


def lower_is_better(case: Case) -> Case:
    return _compute("线性(actual, worst, target, 0, 100)", **case)


def step_table(case: Case) -> Case:
    steps = ", ".join(f"{bound}, {value}" for bound, value in case["steps"])
    return _compute(f"分段(x, {steps}, {case['otherwise']})", x=case["x"])


def veto(case: Case) -> Case:
    cap = f", {case['cap']}" if "cap" in case else ""
    return _compute(f"否决(score, veto{cap})", score=case["score"], veto=case["veto"])


def weights_invalid(case: Case) -> Case:
    with pytest.raises(WeightsError) as refused:
        check_weights(_decimals(case["weights"]))
    return {"error": refused.value.code}


def plain_bonus(case: Case) -> Case:
    coefficients = _decimals([case["grade_coefficient"], case["department_coefficient"]])
    return {"amount": str(bonus(Decimal(case["base"]), coefficients))}


def bonus_prorated(case: Case) -> Case:
    base, coefficient, attended, paid = _decimals(
        [case["base"], case["grade_coefficient"], case["attended"], case["paid_days"]]
    )
    return {"amount": str(prorated_bonus(base, [coefficient], attended, paid))}


def forced_distribution(case: Case) -> Case:
    return {"quota": list(rating_quotas(case["people"], _decimals(case["shares"])))}


def missing_group(case: Case) -> Case:
    groups = {
        name: RaterGroup(
            Decimal(weight), tuple(_decimals([case["scores"][name]] if name in case["scores"] else []))
        )
        for name, weight in case["weights"].items()
    }
    return {"score": str(score_from_raters(groups).score)}


def okr(case: Case) -> Case:
    return {"score": str(objective_score(_decimals(case["kr"])))}


def bonus_pool(case: Case) -> Case:
    amounts = divide_bonus_pool(Decimal(case["pool"]), _decimals(case["weights"]))
    return {"amounts": [str(amount) for amount in amounts]}


def box(case: Case) -> Case:
    cuts = case["cuts"]
    found = nine_box(
        Decimal(case["performance"]), Decimal(case["potential"]), cuts["performance"], cuts["potential"]
    )
    return {"box": list(found)}


KINDS: dict[str, Callable[[Case], Case]] = {
    "weighted_formula": weighted_formula,
    "weighted_formula_cap": weighted_formula,
    "zero_target": zero_target,
    "capped_linear": capped_linear,
    "lower_is_better": lower_is_better,
    "step_table": step_table,
    "veto": veto,
    "weights_invalid": weights_invalid,
    "bonus": plain_bonus,
    "bonus_prorated": bonus_prorated,
    "forced_distribution": forced_distribution,
    "360_missing_group": missing_group,
    "okr": okr,
    "bonus_pool": bonus_pool,
    "nine_box": box,
}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_case_computed_by_hand(vector: Case) -> None:
    assert KINDS[vector["kind"]](vector["input"]) == vector["expected"]
