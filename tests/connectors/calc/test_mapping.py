"""Rules that turn raw rows into values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from zhiheng.calckit.formula import FormulaError
from zhiheng.connectors.calc.mapping import (
    Condition,
    Excluded,
    Rule,
    Rules,
    Target,
    Trouble,
    as_date,
    as_number,
    as_text,
    convert,
    guess,
    map_row,
    paths_of,
    problems_of,
    read_payload,
    value_at,
)

ZONE = ZoneInfo("Asia/Shanghai")
NUMBERS = {"张三": "E1", "E2": "E2"}
TARGETS = [
    Target("order_no", "订单号", is_needed=True),
    Target("ordered_on", "下单日期", "date", is_needed=True),
    Target("salesperson", "业务员", is_person=True),
    Target("amount", "金额", "decimal", 2),
    Target("currency", "币种"),
]
RULES = Rules(
    {
        "order_no": Rule("field", "单号"),
        "ordered_on": Rule("field", "日期"),
        "salesperson": Rule("person", "业务员.姓名"),
        "amount": Rule("formula", "[数量] * [明细.0.单价]"),
        "currency": Rule("constant", "CNY"),
    },
    (Condition("状态", "in", "已审核，已完成"),),
)
ROW = {
    "单号": "SO-1", "日期": "2026-03-31T17:30:00Z", "状态": "已审核", "数量": "1,200", "业务员": {"姓名": "张三"},
    "明细": [{"单价": Decimal("0.125")}],
}  # fmt: skip


def mapped(rules: Rules = RULES, targets: list[Target] = TARGETS, **more: object) -> dict:
    return map_row(rules, targets, ROW | more, ZONE, NUMBERS.get)


def ruled(name: str, rule: Rule) -> Rules:
    return Rules({**RULES.fields, name: rule})


def test_a_row_becomes_the_values_of_a_record():
    assert mapped() == {
        "order_no": "SO-1", "ordered_on": dt.date(2026, 4, 1), "salesperson": "E1", "amount": Decimal("150.00"),
        "currency": "CNY",
    }  # fmt: skip


def test_a_field_without_rule_or_content_is_empty():
    assert mapped(Rules({**RULES.fields, "currency": Rule("none")}))["currency"] is None
    assert mapped(Rules({k: v for k, v in RULES.fields.items() if k != "currency"}))["currency"] is None
    assert mapped(业务员={"姓名": "  "})["salesperson"] is None
    assert mapped(数量=None)["amount"] is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition("状态", "=", "已审核"), True),
        (Condition("状态", "=", "草稿"), False),
        (Condition("状态", "<>", "草稿"), True),
        (Condition("状态", "<>", "已审核"), False),
        (Condition("状态", "in", "草稿, 已审核"), True),
        (Condition("备注", "filled"), False),
        (Condition("备注", "empty"), True),
        (Condition("单号", "filled"), True),
    ],
)
def test_conditions(condition, holds):
    assert condition.holds(ROW) is holds


def test_a_row_that_does_not_fulfil_all_conditions_is_left_out():
    with pytest.raises(Excluded):
        mapped(状态="草稿")


@pytest.mark.parametrize(
    ("rules", "more", "trouble"),
    [
        (RULES, {"单号": ""}, Trouble("no_key", "order_no")),
        (RULES, {"日期": None}, Trouble("no_date", "ordered_on")),
        (RULES, {"日期": "2026-02-30"}, Trouble("bad_value", "ordered_on", "2026-02-30")),
        (RULES, {"业务员": {"姓名": "张三丰"}}, Trouble("unmatched", "salesperson", "张三丰")),
        (RULES, {"数量": "许多"}, Trouble("bad_formula", "amount", "数量 = 许多")),
        (
            ruled("amount", Rule("formula", "1 / [数量]")),
            {"数量": 0},
            Trouble("bad_formula", "amount", "TARGET_ZERO"),
        ),
        (ruled("amount", Rule("field", "业务员")), {}, Trouble("bad_value", "amount", '{"姓名": "张三"}')),
        (
            ruled("amount", Rule("formula", "[数量]")),
            {"数量": "1e30"},
            Trouble("bad_formula", "amount", "OVERFLOW"),
        ),
    ],
)
def test_what_can_be_wrong_with_a_row(rules, more, trouble):
    with pytest.raises(Trouble) as raised:
        mapped(rules, **more)
    assert raised.value == trouble


def test_somebody_who_is_needed_but_not_named_is_not_matched():
    targets = [Target("salesperson", is_needed=True, is_person=True)]
    with pytest.raises(Trouble) as raised:
        mapped(targets=targets, 业务员=None)
    assert raised.value == Trouble("unmatched", "salesperson")


def test_people_are_looked_up_whatever_the_kind_of_rule():
    assert mapped(ruled("salesperson", Rule("constant", "E2")))["salesperson"] == "E2"
    plain = [Target("owner")]
    assert mapped(Rules({"owner": Rule("person", "业务员.姓名")}), plain) == {"owner": "E1"}


def test_truth_counts_as_a_number_in_formulas():
    assert mapped(ruled("amount", Rule("formula", "[急] * 2")), 急=True)["amount"] == Decimal(2)


@pytest.mark.parametrize(
    ("kind", "found", "value"),
    [
        ("text", " a ", "a"),
        ("text", 7, "7"),
        ("text", True, "true"),
        ("decimal", "1,234.565", Decimal("1234.56")),
        ("decimal", Decimal("0.1"), Decimal("0.10")),
        ("integer", "12.0", 12),
        ("integer", 12, 12),
        ("boolean", "是", True),
        ("boolean", False, False),
        ("date", "20260105", dt.date(2026, 1, 5)),
        ("date", None, None),
        ("text", "", None),
    ],
)
def test_values_of_each_kind(kind, found, value):
    assert convert(found, Target("x", kind=kind, places=2), ZONE) == value


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("text", ["a"]), ("text", "x" * 1001), ("decimal", "1e18"), ("decimal", "abc"), ("decimal", True),
        ("decimal", "NaN"), ("integer", "1.5"), ("integer", 2**63), ("integer", "x"), ("boolean", "maybe"),
        ("date", "soon"),
    ],
)  # fmt: skip
def test_values_that_are_none_of_a_kind(kind, found):
    with pytest.raises(Trouble) as raised:
        convert(found, Target("x", kind=kind, places=2), ZONE)
    assert raised.value.problem == "bad_value"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-05", dt.date(2026, 1, 5)),
        ("2026-01-05 23:59:59", dt.date(2026, 1, 5)),
        ("2026-01-05T23:00:00+00:00", dt.date(2026, 1, 6)),
        ("2026/1/5 08:00", dt.date(2026, 1, 5)),
        ("2026年1月5日", dt.date(2026, 1, 5)),
        (1767571200, dt.date(2026, 1, 5)),
        (1767571200000, dt.date(2026, 1, 5)),
        ("/Date(1767571200000)/", dt.date(2026, 1, 5)),
        ("/Date(1767571200000+0800)/", dt.date(2026, 1, 5)),
        (46027, None),
        ("20261305", None),
        ("99999999999999999999", None),
        ("9999-12-31T23:59:59-23:00", dt.date(9999, 12, 31)),
        ("", None),
    ],
)
def test_days_as_systems_write_them(text, day):
    assert as_date(text, ZONE) == day


def test_numbers_and_texts():
    assert as_number("1，000.5") == Decimal("1000.5")
    assert as_number("1e99") is None
    assert as_text(Decimal("1E+3")) == "1000"
    assert as_text({"a": Decimal(1)}) == '{"a": "1"}'
    assert read_payload('{"a": 0.10}') == {"a": Decimal("0.10")}


def test_paths():
    row = {"a.b": {"c": 1}, "a": {"b": 2}, "l": [{"x": 3}, 4]}
    assert value_at(row, "a.b") == {"c": 1}
    assert value_at(row, "a.b.c") == 1
    assert value_at(row, "l.0.x") == 3
    assert value_at(row, "l.1") == 4
    assert [value_at(row, each) for each in ("l.7", "l.x", "z", "z.y", "a.z", "l.1.q")] == [None] * 6


def test_paths_of_rows_with_an_example_each():
    rows = [
        {"id": 1, "who": {"name": ""}, "lines": [{"qty": 2}, {"qty": 3}]},
        {"id": 2, "who": {"name": "张三"}},
    ]
    assert paths_of(rows) == {"id": "1", "who.name": "张三", "lines.0.qty": "2"}
    assert paths_of([{"a": {"b": {"c": {"d": {"e": 1}}}}}]) == {}


def test_rules_that_names_suggest():
    targets = [
        Target("order_no", "订单号", aliases=("name", "id")),
        Target("salesperson", "业务员", is_person=True, aliases=("Sales_Person",)),
        Target("amount", "金额"),
    ]
    assert guess(targets, ["id", "name", "sales person", "x"]) == Rules(
        {"order_no": Rule("field", "name"), "salesperson": Rule("person", "sales person")}
    )


def test_rules_are_what_they_were_when_read_again():
    assert Rules.read(RULES.data) == RULES
    assert Rules.read({}) == Rules()


def test_rules_that_cannot_work():
    rules = Rules(
        {
            "ordered_on": Rule("field", " "), "salesperson": Rule("magic", "x"), "amount": Rule("formula", "1 +"),
            "currency": Rule("formula", "1"),
        }
    )  # fmt: skip
    wrong = problems_of(rules, TARGETS)
    assert isinstance(wrong.pop("amount"), FormulaError)
    assert wrong == {
        "order_no": "missing",
        "ordered_on": "empty",
        "salesperson": "kind",
        "currency": "not_a_number",
    }
    assert problems_of(RULES, TARGETS) == {}
