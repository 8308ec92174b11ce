"""From texts to typed columns: every distinct cell is read once, the result is joined back to the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from zhiheng.dataimport.calc import dates, numbers, persons, words
from zhiheng.dataimport.calc.issue import SCHEMA, dump_params
from zhiheng.dataimport.calc.normalize import strip
from zhiheng.dataimport.calc.parsed import Parsed, error
from zhiheng.dataimport.calc.sheet import NUMBER
from zhiheng.dataimport.calc.target import ROW, Field

LONGEST_TYPED = 100
"""Longest text that is tried as a number, date, phone and the like."""
_ERROR_VALUES = frozenset(("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"))
_LOSSY_DIGITS = 16

_TYPED: dict[str, Callable[[str, int, Field], Parsed]] = {
    "integer": lambda text, kind, field: numbers.parse_integer(text, kind),
    "decimal": lambda text, kind, field: numbers.parse_decimal(text, kind, field.places),
    "date": lambda text, kind, field: dates.parse_date(text, kind),
    "datetime": lambda text, kind, field: dates.parse_datetime(text, kind),
    "boolean": lambda text, kind, field: words.parse_boolean(text),
    "choice": lambda text, kind, field: words.parse_choice(text, field.choices),
    "id_card": lambda text, kind, field: persons.parse_id_card(text, kind),
    "phone": lambda text, kind, field: persons.parse_phone(text),
    "email": lambda text, kind, field: persons.parse_email(text),
}


@dataclass(frozen=True)
class Converted:
    """Values of one field in the order of the rows, and the issues found on the way."""

    values: pl.Series
    issues: pl.DataFrame


def column_type(field: Field) -> Any:
    """Polars type of the converted column."""
    if field.kind == "decimal":
        return pl.Decimal(38, field.places)
    types = {"integer": pl.Int64, "date": pl.Date, "datetime": pl.Datetime("us"), "boolean": pl.Boolean}
    return types.get(field.kind, pl.String)


def parse_cell(text: str, kind: int, field: Field) -> Parsed:
    """Read one non-empty cell for a field."""
    if text in _ERROR_VALUES:
        return error("formula_error", found=text)
    if field.kind in _TYPED:
        if len(text) > LONGEST_TYPED:
            return error("too_long", limit=LONGEST_TYPED, length=len(text))
        return _bounded(_TYPED[field.kind](text, kind, field), field)
    if kind == NUMBER and len(text.lstrip("-")) >= _LOSSY_DIGITS and text.lstrip("-").isdigit():
        return error("digits_lost", digits=15)
    if field.kind == "name":
        return persons.parse_name(text)
    return words.parse_text(text, field.max_length)


def _bounded(parsed: Parsed, field: Field) -> Parsed:
    """The value if it lies between the field's bounds."""
    value = parsed.value
    if value is None:
        return parsed
    if field.minimum is not None and _comparable(value) < field.minimum:
        return error("below_minimum", minimum=str(field.minimum))
    if field.maximum is not None and _comparable(value) > field.maximum:
        return error("above_maximum", maximum=str(field.maximum))
    return parsed


def _comparable(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


def convert(rows: pl.Series, texts: pl.Series, kinds: pl.Series, field: Field, column: int) -> Converted:
    """Convert one column. ``rows`` are row numbers of the sheet, ``column`` is its position from 0."""
    cells = pl.DataFrame({ROW: rows, "text": texts, "kind": kinds})
    distinct = cells.select("text", "kind").unique().drop_nulls("text")
    parsed = [
        parse_cell(text, kind, field) if strip(text) else Parsed() for text, kind in distinct.iter_rows()
    ]
    values = distinct.with_columns(_series([item.value for item in parsed], field))
    joined = cells.join(values, on=["text", "kind"], how="left", maintain_order="left")["value"]
    notes = _notes(distinct, parsed)
    issues = cells.join(notes, on=["text", "kind"], how="inner") if notes.height else notes
    missing = _missing(cells, values, field)
    result = joined.fill_null(_default(field)) if field.default is not None else joined
    return Converted(
        result.alias(field.name),
        pl.concat([_as_issues(issues, field, column), _as_issues(missing, field, column)]),
    )


def _series(values: Sequence[Any], field: Field) -> pl.Series:
    return pl.Series("value", values, dtype=column_type(field), strict=field.kind != "decimal")


def _default(field: Field) -> Any:
    value = field.default
    return pl.lit(Decimal(value), dtype=column_type(field)) if field.kind == "decimal" else value


def _notes(distinct: pl.DataFrame, parsed: Sequence[Parsed]) -> pl.DataFrame:
    """One row for every note of a distinct cell."""
    rows = [
        (text, kind, note.severity, note.code, dump_params(note.params), note.proposed)
        for (text, kind), item in zip(distinct.iter_rows(), parsed, strict=True)
        for note in item.notes
    ]
    schema = {
        "text": pl.String,
        "kind": pl.UInt8,
        "severity": pl.String,
        "code": pl.String,
        "params": pl.String,
        "proposed": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _missing(cells: pl.DataFrame, values: pl.DataFrame, field: Field) -> pl.DataFrame:
    """Rows without a value in a required field."""
    if not field.required or field.default is not None:
        return pl.DataFrame()
    blank = [text for text in values["text"].to_list() if not strip(text)]
    return cells.filter(pl.col("text").is_null() | pl.col("text").is_in(blank)).with_columns(
        severity=pl.lit("error"),
        code=pl.lit("required"),
        params=pl.lit("{}"),
        proposed=pl.lit(None, pl.String),
    )


def _as_issues(found: pl.DataFrame, field: Field, column: int) -> pl.DataFrame:
    if not found.height:
        return pl.DataFrame(schema=SCHEMA)
    return found.select(
        row=pl.col(ROW).cast(pl.UInt32),
        column=pl.lit(column, pl.Int32),
        field=pl.lit(field.name),
        severity="severity",
        code="code",
        original=pl.col("text"),
        proposed="proposed",
        params="params",
        message=pl.lit(""),
    )
