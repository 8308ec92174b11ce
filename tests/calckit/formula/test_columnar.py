"""What only the columnar path can meet."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from zhiheng.calckit.formula import Formula
from zhiheng.calckit.formula.columnar import CHUNK, OUTCOME_TYPE, VALUE_TYPE


def column(text: str, **columns: pl.Series | list[object]) -> list[str | None]:
    """Return values, or reasons where there are none."""
    result = Formula.parse(text, columns).evaluate_frame(pl.DataFrame(columns))
    return [outcome if value is None else f"{value.normalize():f}" for value, outcome in result.iter_rows()]


def test_the_shape_of_a_result() -> None:
    result = Formula.parse("x / 2").evaluate_frame(pl.DataFrame({"x": [1, None]}))
    assert result.schema == {"value": VALUE_TYPE, "outcome": OUTCOME_TYPE}
    assert result.rows() == [(Decimal("0.5"), "OK"), (None, "MISSING")]


def test_no_rows() -> None:
    result = Formula.parse("x / 2").evaluate_frame(pl.DataFrame({"x": []}, schema={"x": pl.Int64}))
    assert (result.height, result.schema) == (0, {"value": VALUE_TYPE, "outcome": OUTCOME_TYPE})


def test_a_constant_fills_the_column() -> None:
    frame = pl.DataFrame({"x": [1, 2, 3]})
    assert Formula.parse("1 / 4").evaluate_frame(frame)["value"].to_list() == [Decimal("0.25")] * 3
    assert Formula.parse("1 / 0").evaluate_frame(frame)["outcome"].to_list() == ["TARGET_ZERO"] * 3


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt64, pl.Int128, pl.Decimal(10, 0), pl.Boolean])
def test_types_of_inputs(dtype: pl.DataType) -> None:
    assert column("x + 1", x=pl.Series([1, 0, None]).cast(dtype)) == ["2", "1", "MISSING"]


def test_a_column_of_nothing() -> None:
    assert column("DEFAULT(x, 5)", x=pl.Series([None, None])) == ["5", "5"]


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Float32, pl.String, pl.Date])
def test_other_types_are_refused(dtype: pl.DataType) -> None:
    frame = pl.DataFrame({"收入": pl.Series([], dtype=dtype)})
    with pytest.raises(TypeError, match="收入: a formula takes Decimal, integer or Boolean columns, not"):
        Formula.parse("收入").evaluate_frame(frame)


def test_an_absent_column() -> None:
    with pytest.raises(KeyError, match="收入"):
        Formula.parse("收入").evaluate_frame(pl.DataFrame({"支出": [1]}))


def test_rows_too_large_for_64_bits_stay_in_their_places() -> None:
    large = Decimal("123456789012345.678901234567")
    x = pl.Series([Decimal(1), large, None, large, Decimal(3)], dtype=pl.Decimal(38, 12))
    assert column("x × 1.5", x=x) == [
        "1.5",
        "185185183518518.51835185185",
        "MISSING",
        "185185183518518.51835185185",
        "4.5",
    ]


def test_the_ends_of_64_bits() -> None:
    ends = [-(2**63), 2**63 - 1, 2**62]
    assert column("x", x=ends) == ["OVERFLOW"] * 3
    cents = pl.Series([Decimal(end).scaleb(-2) for end in ends], dtype=pl.Decimal(38, 2))
    assert column("x", x=cents) == ["-92233720368547758.08", "92233720368547758.07", "46116860184273879.04"]


def test_more_digits_than_the_engine_keeps() -> None:
    ties = [Decimal("0.0000000000005"), Decimal("0.0000000000015"), Decimal("-0.0000000000025")]
    assert column("x", x=pl.Series(ties, dtype=pl.Decimal(38, 13))) == [
        "0",
        "0.000000000002",
        "-0.000000000002",
    ]
    tiny = pl.Series([Decimal("1E-35"), Decimal("0.4")], dtype=pl.Decimal(38, 37))
    assert column("x", x=tiny) == ["0", "0.4"]


def test_a_constant_too_large_for_64_bits() -> None:
    assert column("x + 999999999999999999.5", x=[0, -999999999999999999]) == ["999999999999999999.5", "0.5"]


def test_many_chunks() -> None:
    height = 2 * CHUNK + 3
    x = pl.Series(range(height))
    result = Formula.parse("x / 4").evaluate_frame(pl.DataFrame({"x": x}))
    assert result["outcome"].unique().to_list() == ["OK"]
    assert (result["value"] * 4).cast(pl.Int64).to_list() == x.to_list()


def test_a_reason_given_for_an_input() -> None:
    frame = pl.DataFrame({"x": [1, None, None]})
    outcomes = {"x": pl.Series(["OK", "TARGET_ZERO", "OK"], dtype=OUTCOME_TYPE)}
    result = Formula.parse("x + 1").evaluate_frame(frame, outcomes)
    assert result["outcome"].to_list() == ["OK", "TARGET_ZERO", "MISSING"]
