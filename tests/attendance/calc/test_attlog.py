from __future__ import annotations

import datetime as dt

import pytest

from zhiheng.attendance.calc.attlog import AttLog, BadLine, LogLine, method_of, parse_attlog, parse_line


def test_a_file_with_right_aligned_pins_and_windows_line_ends():
    text = "       12\t2026-07-01 08:58:07\t1\t0\t15\t0\r\n        7\t2026-07-01 18:01:00\t1\t1\t1\t3\r\n"
    assert parse_attlog(text) == AttLog(
        (
            LogLine(1, "12", dt.datetime(2026, 7, 1, 8, 58, 7), 0, 15, "0", text.split("\r\n")[0]),
            LogLine(2, "7", dt.datetime(2026, 7, 1, 18, 1), 1, 1, "3", text.split("\r\n")[1]),
        ),
        (),
    )


def test_padding_with_nul_bytes_is_no_line_and_no_part_of_a_number():
    content = b"\xef\xbb\xbf\0\0\0\0  12\t2026-07-01 08:58:07\t1\t255\t1\t0\n" + b"\0" * 4096
    found = parse_attlog(content)
    assert [(each.pin, each.status) for each in found.lines] == [("12", 255)]
    assert found.bad == ()
    assert [each.pin for each in parse_attlog(content.decode()[1:]).lines] == ["12"]


def test_a_line_of_the_push_protocol_has_its_status_third():
    found = parse_line("1001\t2026-07-01 08:58:07\t4\t25\t9\t0\t0\t255\t0\t0", 3, "push")
    assert isinstance(found, LogLine)
    assert (found.number, found.pin, found.status, found.verify, found.work_code) == (3, "1001", 4, 25, "9")


@pytest.mark.parametrize(
    "line", ["5\t2026-07-01 08:58:07", "5\t2026/7/1 8:58:07\tx\t-1", "5\t2026-07-01T08:58:07\t1000\t²"]
)
def test_what_is_missing_or_no_number_is_undefined(line):
    found = parse_line(line, layout="push")
    assert (found.at, found.status, found.verify) == (dt.datetime(2026, 7, 1, 8, 58, 7), 255, 255)


def test_minutes_are_enough():
    assert parse_line("5\t2026-07-01 08:58").at == dt.datetime(2026, 7, 1, 8, 58)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("garbage", "fields"),
        ("\t2026-07-01 08:58:07\t1\t0", "pin"),
        ("张三\t2026-07-01 08:58:07\t1\t0", "pin"),
        ("5\t2026-02-31 08:58:07\t1\t0", "time"),
        ("5\tyesterday\t1\t0", "time"),
    ],
)
def test_unreadable_lines_are_kept_and_say_why(line, reason):
    found = parse_attlog(f"1\t2026-07-01 08:00:00\t1\t0\t1\t0\n\n{line}\n")
    assert found.bad == (BadLine(3, line, reason),)
    assert len(found.lines) == 1


def test_old_chinese_firmware():
    found = parse_attlog("张三\t2026-07-01\n".encode("gb18030"))
    assert found.bad == (BadLine(1, "张三\t2026-07-01", "pin"),)


def test_a_clock_that_started_again():
    assert parse_line("5\t2000-01-01 00:03:00").is_clock_reset
    assert not parse_line("5\t2026-01-01 00:03:00").is_clock_reset


def test_methods():
    codes = (0, 1, 3, 4, 15, 25, 200)
    assert [method_of(each) for each in codes] == ["pin", "finger", "pin", "card", "face", "palm", "other"]
    assert method_of(0, "push") == "other"
