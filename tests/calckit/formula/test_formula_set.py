from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from zhiheng.calckit.formula import FormulaError, FormulaSet, Outcome, order_formulas

TEXTS = {"得分": "产量达标率×80% + 维护率×20%", "产量达标率": "实际 ÷ 目标"}


def test_each_formula_comes_after_those_it_uses() -> None:
    assert order_formulas({"丙": "乙+甲", "乙": "甲×2", "甲": "x"}) == ("甲", "乙", "丙")
    assert order_formulas({}) == ()


def test_the_names_to_be_given_are_those_that_are_no_formulas() -> None:
    assert FormulaSet.parse(TEXTS).names == ("实际", "目标", "维护率")


def test_results_and_reasons_pass_on() -> None:
    formulas = FormulaSet.parse(TEXTS, ["实际", "目标", "维护率"])
    results = formulas.evaluate({"实际": 950, "目标": 1000, "维护率": Decimal("0.9")})
    assert {name: str(result.value) for name, result in results.items()} == {
        "产量达标率": "0.95",
        "得分": "0.94",
    }
    results = formulas.evaluate({"实际": 950, "目标": 0, "维护率": Decimal("0.9")})
    assert [result.outcome for result in results.values()] == [Outcome.TARGET_ZERO] * 2


def test_by_column_reasons_pass_on_too() -> None:
    frame = pl.DataFrame({"实际": [950, 950, None], "目标": [1000, 0, 1], "维护率": [1, 1, 1]})
    score = FormulaSet.parse(TEXTS).evaluate_frame(frame)["得分"]
    assert score.to_dict(as_series=False) == {
        "value": [Decimal("0.96"), None, None],
        "outcome": ["OK", "TARGET_ZERO", "MISSING"],
    }


def test_names_of_formulas_keep_their_spelling() -> None:
    formulas = FormulaSet.parse({"总分": "[得分（甲）] + 1", "得分（甲）": "x"})
    assert list(formulas.formulas) == ["得分（甲）", "总分"]
    assert formulas.evaluate({"x": 1})["总分"].value == 2


@pytest.mark.parametrize(
    ("texts", "cycle", "formula", "marked"),
    [
        ({"甲": "乙 + 1", "乙": "3 × 甲"}, "甲 → 乙 → 甲", "甲", "乙"),
        ({"丁": "甲", "乙": "丙+1", "丙": "甲 × 2", "甲": "2 × 乙"}, "乙 → 丙 → 甲 → 乙", "乙", "丙"),
        ({"甲": "1 + 甲"}, "甲 → 甲", "甲", "甲"),
    ],
)
def test_a_circle_is_named(texts: dict[str, str], cycle: str, formula: str, marked: str) -> None:
    with pytest.raises(FormulaError) as refused:
        order_formulas(texts)
    problem = refused.value.problem
    assert (problem.code, problem.formula, problem.params) == ("cycle", formula, {"cycle": cycle})
    assert problem.text[problem.start : problem.end] == marked
    assert problem.message() == f"公式互相引用，形成循环：{cycle}。"


def test_a_long_chain_needs_no_recursion() -> None:
    texts = {f"f{i}": f"f{i + 1} + 1" for i in range(3000)}
    assert order_formulas(texts)[0] == "f2999"
    with pytest.raises(FormulaError, match="f0 → f1 → f2"):
        order_formulas(texts | {"f3000": "f0"})


def test_the_formula_that_cannot_be_read_is_named() -> None:
    with pytest.raises(FormulaError, match=r"^乙: 没有名为「实记」的数据，是否想写「实际」？") as refused:
        FormulaSet.parse({"甲": "乙", "乙": "实记 + 1"}, ["实际"])
    assert refused.value.problem.formula == "乙"
