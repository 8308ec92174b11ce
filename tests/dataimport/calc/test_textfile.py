"""Encodings, delimiters and rows of text files."""

import pytest

from zhiheng.dataimport.calc import textfile
from zhiheng.dataimport.calc.refusal import FileRefused

TEXT = "姓名,年纪\n张三,20\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gbk"), "gb18030"),
        ("姓名\n㐂𠮷\n".encode("gb18030"), "gb18030"),
    ],
)
def test_encodings(content, encoding):
    text, found = textfile.decode(content)
    assert found == encoding
    assert text.startswith("姓名")


def test_utf8_with_a_broken_byte_names_the_line():
    content = ("姓名,部门\n" + "张三,销售部\n" * 5).encode() + b"\xe5\xbc\n"
    with pytest.raises(FileRefused) as caught:
        textfile.decode(content)
    assert (caught.value.code, caught.value.params) == ("broken_characters", {"line": 7})


def test_unknown_bytes_name_the_line():
    with pytest.raises(FileRefused) as caught:
        textfile.decode(b"name\nJos\xe9\n\xff\xff\n")
    assert (caught.value.code, caught.value.params) == ("unknown_encoding", {"line": 2})


def test_half_a_utf16_character_is_a_cut_file():
    with pytest.raises(FileRefused) as caught:
        textfile.decode(TEXT.encode("utf-16")[:-1])
    assert caught.value.code == "truncated"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a\tb\n1,5\t2\n", "\t"),
        ("a;b;c\n1,5;2;3\n", ";"),
        ("a|b\n1|2\n", "|"),
        ("姓名，年纪\n张三，20\n", "，"),
        ("single\n1\n", ","),
        ("", ","),
        ('a,"x;y;z;w"\nb,"1;2;3;4"\n', ","),
    ],
)
def test_delimiters(text, delimiter):
    assert textfile.detect_delimiter(text) == delimiter


def test_rows_keep_quoted_line_breaks():
    assert list(textfile.read_rows('a,"b\nc"\n1,2\n', ",")) == [["a", "b\nc"], ["1", "2"]]


def test_an_open_quote_names_its_line():
    text = "a,b\n1,2\n" + '3,"4\n' + "5,6\n" * 300
    with pytest.raises(FileRefused) as caught:
        list(textfile.read_rows(text, ","))
    assert (caught.value.code, caught.value.params) == ("open_quote", {"line": 3})


def test_a_cell_of_megabytes_is_an_open_quote():
    with pytest.raises(FileRefused) as caught:
        list(textfile.read_rows('a,b\n1,"' + "x" * 200_000, ","))
    assert (caught.value.code, caught.value.params) == ("open_quote", {"line": 2})
