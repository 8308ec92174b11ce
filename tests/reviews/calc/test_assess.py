from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from zhiheng.calckit.formula import FormulaError, Outcome
from zhiheng.reviews.calc import assess as module
from zhiheng.reviews.calc.assess import SCORE, Given, PathsDisagree, Subject, assess, digest, parse_scorecard

CARD = parse_scorecard("达成率×80% + 20%", {"达成率": "实际÷目标"}, ["实际", "目标"])


def subject(person: str, unit: str, actual: str | None, target: str) -> Subject:
    value = None if actual is None else Decimal(actual)
    return Subject(person, unit, (Given("实际", value), Given("目标", Decimal(target))))


def test_scores_ranks_and_reasons():
    found = assess(
        CARD,
        [
            subject("a", "x", "50", "100"),
            subject("b", "x", "100", "100"),
            subject("c", "y", "100", "100"),
            subject("d", "y", "5", "0"),
            subject("e", "y", None, "10"),
            subject("f", "y", "10", "100"),
        ],
        4,
    )
    assert [(row.person, row.outcome, row.exact, row.value, row.rank, row.rank_in_unit) for row in found] == [
        ("a", Outcome.OK, Decimal("0.6"), Decimal("0.6000"), 3, 2),
        ("b", Outcome.OK, Decimal("1"), Decimal("1.0000"), 1, 1),
        ("c", Outcome.OK, Decimal("1"), Decimal("1.0000"), 1, 1),
        ("d", Outcome.TARGET_ZERO, None, None, None, None),
        ("e", Outcome.MISSING, None, None, None, None),
        ("f", Outcome.OK, Decimal("0.28"), Decimal("0.2800"), 4, 2),
    ]
    assert [step["name"] for step in found[0].trace] == ["达成率", SCORE]
    assert found[0].trace[0]["inputs"] == {
        "实际": {"value": "50", "outcome": "OK"},
        "目标": {"value": "100", "outcome": "OK"},
    }


def test_a_reason_from_outside_is_kept_on_both_paths():
    (row,) = assess(
        CARD, [Subject("a", "x", (Given("实际", None, Outcome.OVERFLOW), Given("目标", Decimal(1))))], 2
    )
    assert row.outcome is Outcome.OVERFLOW


def test_nobody():
    assert assess(CARD, [], 4) == []


def test_the_score_comes_last_though_nothing_uses_a_step():
    card = parse_scorecard("实际", {"多余": "目标"}, ["实际", "目标"])
    assert list(card.formulas) == ["多余", SCORE]


def test_a_score_that_refers_to_itself_is_refused():
    with pytest.raises(FormulaError) as caught:
        parse_scorecard("得分+1", {}, [])
    assert caught.value.problem.code == "cycle"


def test_disagreeing_paths_write_nothing(monkeypatch):
    wrong = pl.DataFrame(
        {"value": [Decimal("0.7")], "outcome": ["OK"]},
        schema={"value": pl.Decimal(38, 12), "outcome": pl.String},
    )
    monkeypatch.setattr(
        module, "_by_column", lambda formulas, subjects: dict.fromkeys(formulas.formulas, wrong)
    )
    with pytest.raises(PathsDisagree, match="by column"):
        assess(CARD, [subject("a", "x", "50", "100")], 4)


def test_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": "值"}) == digest({"b": "值", "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})
