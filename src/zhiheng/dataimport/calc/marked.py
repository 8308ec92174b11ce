"""Workbooks for the user: an empty template of a target, and the file with its faulty cells marked."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from zhiheng.dataimport.calc.issue import Issue
from zhiheng.dataimport.calc.sheet import Sheet
from zhiheng.dataimport.calc.target import Field

_COLOURS = {"error": "#FFC7CE", "warning": "#FFEB9C", "repair": "#DDEBF7"}
_RANK = {"error": 0, "warning": 1, "repair": 2}
_TEMPLATE_ROWS = 5000
_TEXT_FORMAT = "@"
_DATE_FORMAT = "yyyy-mm-dd"
_COLUMN_WIDTH = 18


@dataclass(frozen=True)
class MarkedIssue:
    """An issue with its finished sentence."""

    issue: Issue
    message: str


def template(fields: Sequence[Field], sheet_name: str) -> bytes:
    """An empty workbook with one column a field: required ones starred, choices as lists, help as comments.

    Cells are text, so that identity numbers keep their digits; dates are date cells.
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_sheet_name(sheet_name))
        head = book.add_format({"bold": True, "bg_color": "#EDF1FE", "border": 1, "border_color": "#D0D6E1"})
        text = book.add_format({"num_format": _TEXT_FORMAT})
        date = book.add_format({"num_format": _DATE_FORMAT})
        for position, field in enumerate(fields):
            is_date = field.kind in ("date", "datetime")
            sheet.set_column(position, position, _COLUMN_WIDTH, date if is_date else text)
            sheet.write_string(0, position, f"{field.label}{'*' if field.required else ''}", head)
            if note := "\n".join(part for part in (str(field.help), str(field.example)) if part):
                sheet.write_comment(0, position, note)
            if labels := [str(choice.label) for choice in field.choices]:
                _add_list(sheet, position, labels)
        sheet.freeze_panes(1, 0)
    return output.getvalue()


def _add_list(sheet: Any, position: int, labels: list[str]) -> None:
    """A drop-down list; Excel takes at most 255 characters of it."""
    if sum(map(len, labels)) + len(labels) <= 255:
        rule = {"validate": "list", "source": labels, "error_type": "warning"}
        sheet.data_validation(1, position, _TEMPLATE_ROWS, position, rule)


def marked_workbook(
    sheet: Sheet, issues: Iterable[MarkedIssue], fixes: Mapping[tuple[int, int], str], titles: Sequence[str]
) -> bytes:
    """The sheet with coloured cells and comments, and a second sheet that lists all issues.

    ``fixes`` are corrected texts by row and column, ``titles`` the two sheet names and the five list headers.
    """
    found = list(issues)
    by_cell: dict[tuple[int, int], list[MarkedIssue]] = {}
    for item in found:
        if item.issue.cell:
            by_cell.setdefault((item.issue.row, item.issue.column or 0), []).append(item)
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        formats = {name: book.add_format({"bg_color": colour}) for name, colour in _COLOURS.items()}
        data = book.add_worksheet(_sheet_name(titles[0]))
        for row, cells in enumerate(sheet.texts.iter_rows(), start=1):
            for column, text in enumerate(cells):
                marks = by_cell.pop((row, column), None)
                shown = fixes.get((row, column), text)
                _write_cell(data, row, column, shown, marks, formats)
        _write_list(book.add_worksheet(_sheet_name(titles[1])), titles[2:], found, formats)
    return output.getvalue()


def _write_cell(
    data: Any,
    row: int,
    column: int,
    text: str | None,
    marks: list[MarkedIssue] | None,
    formats: Mapping[str, Any],
) -> None:
    if not marks:
        if text is not None:
            data.write_string(row - 1, column, text)
        return
    worst = min(marks, key=lambda item: _RANK[item.issue.severity])
    data.write_string(row - 1, column, text or "", formats[worst.issue.severity])
    lines = [item.message + (f" → {item.issue.proposed}" if item.issue.proposed else "") for item in marks]
    data.write_comment(row - 1, column, "\n".join(lines))


def _write_list(
    sheet: Any, headers: Sequence[str], found: Sequence[MarkedIssue], formats: Mapping[str, Any]
) -> None:
    for position, header in enumerate(headers):
        sheet.write_string(0, position, header)
        sheet.set_column(position, position, _COLUMN_WIDTH)
    for row, item in enumerate(found, start=1):
        issue = item.issue
        cells = (
            issue.cell or str(issue.row or ""),
            issue.severity,
            issue.original,
            issue.proposed or "",
            item.message,
        )
        for position, text in enumerate(cells):
            sheet.write_string(row, position, text, formats[issue.severity] if position == 0 else None)
    sheet.freeze_panes(1, 0)


def _sheet_name(name: str) -> str:
    """A name that Excel accepts: no []:*?/\\ and at most 31 characters."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31].strip() or "Sheet"
