from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from zhiheng.metrics.calc.aggregate import SCHEMA, aggregate
from zhiheng.metrics.calc.combine import combine, order_of
from zhiheng.metrics.calc.definition import Definition, Filter

FROM, TO = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
ROWS = [
    # id, key, person, day, customer, amount, paid
    ("r1", "9", "a", dt.date(2025, 12, 31), "C1", "1.10", True),
    ("r2", "10", "a", dt.date(2026, 1, 1), "C1", "2.20", True),
    ("r3", "11", "a", dt.date(2026, 1, 31), "C2", "3.30", False),
    ("r4", "2", "b", dt.date(2026, 1, 31), "C2", "4.40", True),
    ("r5", "100", "b", dt.date(2026, 2, 1), "C3", "5.50", True),
    ("r6", "12", None, dt.date(2026, 1, 2), "C4", "6.60", True),
    ("r7", "13", "b", dt.date(2026, 1, 3), None, None, None),
]


def records() -> pl.DataFrame:
    schema = {
        "record_id": pl.String, "key": pl.String, "person_id": pl.String, "occurred_on": pl.Date,
        "customer": pl.String, "amount": pl.Decimal(38, 4), "paid": pl.Boolean,
    }  # fmt: skip
    rows = [(*row[:5], None if row[5] is None else Decimal(row[5]), row[6]) for row in ROWS]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(payload_hash="record_id")


def found(function: str, field: str = "", *filters: Filter) -> dict[str, tuple[Decimal, list[str]]]:
    definition = Definition("m", "aggregate", "orders", function, field, filters)
    frame = aggregate(records(), definition, FROM, TO, ["a", "b", "z"])
    assert dict(frame.schema) == SCHEMA
    return {row["person_id"]: (row["value"], row["record_ids"]) for row in frame.iter_rows(named=True)}


def test_sum_of_the_period_with_its_records():
    assert found("sum", "amount") == {
        "a": (Decimal("5.5"), ["r2", "r3"]),
        "b": (Decimal("4.4"), ["r4"]),
        "z": (Decimal(0), []),
    }


def test_counts():
    assert {person: value for person, (value, _ids) in found("count").items()} == {"a": 2, "b": 2, "z": 0}
    distinct = found("count_distinct", "customer")
    assert distinct == {"a": (2, ["r2", "r3"]), "b": (1, ["r4"]), "z": (0, [])}


def test_a_first_occurrence_counts_for_whoever_has_the_lowest_number_of_its_day():
    """C1 came before the period; r4 has number 2, so it is before r3 of the same day with number 11."""
    assert found("count_first", "customer") == {"a": (0, []), "b": (1, ["r4"]), "z": (0, [])}


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        (Filter("customer", "eq", "C2"), ["r3"]),
        (Filter("customer", "ne", "C2"), ["r2"]),
        (Filter("customer", "in", ["C1", "C9"]), ["r2"]),
        (Filter("amount", "ge", "3.3"), ["r3"]),
        (Filter("amount", "le", "2.2"), ["r2"]),
        (Filter("paid", "eq", True), ["r2"]),
    ],
)
def test_filters(condition, ids):
    assert found("sum", "amount", condition)["a"][1] == ids


def test_the_digest_tells_definitions_and_records_apart():
    sum_up = Definition("m", "aggregate", "orders", "sum", "amount")
    frame = aggregate(records(), sum_up, FROM, TO, ["a", "z"])
    other = aggregate(records(), Definition("m", "aggregate", "orders", "count"), FROM, TO, ["a", "z"])
    assert len({*frame["digest"], *other["digest"]}) == 4


def test_fields_read_are_those_of_value_and_filters():
    definition = Definition(
        "m", "aggregate", "s", "sum", "amount", (Filter("paid", "eq", True), Filter("amount", "ge", 1))
    )
    assert definition.fields == ("amount", "paid")


def values(**numbers: tuple[str | None, str]) -> dict[str, pl.DataFrame]:
    return {
        code: pl.DataFrame(
            {
                "person_id": ["a"], "value": [None if value is None else Decimal(value)], "outcome": [outcome],
                "record_count": [1], "record_ids": [["r"]], "digest": [code],
            },
            schema=SCHEMA,
        )
        for code, (value, outcome) in numbers.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("top", "bottom", "value", "outcome"),
    [
        (("1", "OK"), ("4", "OK"), Decimal("0.25"), "OK"),
        (("1", "OK"), ("0", "OK"), None, "TARGET_ZERO"),
        ((None, "TARGET_ZERO"), ("4", "OK"), None, "TARGET_ZERO"),
    ],
)
def test_a_formula_of_metrics(top, bottom, value, outcome):
    rate = Definition("rate", "formula", formula="新÷全", inputs={"新": "new", "全": "all"})
    (row,) = combine(rate, values(new=top, all=bottom)).iter_rows(named=True)
    assert (row["person_id"], row["value"], row["outcome"], row["record_ids"]) == ("a", value, outcome, [])


def test_inputs_come_before_what_uses_them():
    base = Definition("base", "aggregate", "s", "count")
    rate = Definition("rate", "formula", formula="x", inputs={"x": "base"})
    twice = Definition("twice", "formula", formula="y", inputs={"y": "rate"})
    assert order_of({"twice": twice, "rate": rate, "base": base}) == ["base", "rate", "twice"]
