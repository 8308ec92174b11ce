"""Reading of files: bytes in, sheets out, within fixed limits of memory."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import python_calamine as calamine

from zhiheng.dataimport.calc import sniff, textfile
from zhiheng.dataimport.calc.archive import SheetScan, check_area, scan_workbook
from zhiheng.dataimport.calc.refusal import FileRefused
from zhiheng.dataimport.calc.sheet import MAX_COLUMNS, Merge, Sheet, build_sheet

MAX_ROWS = 500_000
"""Most rows of a sheet, with the empty ones between."""
_MAX_MERGES = 20_000
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(r"(?:\w+:)?(\w+)\s*=\s*[\"']([^\"']*)[\"']")


@dataclass(frozen=True)
class Workbook:
    """What kind of file it is, and the names of the sheets that can be chosen (hidden ones are left out)."""

    file_type: sniff.FileType
    sheet_names: tuple[str, ...]


def read_sheet(content: bytes, sheet_name: str | None = None) -> tuple[Workbook, Sheet]:
    """One sheet of a file: the named one, or the first visible one that is not empty.

    Raises FileRefused for everything that is not a readable workbook or text table.
    """
    file_type = sniff.sniff(content)
    if file_type == "text":
        return Workbook("text", ("",)), _read_text(content)
    scans = scan_workbook(content) if file_type == "xlsx" else {}
    return _read_workbook(content, file_type, sheet_name, scans)


def _read_text(content: bytes) -> Sheet:
    text, encoding = textfile.decode(content)
    first, _, rest = text.partition("\n")
    first_row_number = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        text, delimiter, first_row_number = rest, first.strip()[4], 1
    else:
        delimiter = textfile.detect_delimiter(text)
    blank: list[list[str]] = [[""]] * first_row_number
    rows = _limited(textfile.read_rows(text, delimiter))
    notes = {"encoding": encoding, "delimiter": delimiter}
    return _checked(build_sheet("", [*blank, *rows], notes=notes))


def _limited(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Rows up to the limit, then FileRefused."""
    for number, row in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise FileRefused("too_many_rows", limit=MAX_ROWS)
        yield row


def _read_workbook(
    content: bytes, file_type: sniff.FileType, sheet_name: str | None, scans: dict[str, SheetScan]
) -> tuple[Workbook, Sheet]:
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            names = _visible_sheets(book)
            if sheet_name is not None and sheet_name not in names:
                raise FileRefused("no_such_sheet", sheet=sheet_name)
            parts = sheet_parts(content) if file_type == "xlsx" else {}
            wanted = names if sheet_name is None else (sheet_name,)
            for name in wanted:
                sheet = _read_cells(book, name, scans.get(parts.get(name, ""), SheetScan()))
                if sheet.width:
                    break
            return Workbook(file_type, names), _checked(sheet)
    except FileRefused:
        raise
    except calamine.PasswordError as error:
        raise FileRefused("password") from error
    except Exception as error:
        raise FileRefused("damaged") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused("damaged") from error


def _visible_sheets(book: calamine.CalamineWorkbook) -> tuple[str, ...]:
    """Visible work sheets in their order; FileRefused when there are only charts or hidden sheets."""
    names = tuple(
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible
    )
    if not names:
        raise FileRefused("no_sheet")
    return names


def _read_cells(book: calamine.CalamineWorkbook, name: str, scan: SheetScan) -> Sheet:
    source = book.get_sheet_by_name(name)
    if source.end is None:
        return build_sheet(name, ())
    check_area(source.end[0] + 1, source.end[1] + 1)
    if source.end[0] >= MAX_ROWS:
        raise FileRefused("too_many_rows", limit=MAX_ROWS)
    merges = [Merge(top, left, bottom, right) for (top, left), (bottom, right) in _merges(source)]
    return build_sheet(
        name,
        source.iter_rows(),
        skip_columns=source.start[1],
        merges=merges,
        formula_errors=scan.formula_errors,
    )


def _merges(source: calamine.CalamineSheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return (source.merged_cell_ranges or [])[:_MAX_MERGES]


def _checked(sheet: Sheet) -> Sheet:
    """The sheet, unless it is empty or too wide to be a table."""
    if not sheet.width:
        raise FileRefused("empty_sheet")
    if sheet.width > MAX_COLUMNS:
        raise FileRefused("too_many_columns", columns=sheet.width, limit=MAX_COLUMNS)
    return sheet


def sheet_parts(content: bytes) -> dict[str, str]:
    """Which part of an xlsx archive holds which sheet, by the sheet's name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in _RELATION.findall(links):
        found = dict(_ATTRIBUTE.findall(tag))
        targets[found.get("Id", "")] = "xl/" + found.get("Target", "").removeprefix("/xl/")
    parts = {}
    for tag in _SHEET.findall(book):
        found = dict(_ATTRIBUTE.findall(tag))
        parts[html.unescape(found.get("name", ""))] = targets.get(found.get("id", ""), "")
    return parts
