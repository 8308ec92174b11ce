from __future__ import annotations

import pytest

from zhiheng.terminals.calc.text import clean, decode, encode, encoding_of_language


@pytest.mark.parametrize(
    ("content", "usual", "expected"),
    [
        ("张三".encode("gb2312"), "utf-8", ("张三", "gb18030")),
        ("张三".encode(), "gb18030", ("张三", "utf-8")),
        ("José".encode(), "utf-8", ("José", "utf-8")),
        (b"Ann\0\0", "gb18030", ("Ann", None)),
        # 通 in GB2312 is a letter with an accent in UTF-8: the terminal's language decides.
        ("通".encode("gb2312"), "gb18030", ("通", "gb18030")),
        ("通".encode("gb2312"), "utf-8", ("ͨ", "utf-8")),
        (b"\xff\xff", "gb18030", ("��", None)),
        (b"\xc3\xa9", "gb18030", ("茅", "gb18030")),
        (b"\xf0\x9f\x98\x80", "gb18030", ("😀", "utf-8")),
    ],
)  # fmt: skip
def test_decode(content, usual, expected):
    assert decode(content, usual) == expected


def test_both_ways():
    assert encode("张三", "gb18030") == b"\xd5\xc5\xc8\xfd"
    assert encode("张三", "utf-8") == b"\xe5\xbc\xa0\xe4\xb8\x89"
    assert encode("𠮷野", "gb18030") == b"?\xd2\xb0"


def test_what_would_end_a_field_is_no_part_of_it():
    assert clean(" 张\t三\nC:9:REBOOT\0 ") == "张 三 C:9:REBOOT"


def test_languages():
    assert [encoding_of_language(each) for each in ("83", "69", "")] == ["gb18030", "utf-8", "utf-8"]
