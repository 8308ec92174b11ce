"""Workbooks and broken files for the tests, made in memory."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SHEETS = Path(__file__).resolve().parent.parent / "data" / "zh_sheets"
SHEET_PART = "xl/worksheets/sheet1.xml"


def workbook(
    rows: Sequence[Sequence[Any]], merges: Sequence[tuple[str, str]] = (), name: str = "Sheet1"
) -> bytes:
    """An xlsx file with one sheet; ``merges`` are (range, text)."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
                elif isinstance(value, str) and not value.startswith("="):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write(row, column, value)
        for cells, text in merges:
            sheet.merge_range(cells, text)
    return output.getvalue()


def with_part(content: bytes, part: str, data: bytes) -> bytes:
    """The archive with one part replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zip_of({**parts, part: data})


def sheet_xml(rows: str) -> bytes:
    """XML of a sheet around the given rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


def zip_of(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of the parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return output.getvalue()


def ole(stream: str) -> bytes:
    """The start of an OLE container that names a stream; enough to be recognised."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2048 + stream.encode("utf-16-le") + b"\x00" * 2048


def encrypted_ole() -> bytes:
    """What Excel writes for a workbook with a password."""
    return ole("EncryptedPackage")


def xls_with_password() -> bytes:
    """A real .xls whose second record says that the rest is encrypted (FILEPASS)."""
    content = bytearray((SHEETS / "easyexcel_t01.xls").read_bytes())
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    after_bof = start + 4 + 16
    content[after_bof : after_bof + 2] = b"\x2f\x00"
    return bytes(content)


def csv_of(text: str, encoding: str = "utf-8") -> bytes:
    """Encoded text."""
    return text.encode(encoding)
