"""Tables as files: xlsx for people, csv for programs and for people with old Excel versions."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from uuid import UUID

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from xlsxwriter.worksheet import Worksheet

Row = Sequence[object]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CELL_CHARACTERS = 32_767  # what a cell of a workbook holds
_WIDTH_SAMPLE = 100


def escape_formula(text: str) -> str:
    """Return ``text`` so that a spreadsheet reading it from csv shows it and does not calculate it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain(value: object) -> object:
    """Return a value as a file can hold it: text, number, date or naive local time; ``None`` for nothing."""
    if value is None or (isinstance(value, (str, int, float, Decimal)) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, dt.datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, dt.date):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return "、".join(str(each) for each in value)
    return str(value)


def csv_cell(value: object) -> str:
    """Return a value as csv text; only text is escaped, so negative numbers stay numbers."""
    found = plain(value)
    if found is None:
        return ""
    if isinstance(found, str):
        return escape_formula(found)
    if isinstance(found, dt.datetime):
        return found.isoformat(sep=" ", timespec="seconds")
    return str(found)


def _csv_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield "\ufeff"  # tells Excel that the file is UTF-8
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in _with_head(columns, rows):
        writer.writerow([csv_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _with_head(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    yield [str(column) for column in columns]
    yield from rows


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """Return ``rows`` as ``name``.csv, UTF-8 with a byte-order mark; text like a formula is escaped."""
    lines = list(_csv_lines(columns, rows))  # read now: the tenant's transaction ends with the view
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = _attachment(f"{name}.csv")
    return response


def _attachment(file_name: str) -> str:
    return content_disposition_header(True, file_name) or "attachment"


def _write_cell(sheet: Worksheet, at: tuple[int, int], value: object, formats: dict) -> None:
    found = plain(value)
    if found is None:
        return
    if isinstance(found, dt.datetime):
        sheet.write_datetime(*at, found, formats["time"])
    elif isinstance(found, dt.date):
        sheet.write_datetime(*at, found, formats["date"])
    elif isinstance(found, str):
        sheet.write_string(*at, found[:_CELL_CHARACTERS])  # a string cell is never calculated
    elif isinstance(found, (int, float, Decimal)) and abs(found) < 10**15:
        sheet.write_number(*at, found)
    else:
        sheet.write_string(*at, str(found))  # more digits than a spreadsheet keeps


def _text_width(value: object) -> int:
    """Return the width of a value in half-width characters."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in csv_cell(value))


def write_xlsx(target: object, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a workbook of one sheet with a frozen, filterable head to the file-like ``target``."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#EEF1F6", "bottom": 1}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        sheet = book.add_worksheet(gettext("数据"))
        sheet.freeze_panes(1, 0)
        rows = iter(rows)
        sample = [row for _, row in zip(range(_WIDTH_SAMPLE), rows, strict=False)]
        for index, column in enumerate(columns):
            widest = max([_text_width(str(column)), *(_text_width(row[index]) for row in sample)])
            sheet.set_column(index, index, min(max(widest + 2, 8), 60))
            sheet.write_string(0, index, str(column), formats["head"])
        count = 0
        for count, row in enumerate(_chained(sample, rows), start=1):
            for index, value in enumerate(row):
                _write_cell(sheet, (count, index), value, formats)
        if columns:
            sheet.autofilter(0, 0, count, len(columns) - 1)


def _chained(first: Iterable[Row], rest: Iterable[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def xlsx_response(name: str, columns: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """Return ``rows`` as the workbook ``name``.xlsx; text stays text, so no cell of it is ever calculated."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_xlsx(target, columns, rows)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx")
