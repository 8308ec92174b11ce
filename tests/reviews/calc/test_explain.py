from __future__ import annotations

from decimal import Decimal

import pytest

from zhiheng.reviews.calc.assess import parse_scorecard
from zhiheng.reviews.calc.explain import Node, explain, is_rate, shown, terms


def trace(formula: str, derived: dict[str, str], values: dict[str, object]) -> list[dict]:
    results = parse_scorecard(formula, derived, list(values)).evaluate(values)
    return [{"name": name, **result.trace.as_dict()} for name, result in results.items()]


def test_a_tree_from_the_score_to_its_inputs():
    found = explain(
        trace(
            "MIN(达成率, 150%)×80% + 新客户率×20%",
            {"达成率": "收入÷目标", "新客户率": "IF(客户>0, 新客户÷客户, 0)"},
            {"收入": Decimal("22584.6955"), "目标": Decimal(28000), "客户": Decimal(2), "新客户": Decimal(1)},
        )
    )
    income, target = (
        Node("input", "收入", "收入", "", "22,584.6955", "OK"),
        Node("input", "目标", "目标", "", "28,000", "OK"),
    )
    reach = Node("step", "达成率", "收入÷目标", "22,584.6955÷28,000", "80.66%", "OK", (income, target))
    customers, new = (
        Node("input", "客户", "客户", "", "2", "OK"),
        Node("input", "新客户", "新客户", "", "1", "OK"),
    )
    rate = Node(
        "step", "新客户率", "IF(客户>0, 新客户÷客户, 0)", "IF(✓, 0.5, 0)", "50%", "OK",
        (
            Node("operation", "", "客户>0", "2>0", "✓", "OK", (customers,)),
            Node("operation", "", "新客户÷客户", "1÷2", "0.5", "OK", (new, customers)),
        ),
    )  # fmt: skip
    capped = Node("operation", "", "MIN(达成率, 150%)", "MIN(80.66%, 150%)", "0.806596", "OK", (reach,))
    assert found == Node(
        "score", "得分", "MIN(达成率, 150%)×80% + 新客户率×20%", "0.645277 + 0.1", "0.745277", "OK",
        (
            Node("operation", "", "MIN(达成率, 150%)×80%", "0.806596×80%", "0.645277", "OK", (capped,)),
            Node("operation", "", "新客户率×20%", "50%×20%", "0.1", "OK", (rate,)),
        ),
    )  # fmt: skip


def test_an_if_shows_only_the_branch_taken():
    found = explain(trace("IF(甲>1, 乙, 丙)", {}, {"甲": Decimal(1), "乙": Decimal(2), "丙": Decimal(3)}))
    assert [child.title or child.text for child in found.children] == ["甲>1", "丙"]


def test_an_if_without_an_answer_shows_what_it_asked():
    found = explain(trace("IF(甲>1, 乙, 丙)", {}, {"甲": None, "乙": Decimal(2), "丙": Decimal(3)}))
    assert (found.shown, found.outcome, [child.text for child in found.children]) == ("", "MISSING", ["甲>1"])


def test_a_score_that_is_one_name():
    found = explain(trace("【本月 甲】", {}, {"本月 甲": Decimal(1)}))
    assert found.children == (Node("input", "本月 甲", "本月 甲", "", "1", "OK"),)


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (None, "", ""),
        (True, "", "✓"),
        (False, "", "✗"),
        ("1234567.8", "", "1,234,567.8"),
        ("0.8065962678", "达成率", "80.66%"),
        ("0.8065962678", "x", "0.806596"),
        ("-2", "", "-2"),
    ],
)
def test_shown(value, name, expected):
    assert shown(value, name) == expected


def test_rates_are_known_by_their_names():
    assert [is_rate(name) for name in ("达成率", "销售占比", "Win Rate", "率先", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_terms_of_a_sum():
    found = terms(trace("甲×80% + (乙 + 5%)", {}, {"甲": Decimal("0.5"), "乙": Decimal("0.05")}))
    assert [(term.text, term.names, term.value, term.points, term.x, term.width) for term in found] == [
        ("甲×80%", ("甲",), Decimal("0.4"), "40.00", "0.0", "800.0"),
        ("乙", ("乙",), Decimal("0.05"), "5.00", "800.0", "100.0"),
        ("5%", (), Decimal("0.05"), "5.00", "900.0", "100.0"),
    ]


@pytest.mark.parametrize(
    ("formula", "value"), [("甲×2", "1"), ("甲 + 1", "-3"), ("甲 + 0", "0"), ("甲 + 1", None)]
)
def test_no_terms_where_parts_do_not_make_a_whole(formula, value):
    assert terms(trace(formula, {}, {"甲": None if value is None else Decimal(value)})) == ()
