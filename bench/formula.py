"""How fast formulas are: a million rows by column, and one row with its trace."""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # the figure is for one core

import numpy as np
import polars as pl

from bench._measure import cpu_seconds, report
from zhiheng.calckit.formula import Formula

ROWS = 1_000_000
TERMS = 10
ONE_ROW_RUNS = 1000


def _decimals(numbers: np.ndarray, places: int) -> pl.Series:
    """Make a Decimal(18, places) column of integers that count its smallest unit."""
    scaled = pl.Series("x", numbers).cast(pl.Decimal(38, 0)).to_frame()
    unit = pl.lit(f"1e-{places}").cast(pl.Decimal(38, places))
    return scaled.select((pl.col("x") * unit).cast(pl.Decimal(18, places))).to_series()


def _frame() -> pl.DataFrame:
    random = np.random.default_rng(7)
    rates = {f"指标{i}": _decimals(random.integers(0, 15_000, ROWS), 4) for i in range(TERMS)}
    amounts = {f"金额{i}": _decimals(random.integers(0, 10**9, ROWS), 2) for i in range(TERMS)}
    targets = {f"目标{i}": _decimals(random.integers(0, 10**9, ROWS), 2) for i in range(TERMS)}
    return pl.DataFrame({**rates, **amounts, **targets})


WEIGHTED = " + ".join(f"指标{i} × {i + 5.5}%" for i in range(TERMS))
CAPPED = " + ".join(f"MIN(金额{i} ÷ 目标{i}, 120%) × {i + 5.5}%" for i in range(TERMS))


def main() -> None:
    frame = _frame()
    cases = (("weighted", WEIGHTED, 1.0, 0.0002), ("capped_quotients", CAPPED, None, None))
    for name, text, limit, row_limit in cases:
        formula = Formula.parse(text, frame.columns)
        seconds = cpu_seconds(lambda formula=formula: formula.evaluate_frame(frame))
        report(f"formula.frame.{name}", limit=limit, rows=ROWS, terms=TERMS, cpu_seconds=round(seconds, 3))
        values = frame.select(formula.names).row(0, named=True)
        runs = cpu_seconds(lambda f=formula, v=values: [f.evaluate(v) for _ in range(ONE_ROW_RUNS)])
        report(
            f"formula.row.{name}",
            limit=row_limit,
            nodes=len(formula.program),
            cpu_seconds=round(runs / ONE_ROW_RUNS, 7),
        )
        texts = cpu_seconds(lambda f=formula, v=values: [f.evaluate(v).trace.to_json() for _ in range(100)])
        report(f"formula.row_json.{name}", nodes=len(formula.program), cpu_seconds=round(texts / 100, 7))
    parsing = cpu_seconds(lambda: [Formula.parse(WEIGHTED) for _ in range(100)])
    report("formula.parse", characters=len(WEIGHTED), cpu_seconds=round(parsing / 100, 7))


if __name__ == "__main__":
    main()
