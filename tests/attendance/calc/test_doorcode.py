from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from zhiheng.attendance.calc.doorcode import is_current, is_genuine, make_code, read_code

SITE = UUID("0198c0de-0000-7000-8000-000000000001")
NOON = dt.datetime(2026, 7, 8, 4, 0, tzinfo=dt.UTC)


def after(seconds: int) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def test_a_code_is_read_back_and_is_genuine():
    code = read_code(make_code("secret", SITE, NOON))
    assert (code.site_id, code.window) == (SITE, 1783483200 // 15)
    assert is_genuine(code, "secret")


def test_an_address_that_ends_in_a_code():
    text = make_code("secret", SITE, NOON)
    assert read_code(f" https://hr.example/attendance/punch/?door={text} ") == read_code(text)


@pytest.mark.parametrize("text", ["", "hello", "a.b.c", f"{SITE.hex}", f"{SITE.hex}.xyz.1"])
def test_something_else_is_no_code(text):
    assert read_code(text) is None


def test_a_forged_code_is_not_genuine():
    code = read_code(make_code("secret", SITE, NOON))
    assert not is_genuine(code, "other")
    assert not is_genuine(replace(code, window=code.window + 1), "secret")
    assert not is_genuine(replace(code, signature=""), "secret")


@pytest.mark.parametrize(("seconds", "expected"), [(-1, False), (0, True), (29, True), (30, False)])
def test_a_code_is_good_for_half_a_minute(seconds, expected):
    assert is_current(read_code(make_code("secret", SITE, NOON)), after(seconds)) is expected
