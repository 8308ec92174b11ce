"""Lines that connectors print, good and bad ones."""

from __future__ import annotations

import hashlib

import pytest

from zhiheng.connectors.calc import messages
from zhiheng.connectors.calc.messages import (
    Complete,
    Deleted,
    Junk,
    Reader,
    Rejected,
    Row,
    Schema,
    State,
    drift,
)

DECLARED = '{"type":"SCHEMA","stream":"订单","schema":{"properties":{"单号":{"type":"string"}}},"key_properties":["单号"]}'


def reader(*keys: str) -> Reader:
    return Reader({"订单": keys or ("单号",)})


def read(text: str, *keys: str):
    return reader(*keys).read(text.encode())


def test_a_row_keeps_its_names_and_numbers_and_has_the_same_bytes_whatever_their_order():
    payload = '{"单号":"SO1","数量":3,"金额":1.10}'
    digest = hashlib.sha256(payload.encode()).hexdigest()
    expected = Row(("订单", "SO1", payload, digest))
    assert read('{"type":"RECORD","stream":"订单","record":{"金额":1.10,"单号":"SO1","数量":3}}') == expected
    assert read('{"record":{"数量":3,"金额":1.10,"单号":"SO1"},"stream":"订单","type":"RECORD"}') == expected


def test_a_stream_declares_its_key():
    found = Reader()
    assert found.read(DECLARED.encode()) == Schema("订单", ("单号",), {"单号": {"type": "string"}})
    row = found.read('{"type":"RECORD","stream":"订单","record":{"单号":"A"}}'.encode())
    assert row[1] == "A"


@pytest.mark.parametrize(
    ("record", "key"),
    [
        ('{"a":1,"b":"x"}', "1|x"),
        ('{"a":1.50,"b":true}', "1.50|True"),
        ('{"a":123456789012345678901234567890,"b":"x"}', "123456789012345678901234567890|x"),
    ],
)
def test_a_key_of_several_fields(record, key):
    assert read(f'{{"type":"RECORD","stream":"订单","record":{record}}}', "a", "b")[1] == key


def test_a_key_that_is_a_number():
    assert read('{"type":"RECORD","stream":"订单","record":{"id":7}}', "id")[1] == "7"


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ('{"名称":"x"}', "no_key"),
        ('{"单号":null}', "no_key"),
        ('{"单号":""}', "no_key"),
        ('{"单号":[1]}', "no_key"),
        ('{"单号":"%s"}' % ("x" * 401), "no_key"),
        (r'{"单号":"1","备注":"a\u0000b"}', "bad_value"),
        (r'{"单号":"1","明细":[{"备注":"\u0000"}]}', "bad_value"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_stored_is_refused(record, problem):
    line = f'{{"type":"RECORD","stream":"订单","record":{record}}}'
    assert read(line) == Rejected("订单", problem, line.encode()[:300].decode("utf-8", "replace"))


def test_a_row_of_an_undeclared_stream_or_without_content_is_refused():
    assert read('{"type":"RECORD","stream":"客户","record":{"id":1}}').problem == "no_key"
    assert read('{"type":"RECORD","stream":"订单"}').problem == "no_key"


def test_what_only_looks_like_a_nul_is_kept():
    row = read(r'{"type":"RECORD","stream":"订单","record":{"单号":"\\u0000","明细":[1]}}')
    assert row[1] == r"\u0000"


def test_a_number_that_is_none_and_a_line_that_is_too_long_are_refused(monkeypatch):
    assert (
        read('{"type":"RECORD","stream":"订单","record":{"单号":1.%s}}' % ("0" * 1100)).problem == "bad_value"
    )
    assert read('{"type":"RECORD","stream":"订单","record":{"单号":1e99999}}').problem == "bad_value"
    monkeypatch.setattr(messages, "LINE_LIMIT", 10)
    assert read('{"type":"STATE","value":1}').problem == "too_large"


@pytest.mark.parametrize(
    "line", [b"Traceback (most recent call last):", b'{"type":1}', b"\xff\xfe", b'{"a":' * 9999]
)
def test_other_lines_are_junk(line):
    assert isinstance(reader().read(line), Junk)


@pytest.mark.parametrize(
    "line", [b"", b"  \n", b'{"type":"ACTIVATE_VERSION","stream":"s"}', b'{"type":"SCHEMA"}']
)
def test_lines_that_mean_nothing_are_passed_over(line):
    assert reader().read(line) is None


def test_state_deletion_and_completion():
    assert read('{"type":"STATE","value":{"b":1.50,"a":"2026-05-01"}}') == State(
        '{"a":"2026-05-01","b":1.50}'
    )
    assert read('{"type":"DELETED","stream":"订单","key":7}') == Deleted("订单", "7")
    assert read('{"type":"DELETED","stream":"订单"}') is None
    assert read('{"type":"COMPLETE","stream":"订单"}') == Complete("订单")


def test_a_schema_without_properties():
    assert read('{"type":"SCHEMA","stream":"s","schema":{"properties":[]},"is_complete":true}') == Schema(
        "s", (), {}, True
    )


def test_drift_names_what_came_went_and_changed():
    before = {"a": {"type": ["null", "integer"]}, "b": {"type": "string"}, "c": {"type": "string"}, "d": 1}
    after = {"a": {"type": "integer"}, "b": {"type": ["number", "null"]}, "e": {}}
    assert drift(before, after) == [("b", "string", "number"), ("c", "string", None), ("e", None, "any")]
