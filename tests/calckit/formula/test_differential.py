"""By row or by column: both ways come to the same for any formula and any rows."""

from __future__ import annotations

import random
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from zhiheng.calckit.formula import Formula, FormulaSet, Outcome

# Explaining a failure in formulas that nest takes far more memory than it is worth.
PHASES = [phase for phase in Phase if phase is not Phase.explain]

NAMES = ("率", "金额", "目标", "次数", "开关")
TYPES = {
    "率": pl.Decimal(18, 6),
    "金额": pl.Decimal(38, 15),
    "目标": pl.Decimal(20, 2),
    "次数": pl.Int64,
    "开关": pl.Boolean,
}


def _decimals(limit: int, places: int) -> st.SearchStrategy[Decimal | None]:
    units = st.one_of(st.integers(-200, 200), st.integers(-limit, limit))
    return st.none() | units.map(lambda number: Decimal(number).scaleb(-places))


ROW = st.fixed_dictionaries(
    {
        "率": _decimals(10**12, 6),
        "金额": _decimals(10**33, 15),
        "目标": _decimals(10**15, 2) | st.just(Decimal(0)),
        "次数": st.none() | st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1),
        "开关": st.none() | st.booleans(),
    }
)

LITERAL = st.sampled_from(
    ["0", "1", "80%", "0.5", "3", "100", "1.000000000001", "7万", "999999999亿", "0.3%"]
)
STEPS = st.lists(st.integers(-5, 120), min_size=1, max_size=4, unique=True).map(sorted)


def _call(function: str, count: int, children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*[children] * count).map(lambda args: f"{function}({', '.join(args)})")


def _infix(signs: str, children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(children, st.sampled_from(signs.split()), children).map(
        lambda parts: f"({' '.join(parts)})"
    )


def _numbers(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    condition = _infix("= <> < <= > >=", children)
    condition = st.one_of(
        condition, children, _infix("AND OR", condition), condition.map(lambda c: f"(NOT {c})")
    )
    return st.one_of(
        _infix("+ - × ÷", children),
        children.map(lambda a: f"(-{a})"),
        children.map(lambda a: f"({a}%)"),
        st.tuples(children, st.integers(0, 4)).map(lambda p: f"({p[0]}^{p[1]})"),
        _call("MIN", 2, children),
        _call("MAX", 3, children),
        _call("SUM", 3, children),
        _call("AVERAGE", 3, children),
        _call("ABS", 1, children),
        _call("CLAMP", 3, children),
        _call("DEFAULT", 2, children),
        _call("LINEAR", 5, children),
        st.tuples(st.sampled_from(["ROUND", "ROUNDUP", "ROUNDDOWN"]), children, st.integers(0, 12)).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        st.tuples(condition, children, children).map(lambda p: f"IF({', '.join(p)})"),
        st.tuples(children, condition, children).map(lambda p: f"VETO({', '.join(p)})"),
        st.tuples(children, condition).map(lambda p: f"VETO({', '.join(p)})"),
        st.tuples(children, STEPS, children, children).map(
            lambda p: f"STEP({p[0]}, {', '.join(f'{bound}, {p[2]}' for bound in p[1])}, {p[3]})"
        ),
    )


FORMULA = st.recursive(st.sampled_from(NAMES) | LITERAL, _numbers, max_leaves=12)


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame({name: pl.Series([row[name] for row in rows], dtype=TYPES[name]) for name in NAMES})


@given(FORMULA, st.lists(ROW, min_size=1, max_size=6))
@settings(max_examples=300, deadline=None, phases=PHASES)
def test_column_path_equals_row_path(text: str, rows: list[dict[str, object]]) -> None:
    formula = Formula.parse(text, NAMES)
    by_row = [formula.evaluate(row) for row in rows]
    by_column = formula.evaluate_frame(_frame(rows))
    assert by_column["outcome"].to_list() == [result.outcome.name for result in by_row]
    assert by_column["value"].to_list() == [result.value for result in by_row]


@given(FORMULA, ROW)
@settings(max_examples=150, deadline=None, phases=PHASES)
def test_the_normal_form_means_the_same(text: str, row: dict[str, object]) -> None:
    formula = Formula.parse(text, NAMES)
    again = Formula.parse(formula.canonical(), NAMES)
    assert (again.canonical(), again.digest) == (formula.canonical(), formula.digest)
    assert again.evaluate(row).value == formula.evaluate(row).value


@given(FORMULA, FORMULA, st.lists(ROW, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None, phases=PHASES)
def test_sets_of_formulas_agree_too(first: str, second: str, rows: list[dict[str, object]]) -> None:
    formulas = FormulaSet.parse({"总分": f"{first} + 基础分", "基础分": second}, NAMES)
    frames = formulas.evaluate_frame(_frame(rows))
    for position, row in enumerate(rows):
        for name, result in formulas.evaluate(row).items():
            value, outcome = frames[name].row(position)
            assert (value, Outcome[outcome]) == (result.value, result.outcome)


@pytest.mark.parametrize(
    "text",
    [
        "a + b", "a - c", "a × b", "a × a", "a × b × c", "a ÷ b", "b ÷ a", "c ÷ b", "a ÷ b ÷ c", "c × 99.99 + c",
        "MIN(a, b)", "MAX(c, b, a)", "ROUND(b, 3) × c", "ROUNDUP(c ÷ a, 11)", "IF(a > b, a × 2, b) + c",
        "IF(c = 0, c, a) × 1.0001", "(c + c + c) × 2", "IF(a > b, 1, b) × 1亿", "IF(a > b, b, 1) × 1亿",
    ],
)  # fmt: skip
def test_numbers_of_every_size(text: str) -> None:
    """Where 64 bits end depends on both operands; hypothesis alone seldom gets there."""
    dice = random.Random(text)
    formula = Formula.parse(text)

    def number(most: float) -> int:
        size = dice.uniform(0, most)
        return dice.choice((-1, 1)) * int(10**size)

    def frame(most: float) -> pl.DataFrame:
        columns = {
            "a": pl.Series([Decimal(number(most)).scaleb(-2) for _ in range(8)], dtype=pl.Decimal(38, 2)),
            "b": pl.Series([Decimal(number(most)).scaleb(-12) for _ in range(8)], dtype=pl.Decimal(38, 12)),
            "c": pl.Series([number(min(most, 18.9)) for _ in range(8)], dtype=pl.Int64),
        }
        return pl.DataFrame(columns)

    for most in range(2, 22):
        rows = pl.concat([frame(most), frame(most / 2)]).sample(fraction=1.0, shuffle=True, seed=most)
        result = formula.evaluate_frame(rows)
        expected = [formula.evaluate(row) for row in rows.iter_rows(named=True)]
        assert result["outcome"].to_list() == [one.outcome.name for one in expected]
        assert result["value"].to_list() == [one.value for one in expected]
