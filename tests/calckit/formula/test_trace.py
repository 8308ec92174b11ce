"""Every figure opens: the trace of each node, for machines and for people."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from zhiheng.calckit.formula import Formula, Outcome, Step, Working

SCORE = Formula.parse("达成率×80% + MIN(新客户率,120%)×20%")


def test_every_node_is_a_step() -> None:
    trace = SCORE.evaluate({"达成率": Decimal("0.95"), "新客户率": Decimal("1.3")}).trace
    assert trace.steps == (
        Step("name", "达成率", 0, 3, (), "0.95", "OK"),
        Step("number", "80%", 4, 7, (), "0.8", "OK"),
        Step("multiply", "达成率×80%", 0, 7, (0, 1), "0.76", "OK"),
        Step("name", "新客户率", 14, 18, (), "1.3", "OK"),
        Step("number", "120%", 19, 23, (), "1.2", "OK"),
        Step("min", "MIN(新客户率,120%)", 10, 24, (3, 4), "1.2", "OK"),
        Step("number", "20%", 25, 28, (), "0.2", "OK"),
        Step("multiply", "MIN(新客户率,120%)×20%", 10, 28, (5, 6), "0.24", "OK"),
        Step("add", SCORE.text, 0, 28, (2, 7), "1", "OK"),
    )


def test_the_same_inputs_give_the_same_bytes() -> None:
    formula = Formula.parse("IF(甲>1,甲,乙)")
    assert formula.evaluate({"甲": 2, "乙": None}).trace.to_json() == (
        '{"digest":"' + formula.digest + '","engine":"formula/1","formula":"IF(甲>1,甲,乙)",'
        '"inputs":{"乙":{"outcome":"MISSING","value":null},"甲":{"outcome":"OK","value":"2"}},"outcome":"OK","steps":['
        '{"inputs":[],"op":"name","outcome":"OK","span":[3,4],"text":"甲","value":"2"},'
        '{"inputs":[],"op":"number","outcome":"OK","span":[5,6],"text":"1","value":"1"},'
        '{"inputs":[0,1],"op":"more","outcome":"OK","span":[3,6],"text":"甲>1","value":true},'
        '{"inputs":[],"op":"name","outcome":"OK","span":[7,8],"text":"甲","value":"2"},'
        '{"inputs":[],"op":"name","outcome":"MISSING","span":[9,10],"text":"乙","value":null},'
        '{"inputs":[2,3,4],"op":"if","outcome":"OK","span":[0,11],"text":"IF(甲>1,甲,乙)","value":"2"}],"value":"2"}'
    )


def test_a_trace_holds_all_that_is_needed_to_compute_it_again() -> None:
    first = SCORE.evaluate({"达成率": Decimal("0.95"), "新客户率": None}).trace.to_json()
    kept = json.loads(first)
    values = {
        name: Outcome[cell["outcome"]] if cell["value"] is None else Decimal(cell["value"])
        for name, cell in kept["inputs"].items()
    }
    again = Formula.parse(kept["formula"], kept["inputs"]).evaluate(values)
    assert again.trace.to_json() == first
    assert again.trace.digest == kept["digest"]


def test_the_working_for_a_person() -> None:
    trace = SCORE.evaluate({"达成率": Decimal("-0.95"), "新客户率": None}).trace
    assert trace.workings() == (
        Working("达成率", "", "-0.95"),
        Working("达成率×80%", "-0.95 × 0.8", "-0.76"),
        Working("新客户率", "", "缺少数据"),
        Working("MIN(新客户率,120%)", "MIN(缺少数据, 1.2)", "缺少数据"),
        Working("MIN(新客户率,120%)×20%", "缺少数据 × 0.2", "缺少数据"),
        Working(SCORE.text, "-0.76 + 缺少数据", "缺少数据"),
    )


@pytest.mark.parametrize(
    ("target", "lines"),
    [
        (
            0,
            (
                Working("目标", "", "0"),
                Working("目标=0", "0 = 0", "Yes"),
                Working("IF(目标=0, -1, 实际/目标)^2", "(-1)^2", "1"),
            ),
        ),
        (
            4,
            (
                Working("目标", "", "4"),
                Working("目标=0", "4 = 0", "No"),
                Working("实际", "", "2"),
                Working("目标", "", "4"),
                Working("实际/目标", "2 ÷ 4", "0.5"),
                Working("IF(目标=0, -1, 实际/目标)^2", "0.5^2", "0.25"),
            ),
        ),
        (
            None,
            (
                Working("目标", "", "Data is missing"),
                Working("目标=0", "Data is missing = 0", "Data is missing"),
                Working("IF(目标=0, -1, 实际/目标)^2", "Data is missing^2", "Data is missing"),
            ),
        ),
    ],
)
def test_branches_not_taken_are_left_out(target: int | None, lines: tuple[Working, ...]) -> None:
    result = Formula.parse("IF(目标=0, -1, 实际/目标)^2").evaluate({"实际": 2, "目标": target})
    shown = result.trace.workings("en")
    assert tuple(line for line in shown if not line.text.endswith(")")) == lines


def test_a_number_as_condition_chooses_the_branch_too() -> None:
    formula = Formula.parse("IF(数, 甲, 乙)")
    texts = [line.text for line in formula.evaluate({"数": 0, "甲": 1, "乙": 2}).trace.workings()]
    assert texts == ["数", "乙", "IF(数, 甲, 乙)"]


def test_truths_in_chinese() -> None:
    shown = Formula.parse("IF(1 > 2, 3, 4)").evaluate({}).trace.workings()
    assert shown == (Working("1 > 2", "1 > 2", "否"), Working("IF(1 > 2, 3, 4)", "IF(否, 3, 4)", "4"))
    assert Formula.parse("IF(NOT 0, 3, 4)").evaluate({}).trace.workings()[0] == Working(
        "NOT 0", "NOT 0", "是"
    )


def test_a_rounding_shows_its_places() -> None:
    (line,) = Formula.parse("四舍五入(2.345, 2)").evaluate({}).trace.workings()
    assert line == Working("四舍五入(2.345, 2)", "ROUND(2.345, 2)", "2.35")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_words(outcome: Outcome) -> None:
    assert outcome.label() != outcome.label("en")
