"""What kind of file it is, and what is refused before anything is read."""

import io
import zipfile

import pytest
from tests.dataimport.workbooks import encrypted_ole, ole, workbook, zip_of

from zhiheng.dataimport.calc import sniff
from zhiheng.dataimport.calc.refusal import FileRefused


def refusal(content: bytes) -> tuple[str, dict]:
    with pytest.raises(FileRefused) as caught:
        sniff.sniff(content)
    return caught.value.code, caught.value.params


def test_types_are_known_by_content():
    assert sniff.sniff(workbook([["a"]])) == "xlsx"
    assert sniff.sniff(ole("Workbook")) == "xls"
    assert sniff.sniff("姓名,年纪\n".encode()) == "text"
    assert sniff.sniff("姓名,年纪\n".encode("gbk")) == "text"
    assert sniff.sniff("姓名,年纪\n".encode("utf-16")) == "text"
    assert sniff.sniff("no,age\n".encode("utf-16-le")) == "text"


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        (b"", "empty_file", {}),
        (b"%PDF-1.7", "wrong_type", {"found": "PDF"}),
        (b"\x89PNG\r\n", "wrong_type", {"found": "PNG"}),
        (b"MZ\x90", "wrong_type", {"found": "EXE"}),
        (b'{"a": 1}', "wrong_type", {"found": "JSON"}),
        (b"<html><table>", "markup_as_sheet", {}),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "markup_as_sheet", {}),
        (b"a\x00b\x01\x00\x00c\x00", "binary", {}),
        (b"PK\x03\x04 cut off", "truncated", {}),
        (zip_of({"word/document.xml": b""}), "wrong_type", {"found": "Word"}),
        (zip_of({"ppt/presentation.xml": b""}), "wrong_type", {"found": "PowerPoint"}),
        (zip_of({"xl/workbook.bin": b""}), "wrong_type", {"found": "XLSB"}),
        (zip_of({"content.xml": b"", "mimetype": b""}), "wrong_type", {"found": "OpenDocument"}),
        (zip_of({"readme.txt": b""}), "wrong_type", {"found": "ZIP"}),
        (encrypted_ole(), "password", {}),
        (ole("WordDocument"), "wrong_type", {"found": "Word 97 / OLE"}),
        (sniff.OLE_MAGIC + b"\x00" * 100, "truncated", {}),
    ],
)
def test_other_files_are_refused(content, code, params):
    assert refusal(content) == (code, params)


def test_a_gigabyte_is_refused_by_its_size_alone():
    with pytest.raises(FileRefused) as caught:
        sniff.check_size(1 << 30)
    assert (caught.value.code, caught.value.params) == ("too_large", {"megabytes": 1024, "limit": 64})
    sniff.check_size(sniff.MAX_BYTES)


def test_a_renamed_archive_is_no_workbook():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/other.xml", "")
    assert refusal(buffer.getvalue()) == ("wrong_type", {"found": "ZIP"})
