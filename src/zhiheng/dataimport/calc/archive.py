"""Guards on xlsx archives, run before any library builds cells from them.

The reader allocates one slot for every cell between the first and the last used one, so a tiny file with a
value in A1 and another in XFD1048576 would ask for 17 billion slots. The archive is therefore unpacked once
as a stream with a limit on the bytes, and the used area of each sheet is bounded from its cell references. On
the way the cells with formula errors (``#N/A``) are noted, which the reader would hand over as empty cells.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhiheng.dataimport.calc.refusal import FileRefused

MAX_UNPACKED = 1 << 30
"""Most bytes that all parts of a workbook may unpack to."""
MAX_RATIO = 400
"""A part over 64 MB that unpacks to more than this many times its packed size is a bomb."""
MAX_AREA = 20_000_000
"""Most cells between A1 and the last used cell of one sheet."""
MAX_FORMULA_ERRORS = 1000
MAX_COLUMN = 16_384

_CHUNK = 1 << 20
_RATIO_FROM = 64 << 20
_LONGEST_ROW = 4 << 20
_FILLED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>\s*<(?!/)"
)
_BARE_CELL = re.compile(rb"<(?:\w+:)?c(?:\s(?![^>]*\br\s*=)[^>]*)?(?<!/)>")
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt\s*=\s*[\"']e[\"'])(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']"
)
_ROW_TAG = re.compile(rb"<(?:\w+:)?row[\s>]")


@dataclass
class SheetScan:
    """Used area and formula errors of one sheet part; rows and columns count from 1."""

    last_row: int = 0
    last_column: int = 0
    formula_errors: list[tuple[int, int]] = field(default_factory=list)


def member_names(content: bytes) -> set[str]:
    """Names of the parts of a zip archive; a broken archive is refused as truncated."""
    with _open(content) as archive:
        return set(archive.namelist())


def scan_workbook(content: bytes) -> dict[str, SheetScan]:
    """Unpack every XML part within the limits and scan the sheets; the result is keyed by the part's name.

    Raises FileRefused for bombs, damaged archives and sheets whose used area is too large.
    """
    scans: dict[str, SheetScan] = {}
    unpacked = 0
    with _open(content) as archive:
        for info in archive.infolist():
            if not info.filename.lower().endswith((".xml", ".rels")):
                continue
            scan = SheetScan()
            is_sheet = info.filename.startswith("xl/worksheets/")
            unpacked = _scan_part(content, info, unpacked, scan if is_sheet else None)
            if is_sheet:
                scans[info.filename] = scan
    for scan in scans.values():
        check_area(scan.last_row, scan.last_column)
    return scans


def check_area(rows: int, columns: int) -> None:
    """Refuse a sheet whose used area (in cells, from A1) is above the limit."""
    if rows * columns > MAX_AREA:
        raise FileRefused("sheet_too_large", rows=rows, columns=columns)


def _open(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise FileRefused("truncated") from error


def _scan_part(content: bytes, info: zipfile.ZipInfo, unpacked: int, scan: SheetScan | None) -> int:
    """Unpack one part; returns the total of unpacked bytes so far."""
    if info.flag_bits & 1:
        raise FileRefused("password")
    size, carry = 0, b""
    for chunk in _unpack(content, info):
        size += len(chunk)
        if unpacked + size > MAX_UNPACKED or (size > _RATIO_FROM and size > info.compress_size * MAX_RATIO):
            raise FileRefused("bomb", megabytes=(unpacked + size) >> 20)
        if scan is not None:
            carry = _scan_whole_rows(carry + chunk, scan)
    if scan is not None:
        _scan_cells(carry, scan)
    return unpacked + size


def _unpack(content: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes in pieces, whatever size its header claims."""
    header = content[info.header_offset : info.header_offset + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise FileRefused("truncated")
    start = info.header_offset + 30 + int.from_bytes(header[26:28], "little")
    start += int.from_bytes(header[28:30], "little")
    packed = content[start : start + info.compress_size]
    if len(packed) < info.compress_size:
        raise FileRefused("truncated")
    if info.compress_type == zipfile.ZIP_STORED:
        yield packed
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflate(packed)
    else:
        raise FileRefused("damaged")


def _inflate(packed: bytes) -> Iterator[bytes]:
    stream = zlib.decompressobj(-15)
    try:
        while not stream.eof:
            piece = stream.decompress(packed, _CHUNK)
            packed = stream.unconsumed_tail
            if not piece and not packed and not stream.eof:
                raise FileRefused("truncated")
            yield piece
    except zlib.error as error:
        raise FileRefused("damaged") from error


def _scan_whole_rows(data: bytes, scan: SheetScan) -> bytes:
    """Scan a piece up to its last, perhaps unfinished row, which is returned to be read with the next."""
    cut = max(data.rfind(b"<row"), data.rfind(b":row "))
    if cut <= 0 or len(data) - cut > _LONGEST_ROW:
        cut = len(data)
    _scan_cells(data[:cut], scan)
    return data[cut:]


def _scan_cells(data: bytes, scan: SheetScan) -> None:
    cells = _FILLED_CELL.findall(data)
    if cells:
        scan.last_row = max(scan.last_row, max(map(int, {row for _, row in cells})))
        scan.last_column = max(
            scan.last_column, *(_column_number(name) for name in {name for name, _ in cells})
        )
    if _BARE_CELL.search(data):
        _scan_bare_cells(data, scan)
    if b'"e"' in data or b"'e'" in data:
        room = MAX_FORMULA_ERRORS - len(scan.formula_errors)
        found = _ERROR_CELL.findall(data)[:room]
        scan.formula_errors += [(int(row), _column_number(name)) for name, row in found]


def _scan_bare_cells(data: bytes, scan: SheetScan) -> None:
    """Cells without a reference stand one after the other, so their number in a row bounds the width."""
    rows = _ROW_TAG.split(data)
    scan.last_row += len(rows) - 1
    scan.last_column = min(MAX_COLUMN, max(scan.last_column, *(len(_BARE_CELL.findall(row)) for row in rows)))


def _column_number(name: bytes) -> int:
    """Number of a column from its letters, counted from 1: A → 1, XFD → 16384."""
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number
