"""The kernel for whole columns: int64 with a decimal scale, wide integers for rows that overflow.

A column of numbers is an array of integers and its `scale`, the number of fractional digits: 0.95 is 95 at
scale 2. So products and sums of short decimals stay exact in 64 bits without any division. Each operation
knows a bound of what its result can be; rows that might not fit are set aside and computed once more by the
same code on arrays of Python integers, which have no limit. Both ways give what `scalar` gives, to the last
digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import polars as pl

from zhiheng.calckit.formula.fixed import PLACES, Outcome, to_text
from zhiheng.calckit.formula.program import Program, compute

CHUNK = 65_536  # rows at a time: the arrays of one chunk stay in the processor's cache
VALUE_TYPE = pl.Decimal(38, PLACES)
OUTCOME_TYPE = pl.Enum([outcome.name for outcome in Outcome])  # its codes are the values of Outcome

_NARROW = 2**62 - 1  # the largest number kept in int64: twice of it still fits
_ESTIMATE = 4.6e18  # a little less than that, for estimates in floating point


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """``data / 10**scale`` are the numbers, none larger than ``bound / 10**scale``; or truths, with scale 0.

    ``status`` holds the value of the `Outcome` of each row, None where all are OK; the data of rows that are
    not OK mean nothing but keep to the bound. Constants have one row.
    """

    data: np.ndarray
    scale: int = 0
    bound: int = 1
    status: np.ndarray | None = None


def evaluate(
    program: Program, columns: Mapping[str, pl.Series], outcomes: Mapping[str, pl.Series], height: int
) -> pl.DataFrame:
    """See `Formula.evaluate_frame`."""
    for name, series in columns.items():
        if not (
            series.dtype.is_integer() or series.dtype.is_decimal() or series.dtype in (pl.Boolean, pl.Null)
        ):
            raise TypeError(
                f"{name}: a formula takes Decimal, integer or Boolean columns, not {series.dtype}"
            )
    chunks = [
        _evaluate_chunk(
            program,
            {name: series.slice(start, CHUNK) for name, series in columns.items()},
            {name: series.slice(start, CHUNK) for name, series in outcomes.items()},
            min(CHUNK, height - start),
        )
        for start in range(0, height, CHUNK)
    ]
    empty = pl.DataFrame(schema={"value": VALUE_TYPE, "outcome": OUTCOME_TYPE})
    return pl.concat([empty, *chunks])


def _evaluate_chunk(
    program: Program, columns: Mapping[str, pl.Series], outcomes: Mapping[str, pl.Series], height: int
) -> pl.DataFrame:
    """Compute in 64 bits, then the rows set aside with wide integers, and put them back in their places."""
    kernel = ColumnKernel(height)
    result = kernel.run(program, columns, outcomes)
    if not kernel.set_aside.any():
        return result
    aside = pl.Series(kernel.set_aside)
    wide = WideKernel(int(aside.sum())).run(
        program,
        {name: series.filter(aside) for name, series in columns.items()},
        {name: series.filter(aside) for name, series in outcomes.items()},
    )
    rows = np.argsort(np.concatenate([np.flatnonzero(~kernel.set_aside), np.flatnonzero(kernel.set_aside)]))
    return pl.concat([result.filter(~aside), wide])[rows]


class ColumnKernel:
    """See `operations.Kernel`. ``set_aside`` marks the rows whose numbers would not fit."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.set_aside = np.zeros(height, dtype=bool)

    def run(
        self, program: Program, columns: Mapping[str, pl.Series], outcomes: Mapping[str, pl.Series]
    ) -> pl.DataFrame:
        inputs = {name: self._input(series, outcomes.get(name)) for name, series in columns.items()}
        return self._output(compute(program, self, inputs)[-1])

    # Input and output.

    def _input(self, series: pl.Series, outcome: pl.Series | None) -> Column:
        status = None
        if series.null_count():
            status = series.is_null().cast(pl.UInt8).to_numpy() * np.uint8(Outcome.MISSING.value)
            if outcome is not None:
                status = np.maximum(status, outcome.to_physical().cast(pl.UInt8).to_numpy())
        data = self._integers(series.to_physical())
        scale = series.dtype.scale if isinstance(series.dtype, pl.Decimal) else 0
        return self._rounded(self._settled(Column(data, scale, _largest(data), status)))

    def _integers(self, physical: pl.Series) -> np.ndarray:
        narrow = physical.cast(pl.Int64, strict=False)
        if narrow.null_count() > physical.null_count():
            self.set_aside |= (narrow.is_null() & physical.is_not_null()).to_numpy()
        data = narrow.fill_null(0).to_numpy()
        large = (data > _NARROW) | (data < -_NARROW)  # not abs(), which keeps -2**63 negative
        self.set_aside |= large
        return np.where(large, 0, data)

    def _output(self, result: Column) -> pl.DataFrame:
        data = np.broadcast_to(result.data, self.height)
        status = np.zeros(1, np.uint8) if result.status is None else result.status
        codes = np.broadcast_to(status, self.height)
        frame = pl.DataFrame(
            {
                "value": self._decimals(data, result.scale),
                "outcome": pl.Series(codes).cat.to(OUTCOME_TYPE),
            }
        )
        if result.status is None:
            return frame
        return frame.with_columns(pl.when(pl.Series(codes) == 0).then("value").alias("value"))

    def _decimals(self, data: np.ndarray, scale: int) -> pl.Series:
        unit = pl.lit(Decimal(1).scaleb(-scale))
        whole = pl.Series("value", data).cast(pl.Decimal(38, 0)).to_frame()
        return whole.select((pl.col("value") * unit).cast(VALUE_TYPE)).to_series()

    # Primitives.

    def number(self, units: int) -> Column:
        scale = PLACES
        while scale and units % 10 == 0:
            units, scale = units // 10, scale - 1
        return self._settled(Column(self._constant(units), scale, abs(units)))

    def failure(self, outcome: Outcome) -> Column:
        return Column(self._constant(0), 0, 0, np.array([outcome.value], np.uint8))

    def add(self, a: Column, b: Column) -> Column:
        a, b = self._aligned(a, b)
        return self._settled(Column(a.data + b.data, a.scale, a.bound + b.bound, _worse(a, b)))

    def subtract(self, a: Column, b: Column) -> Column:
        a, b = self._aligned(a, b)
        return self._settled(Column(a.data - b.data, a.scale, a.bound + b.bound, _worse(a, b)))

    def multiply(self, a: Column, b: Column) -> Column:
        bound = a.bound * b.bound
        if bound > _NARROW:
            a, bound = self._without_large_products(a, b, bound)
        product = Column(a.data * b.data, a.scale + b.scale, bound, _worse(a, b))
        return self._settled(self._rounded(product))

    def divide(self, a: Column, b: Column) -> Column:
        """Divide as on paper: the whole quotient first, then as many further digits at a time as fit."""
        zero = b.data == 0
        status = _failed(_worse(a, b), zero, Outcome.TARGET_ZERO)
        sign = np.where(b.data < 0, -1, 1)
        dividend, divisor = a.data * sign, np.where(zero, 1, b.data * sign)
        digits = PLACES - a.scale + b.scale
        dividend, divisor, at_a_time = self._room_to_divide(dividend, divisor, max(b.bound, 1), digits)
        quotient = dividend // divisor
        rest = dividend - quotient * divisor
        while digits:
            now = min(digits, at_a_time)
            rest = rest * 10**now
            digit = rest // divisor
            rest -= digit * divisor
            quotient = quotient * 10**now + digit
            digits -= now
        quotient = quotient + _rounds_up(quotient, rest, divisor)
        return self._settled(Column(quotient, PLACES, _largest(quotient), status))

    def round(self, a: Column, places: int, mode: str) -> Column:
        if places >= a.scale:
            return a
        unit = 10 ** (a.scale - places)
        added = {"half_up": unit // 2, "up": unit - 1, "down": 0}[mode]
        size = (np.abs(a.data) + added) // unit
        return self._settled(Column(np.where(a.data < 0, -size, size), places, a.bound // unit + 1, a.status))

    def less(self, a: Column, b: Column) -> Column:
        a, b = self._aligned(a, b)
        return Column(a.data < b.data, status=_worse(a, b))

    def equal(self, a: Column, b: Column) -> Column:
        a, b = self._aligned(a, b)
        return Column(a.data == b.data, status=_worse(a, b))

    def negation(self, a: Column) -> Column:
        return Column(a.data == 0, status=a.status)

    def select(self, condition: Column, a: Column, b: Column) -> Column:
        a, b = self._aligned(a, b)
        truth = condition.data != 0
        status = None
        if a.status is not None or b.status is not None:
            status = np.where(truth, _codes(a), _codes(b))
        if condition.status is not None:
            status = np.where(condition.status != 0, condition.status, 0 if status is None else status)
        return Column(np.where(truth, a.data, b.data), a.scale, max(a.bound, b.bound), status)

    def default(self, a: Column, b: Column) -> Column:
        if a.status is None:
            return a
        missing = Column(a.status == Outcome.MISSING.value)
        return self.select(missing, b, a)

    # Keeping within bounds.

    def _constant(self, units: int) -> np.ndarray:
        if units > _NARROW or units < -_NARROW:
            self.set_aside[:] = True
            units = 0
        return np.array([units], np.int64)

    def _aligned(self, a: Column, b: Column) -> tuple[Column, Column]:
        scale = max(a.scale, b.scale)
        return self._scaled(a, scale), self._scaled(b, scale)

    def _scaled(self, column: Column, scale: int) -> Column:
        """Write the numbers with more fractional digits."""
        if column.scale == scale:
            return column
        factor = 10 ** (scale - column.scale)
        column = self._within(column, _NARROW // factor)
        return replace(column, data=column.data * factor, scale=scale, bound=column.bound * factor)

    def _within(self, column: Column, most: int) -> Column:
        """Set the rows aside whose data are larger than ``most``."""
        if column.bound <= most:
            return column
        large = np.abs(column.data) > most
        self.set_aside |= large
        return replace(column, data=np.where(large, 0, column.data), bound=most)

    def _without_large_products(self, a: Column, b: Column, bound: int) -> tuple[Column, int]:
        large = np.abs(a.data.astype(float) * b.data.astype(float)) > _ESTIMATE
        self.set_aside |= large
        return replace(a, data=np.where(large, 0, a.data)), _NARROW

    def _room_to_divide(
        self, dividend: np.ndarray, divisor: np.ndarray, bound: int, digits: int
    ) -> tuple[np.ndarray, np.ndarray, int]:
        """Set rows with a large quotient or divisor aside; tell also how many digits fit at a time."""
        quotient = np.abs(dividend.astype(float)) / divisor * 10.0**digits
        large = (quotient > _ESTIMATE) | (divisor > _NARROW // 1000)
        self.set_aside |= large
        at_a_time = max(len(str(_NARROW // bound)) - 1, 3)
        return np.where(large, 0, dividend), np.where(large, 1, divisor), at_a_time

    def _rounded(self, column: Column) -> Column:
        """Round half-even to 12 fractional digits what has more."""
        if column.scale <= PLACES:
            return column
        if column.scale > PLACES + 18:  # of what fits in 64 bits only zero is left
            return Column(np.zeros_like(column.data), PLACES, 0, column.status)
        return _round_to_places(column)

    def _settled(self, column: Column) -> Column:
        """Turn what is too large for the engine into OVERFLOW and set aside what is too large for int64."""
        limit = 10 ** (18 + column.scale)
        if column.bound >= limit:
            large = np.abs(column.data) >= limit
            status = _failed(column.status, large, Outcome.OVERFLOW)
            column = replace(column, data=np.where(large, 0, column.data), bound=limit - 1, status=status)
        return self._within(column, _NARROW)


class WideKernel(ColumnKernel):
    """The same on arrays of Python integers: slower, and nothing is ever too large."""

    def _integers(self, physical: pl.Series) -> np.ndarray:
        numbers = [int(value or 0) for value in physical.to_list()]
        return np.array(numbers, dtype=object)

    def _constant(self, units: int) -> np.ndarray:
        return np.array([units], dtype=object)

    def _decimals(self, data: np.ndarray, scale: int) -> pl.Series:
        units = 10 ** (PLACES - scale)
        return pl.Series("value", [Decimal(to_text(number * units)) for number in data], dtype=VALUE_TYPE)

    def _within(self, column: Column, most: int) -> Column:
        return column

    def _without_large_products(self, a: Column, b: Column, bound: int) -> tuple[Column, int]:
        return a, bound

    def _room_to_divide(
        self, dividend: np.ndarray, divisor: np.ndarray, bound: int, digits: int
    ) -> tuple[np.ndarray, np.ndarray, int]:
        return dividend, divisor, digits

    def _rounded(self, column: Column) -> Column:
        return _round_to_places(column) if column.scale > PLACES else column


def _round_to_places(column: Column) -> Column:
    """Round half-even to 12 fractional digits."""
    divisor = 10 ** (column.scale - PLACES)
    quotient = column.data // divisor
    rest = column.data - quotient * divisor
    quotient = quotient + _rounds_up(quotient, rest, divisor)
    return Column(quotient, PLACES, column.bound // divisor + 1, column.status)


def _rounds_up(quotient: np.ndarray, rest: np.ndarray, divisor: np.ndarray | int) -> np.ndarray:
    """Tell where half-even takes the next integer, given what flooring left over."""
    twice = 2 * rest
    return (twice > divisor) | ((twice == divisor) & (quotient & 1 == 1))


def _largest(data: np.ndarray) -> int:
    """Return the largest absolute number."""
    return max(int(data.max(initial=0)), -int(data.min(initial=0)))


def _codes(column: Column) -> np.ndarray:
    return _ALL_OK if column.status is None else column.status


def _worse(a: Column, b: Column) -> np.ndarray | None:
    """Return the worse status of both for each row."""
    if a.status is None or b.status is None:
        return b.status if a.status is None else a.status
    return np.maximum(a.status, b.status)


def _failed(status: np.ndarray | None, where: np.ndarray, outcome: Outcome) -> np.ndarray | None:
    """Give the outcome to rows that were OK so far."""
    if not where.any():
        return status
    status = _ALL_OK if status is None else status
    return np.where((status == 0) & where, np.uint8(outcome.value), status)


_ALL_OK = np.zeros(1, np.uint8)
