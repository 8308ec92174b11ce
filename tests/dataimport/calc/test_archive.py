"""Guards on archives: bombs, damaged parts, sheets that would need too much memory."""

import struct
import zipfile
import zlib

import pytest
from tests.dataimport.workbooks import SHEET_PART, sheet_xml, with_part, workbook, zip_of

from zhiheng.dataimport.calc import archive
from zhiheng.dataimport.calc.refusal import FileRefused

PLAIN = workbook([["a", "b"], [1, 2]])


def scan(rows: str) -> archive.SheetScan:
    return archive.scan_workbook(with_part(PLAIN, SHEET_PART, sheet_xml(rows)))[SHEET_PART]


def refusal(content: bytes) -> tuple[str, dict]:
    with pytest.raises(FileRefused) as caught:
        archive.scan_workbook(content)
    return caught.value.code, caught.value.params


def test_area_of_a_plain_sheet():
    assert archive.scan_workbook(PLAIN)[SHEET_PART] == archive.SheetScan(2, 2)


def test_empty_cells_do_not_count():
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/><c r="XFC1" s="1"></c></row>'
    assert scan(rows) == archive.SheetScan(1, 1)


def test_two_far_cells_are_refused():
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>'
    )
    content = with_part(PLAIN, SHEET_PART, sheet_xml(rows))
    assert refusal(content) == ("sheet_too_large", {"rows": 1048576, "columns": 16384})


def test_cells_without_reference_are_counted():
    rows = "<row><c><v>1</v></c><c t='n'><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert scan(rows) == archive.SheetScan(2, 2)


def test_formula_errors_are_noted():
    rows = '<row r="3"><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="e" r="C3"><v>#N/A</v></c></row>'
    assert scan(rows).formula_errors == [(3, 2), (3, 3)]


def test_rows_longer_than_the_carry_are_still_scanned(monkeypatch):
    monkeypatch.setattr(archive, "_CHUNK", 64)
    monkeypatch.setattr(archive, "_LONGEST_ROW", 40)
    cells = "".join(f'<c r="{letter}7"><v>1</v></c>' for letter in "ABCDEFGH")
    assert scan(f'<row r="7">{cells}</row>').last_row == 7


def test_sheet_cut_between_chunks_is_scanned_whole(monkeypatch):
    monkeypatch.setattr(archive, "_CHUNK", 50)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"><v>1</v></c></row>' for n in range(1, 30)
    )
    assert scan(rows) == archive.SheetScan(29, 2)


def test_bomb_by_ratio():
    blown = sheet_xml("<row r='1'/>" + " " * (70 << 20))
    code, params = refusal(with_part(PLAIN, SHEET_PART, blown))
    assert code == "bomb"
    assert params["megabytes"] >= 64


def test_bomb_by_total(monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    assert refusal(PLAIN)[0] == "bomb"


def test_sizes_in_the_header_are_not_believed(monkeypatch):
    """A header that claims few bytes must not hide a large part."""
    monkeypatch.setattr(archive, "MAX_UNPACKED", 100_000)
    content = bytearray(with_part(PLAIN, SHEET_PART, sheet_xml(" " * 200_000)))
    with zipfile.ZipFile(__import__("io").BytesIO(bytes(content))) as book:
        size = struct.pack("<I", book.getinfo(SHEET_PART).file_size)
    assert refusal(bytes(content.replace(size, struct.pack("<I", 10))))[0] == "bomb"


def test_stored_parts_are_read():
    parts = {"xl/workbook.xml": b"", SHEET_PART: sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')}
    assert archive.scan_workbook(zip_of(parts, zipfile.ZIP_STORED))[SHEET_PART] == archive.SheetScan(1, 1)


def test_other_compression_is_refused():
    assert refusal(zip_of({SHEET_PART: b"<x/>" * 100}, zipfile.ZIP_BZIP2)) == ("damaged", {})


def test_encrypted_members_ask_for_the_password():
    content = bytearray(zip_of({SHEET_PART: b"<x/>"}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert refusal(bytes(content)) == ("password", {})


def test_broken_archives():
    assert refusal(PLAIN[:200]) == ("truncated", {})
    garbled = bytearray(zip_of({SHEET_PART: b"<row>" * 1000}))
    start = 30 + len(SHEET_PART)
    garbled[start : start + 4] = b"\xff\xff\xff\xff"
    assert refusal(bytes(garbled)) == ("damaged", {})


def test_members_without_local_header_or_data():
    content = bytearray(zip_of({SHEET_PART: b"<row/>" * 50}))
    content[0:2] = b"XX"
    assert refusal(bytes(content)) == ("truncated", {})
    directory = content.index(b"PK\x01\x02")
    content[0:2] = b"PK"
    content[directory + 20 : directory + 24] = struct.pack("<I", 1 << 20)
    assert refusal(bytes(content)) == ("truncated", {})


def test_stream_that_ends_too_early():
    packed = zlib.compress(b"<row/>" * 2000)[2:-4]
    with pytest.raises(FileRefused) as caught:
        list(archive._inflate(packed[: len(packed) // 2]))
    assert caught.value.code == "truncated"
