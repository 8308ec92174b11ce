"""A sheet as it stands in the file: one text and one kind for every cell, in columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import polars as pl

EMPTY, TEXT, NUMBER, DATE, DATETIME, BOOLEAN, TIME = range(7)
"""Kinds of cells, as the file stores them."""

MAX_COLUMNS = 500
"""Most used columns of a sheet."""
_CHUNK_ROWS = 20_000
_SAFE_INTEGER = 10**15
_MAX_FILLED = 2_000_000


@dataclass(frozen=True)
class Merge:
    """A merged range; rows and columns count from 0, both ends are included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """Texts and kinds have one row for every row of the sheet, and columns called "0", "1", …

    An empty cell is null. Numbers are written shortest, dates as ISO. ``formula_errors`` are (row, column),
    both counted from 1.
    """

    name: str
    texts: pl.DataFrame
    kinds: pl.DataFrame
    merges: tuple[Merge, ...] = ()
    formula_errors: tuple[tuple[int, int], ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Number of used columns."""
        return self.texts.width

    @property
    def height(self) -> int:
        """Number of rows down to the last used one."""
        return self.texts.height


def build_sheet(
    name: str,
    rows: Iterable[Sequence[Any]],
    *,
    skip_columns: int = 0,
    merges: Sequence[Merge] = (),
    formula_errors: Sequence[tuple[int, int]] = (),
    notes: dict[str, Any] | None = None,
) -> Sheet:
    """Columns from rows of Python values; rows may differ in length. ``skip_columns`` empty ones go in front.

    Merged ranges below the first one hundred rows and within them keep their anchor only; see
    :func:`fill_merges`.
    """
    texts: list[pl.DataFrame] = []
    kinds: list[pl.DataFrame] = []
    for chunk in _chunks(rows):
        width = skip_columns + max(map(len, chunk))
        columns = [[None] * len(chunk)] * skip_columns + _transpose(chunk, width - skip_columns)
        pairs = [_column(values) for values in columns]
        texts.append(pl.DataFrame({str(index): pair[0] for index, pair in enumerate(pairs)}))
        kinds.append(pl.DataFrame({str(index): pair[1] for index, pair in enumerate(pairs)}))
    text_frame = pl.concat(texts, how="diagonal") if texts else pl.DataFrame()
    kind_frame = pl.concat(kinds, how="diagonal") if kinds else pl.DataFrame()
    used = _used_columns(text_frame)
    return Sheet(
        name=name,
        texts=text_frame.select(used),
        kinds=kind_frame.select(pl.col(used).fill_null(EMPTY)) if used else pl.DataFrame(),
        merges=tuple(merges),
        formula_errors=tuple(formula_errors),
        notes=notes or {},
    )


def fill_merges(sheet: Sheet, first_row: int) -> Sheet:
    """Copy the value of merged ranges that start at or below ``first_row`` (from 0) into all their cells."""
    texts, kinds = sheet.texts, sheet.kinds
    changes: dict[int, dict[int, int]] = {}
    filled = 0
    for merge in sheet.merges:
        bottom, right = min(merge.bottom, sheet.height - 1), min(merge.right, sheet.width - 1)
        filled += max(bottom - merge.top + 1, 0) * max(right - merge.left + 1, 0)
        if merge.top < first_row or filled > _MAX_FILLED:
            continue
        for column in range(merge.left, right + 1):
            sources = changes.setdefault(column, {})
            sources.update(dict.fromkeys(range(merge.top, bottom + 1), (merge.top, merge.left)))
    for column, sources in changes.items():
        texts = _copy_cells(texts, column, sources)
        kinds = _copy_cells(kinds, column, sources)
    return Sheet(sheet.name, texts, kinds, sheet.merges, sheet.formula_errors, sheet.notes)


def _copy_cells(frame: pl.DataFrame, column: int, sources: dict[int, Any]) -> pl.DataFrame:
    name = str(column)
    series = frame[name].clone()
    values = [frame[str(left)][top] for top, left in sources.values()]
    return frame.with_columns(
        series.scatter(list(sources), pl.Series(values, dtype=series.dtype)).alias(name)
    )


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK_ROWS)):
        yield chunk


def _transpose(chunk: list[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    if any(len(row) != width for row in chunk):
        chunk = [[*row, *[None] * (width - len(row))] for row in chunk]
    return list(zip(*chunk, strict=True))


def _used_columns(frame: pl.DataFrame) -> list[str]:
    """Names of all columns up to the last one that holds anything."""
    last = max(
        (index for index, name in enumerate(frame.columns) if frame[name].null_count() < frame.height),
        default=-1,
    )
    return [str(index) for index in range(last + 1)]


def _column(values: Sequence[Any]) -> tuple[pl.Series, pl.Series]:
    """Texts and kinds of one column of a chunk."""
    cells = [_CELL[type(value)](value) for value in values]
    texts = pl.Series([cell[0] for cell in cells], dtype=pl.String)
    return texts, pl.Series([cell[1] for cell in cells], dtype=pl.UInt8)


def _text_cell(value: str) -> tuple[str | None, int]:
    return (value, TEXT) if value and not value.isspace() else (None, EMPTY)


def number_text(value: float) -> str:
    """A number as Excel would show it: no trailing zeros, 15 significant digits, no exponent below 10^18."""
    if value == int(value) and abs(value) < 10**18:
        return str(int(value))
    return format(value, ".15g")


def _number_cell(value: float) -> tuple[str | None, int]:
    return number_text(value), NUMBER


def _timedelta_cell(value: dt.timedelta) -> tuple[str, int]:
    hours, rest = divmod(int(value.total_seconds()), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}", TIME


_CELL: dict[type, Any] = {
    type(None): lambda value: (None, EMPTY),
    str: _text_cell,
    float: _number_cell,
    int: _number_cell,
    bool: lambda value: ("TRUE" if value else "FALSE", BOOLEAN),
    dt.date: lambda value: (value.isoformat(), DATE),
    dt.datetime: lambda value: (value.isoformat(sep=" ", timespec="seconds"), DATETIME),
    dt.time: lambda value: (value.isoformat(timespec="seconds"), TIME),
    dt.timedelta: _timedelta_cell,
}
