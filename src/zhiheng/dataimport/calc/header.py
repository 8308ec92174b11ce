"""Where does the table begin? Title lines, starred headers, headers of two rows, layouts without a header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from zhiheng.dataimport.calc.normalize import header_key, header_text, is_marked_required
from zhiheng.dataimport.calc.sheet import TEXT, Merge, Sheet

SEARCH_ROWS = 40
"""Rows from the top among which the header is looked for."""
_LONGEST_HEADER = 40
_LEAST_SHARE = 0.8
_MAX_LEVELS = 3
_DATA_LIKE = re.compile(r"^[\d\s:.,/~+¥$%年月日时分()xX-]+$")


@dataclass(frozen=True)
class Column:
    """One column of the table. ``position`` counts from 0; ``header`` is unique within the sheet."""

    position: int
    header: str
    is_marked_required: bool = False


@dataclass(frozen=True)
class Header:
    """Header rows ``first`` … ``last`` (from 1, both included) and the columns that carry a header."""

    first: int
    last: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class _Grid:
    """The top of the sheet, once as it is and once with merged ranges filled."""

    plain: list[list[str]]
    filled: list[list[str]]
    kinds: list[list[int]]
    merges: tuple[Merge, ...]


def find_header(sheet: Sheet, known_headers: Collection[str] = ()) -> Header | None:
    """The most convincing header among the first rows, or None when the sheet is no flat table.

    ``known_headers`` are labels and synonyms of the target's fields; rows that contain them win.
    """
    grid = _grid(sheet)
    known = {header_key(text) for text in known_headers}
    best, best_score = None, 0.0
    for row in range(len(grid.plain)):
        score = _score(grid, row, known)
        if score > best_score:
            best, best_score = row, score
    if best is None:
        return None
    return _header(grid, *_levels(grid, best))


def header_at(sheet: Sheet, first: int, last: int | None = None) -> Header:
    """The header in rows ``first`` to ``last`` (from 1) as the user chose them."""
    grid = _grid(sheet, rows=max(first, last or first))
    return _header(grid, first - 1, (last or first) - 1)


def _grid(sheet: Sheet, rows: int = SEARCH_ROWS) -> _Grid:
    texts = [[cell or "" for cell in row] for row in sheet.texts.head(rows).iter_rows()]
    kinds = [list(row) for row in sheet.kinds.head(rows).iter_rows()]
    filled = [list(row) for row in texts]
    for merge in sheet.merges:
        for row in range(merge.top, min(merge.bottom + 1, len(texts))):
            for column in range(merge.left, min(merge.right + 1, sheet.width)):
                filled[row][column] = texts[merge.top][merge.left]
    return _Grid(texts, filled, kinds, sheet.merges)


def _score(grid: _Grid, row: int, known: set[str]) -> float:
    """0 for a row that cannot be a header; otherwise the higher, the more its cells look like headers."""
    cells = grid.filled[row]
    used = [index for index, text in enumerate(cells) if text]
    keys = {header_key(cells[index]) for index in used}
    matches = len(keys & known)
    labels = [
        index for index in used if _is_label(cells[index], grid.kinds[row][index], grid.plain[row][index])
    ]
    if not used or len(labels) < _LEAST_SHARE * len(used) or len(keys) < 2 - (len(cells) == 1):
        return 0
    if _is_form(grid, row):
        return 0
    return len(keys) * len(keys) / len(used) + 3 * matches - row / SEARCH_ROWS


def _is_label(text: str, kind: int, plain: str) -> bool:
    """True for a short text that is neither a number, a date nor a time."""
    if plain and kind != TEXT:
        return False
    return len(header_text(text)) <= _LONGEST_HEADER and not _DATA_LIKE.match(text)


def _is_form(grid: _Grid, row: int) -> bool:
    """True for layouts such as "工号: 7  姓名: Mary", in which labels stand beside their values."""
    used = [(index, text) for index, text in enumerate(grid.plain[row]) if text]
    colons = sum(text.rstrip().endswith((":", "：")) for _, text in used)
    if colons * 3 >= len(used) and colons:
        return True
    return any(_repeats_labels(used, other) for number, other in enumerate(grid.plain) if number != row)


def _repeats_labels(used: Sequence[tuple[int, str]], other: Sequence[str]) -> bool:
    """True when half of the labels, but not all of them, stand in another row too."""
    same = sum(other[index] == text for index, text in used)
    return same >= 2 and len(used) <= same * 2 < len(used) * 2


def _levels(grid: _Grid, row: int) -> tuple[int, int]:
    """First and last row of the header around its best row, following the merged ranges."""
    width = sum(bool(text) for text in grid.filled[row])
    first, last = row, row
    while first and row - first < _MAX_LEVELS - 1 and _joins_down(grid, first - 1, width):
        first -= 1
    below = [merge.bottom for merge in grid.merges if merge.top == row and merge.bottom > row]
    if below and max(below) < min(row + _MAX_LEVELS, len(grid.plain) - 1) and _score(grid, max(below), set()):
        last = max(below)
    return first, last


def _joins_down(grid: _Grid, upper: int, width: int) -> bool:
    """True when the row above holds group labels: merged over some columns, or down into the header."""
    for merge in grid.merges:
        columns = merge.right - merge.left + 1
        if merge.top <= upper <= merge.bottom and columns < width and (columns > 1 or merge.bottom > upper):
            return True
    return False


def _header(grid: _Grid, first: int, last: int) -> Header:
    """Columns from the header rows; a position without any header text makes no column."""
    columns, seen = [], Counter()
    for position in range(len(grid.filled[last])):
        cells = [grid.filled[row][position] for row in range(first, last + 1)]
        parts = list(dict.fromkeys(header_text(text) for text in cells if text.strip()))
        if not parts:
            continue
        header = "/".join(parts)
        seen[header] += 1
        unique = header if seen[header] == 1 else f"{header} ({seen[header]})"
        columns.append(Column(position, unique, any(is_marked_required(text) for text in cells)))
    return Header(first + 1, last + 1, tuple(columns))
