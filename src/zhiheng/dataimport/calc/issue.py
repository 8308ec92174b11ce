"""Issues: what is wrong with one cell, and what is proposed instead."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

Severity = Literal["error", "warning", "repair"]

SCHEMA: dict[str, Any] = {
    "row": pl.UInt32,
    "column": pl.Int32,
    "field": pl.String,
    "severity": pl.String,
    "code": pl.String,
    "original": pl.String,
    "proposed": pl.String,
    "params": pl.String,
    "message": pl.String,
}
"""Columns of an issue frame. ``column`` counts from 0, -1 stands for "no single cell"; ``params`` is JSON."""


@dataclass(frozen=True)
class Issue:
    """One finding. ``row`` counts from 1 as in Excel (0: the whole file), ``column`` from 0 (None: the row).

    ``code`` with ``params`` selects the sentence shown; ``message`` overrides it with a finished sentence.
    ``proposed`` is the text to put into the cell to repair it.
    """

    row: int
    field: str = ""
    severity: str = "error"
    code: str = "domain"
    column: int | None = None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    original: str = ""
    proposed: str | None = None
    message: str = ""

    @property
    def cell(self) -> str:
        """Address such as ``C17``; empty when the issue is not about a single cell."""
        return cell_address(self.row, self.column)


def column_letter(column: int) -> str:
    """Excel's letters for a column counted from 0: 0 → A, 26 → AA, 16383 → XFD."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_address(row: int, column: int | None) -> str:
    """``C17`` for row 17, column 2; empty without a row or a column."""
    if not row or column is None or column < 0:
        return ""
    return f"{column_letter(column)}{row}"


def issue_frame(issues: Iterable[Issue]) -> pl.DataFrame:
    """Issues as a frame with the columns of :data:`SCHEMA`."""
    rows = [
        (
            item.row,
            -1 if item.column is None else item.column,
            item.field,
            item.severity,
            item.code,
            item.original,
            item.proposed,
            dump_params(item.params),
            item.message,
        )
        for item in issues
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def issues_of(frame: pl.DataFrame) -> list[Issue]:
    """The rows of an issue frame as :class:`Issue` objects."""
    return [
        Issue(
            row=row["row"],
            field=row["field"],
            severity=row["severity"],
            code=row["code"],
            column=None if row["column"] < 0 else row["column"],
            params=json.loads(row["params"]),
            original=row["original"] or "",
            proposed=row["proposed"],
            message=row["message"],
        )
        for row in frame.iter_rows(named=True)
    ]


def dump_params(params: Mapping[str, Any]) -> str:
    """Parameters of a message as JSON with stable key order."""
    return json.dumps(dict(params), ensure_ascii=False, sort_keys=True, default=str) if params else "{}"
