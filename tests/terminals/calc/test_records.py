from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.terminals.calc.records import (
    DeviceError,
    DeviceTemplate,
    DeviceUser,
    Operation,
    error_of,
    names_encoding,
    operation_of,
    parse_records,
    template_of,
    user_of,
    without_secrets,
)

USER = "USER PIN=2\tName=王五\tPri=14\tPasswd=123\tCard=[15CD5B07]\tGrp=1\tTZ=0001000000000000\tVerify=-1\tViceCard="


def one(text: str):
    (record,) = parse_records(text.encode())
    return record


def test_a_user():
    assert user_of(one(USER)) == DeviceUser("2", "王五", 14, "[15CD5B07]", True)
    assert user_of(one("USER PIN=3\tName=\tPri=x")) == DeviceUser("3", "")
    assert user_of(one("USER Name=x")) is None
    assert user_of(one("FP PIN=3")) is None


def test_a_chinese_terminal_writes_gb2312():
    records = parse_records(USER.encode("gb2312") + b"\r\nUSER PIN=1\tName=Ann\n", "gb18030")
    assert [user_of(each).name for each in records] == ["王五", "Ann"]
    assert names_encoding(records) == "gb18030"
    assert names_encoding(records[1:]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OPLOG 4\t14\t2015-07-30 10:22:34\t0\t0\t0\t0", Operation(4, "14", dt.datetime(2015, 7, 30, 10, 22, 34), ("0", "0", "0", "0"))),
        ("OPLOG 30\t0\tnever\t7", Operation(30, "0", None, ("7",))),
        ("OPLOG x\t0\t2015-07-30 10:22:34", None),
        ("OPLOG 4", None),
        ("USER PIN=1", None),
    ],
)  # fmt: skip
def test_an_operation(text, expected):
    assert operation_of(one(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FP PIN=1\tFID=6\tSize=4\tValid=1\tTMP=AAAA", DeviceTemplate("1", "finger", 6)),
        ("FACE PIN=1\tFID=0\tSIZE=4\tVALID=0\tTMP=AAAA", DeviceTemplate("1", "face", 0, False)),
        ("BIODATA Pin=1\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\tMajorVer=58\tTmp=AAAA", DeviceTemplate("1", "face")),
        ("BIODATA Pin=1\tNo=x\tType=3", DeviceTemplate("1", "other")),
        ("BIOPHOTO PIN=1\tFileName=1.jpg\tType=9\tSize=4\tContent=AAAA", DeviceTemplate("1", "face_photo")),
        ("USERPIC PIN=1\tFileName=1.jpg\tSize=4\tContent=AAAA", DeviceTemplate("1", "picture")),
        ("FP FID=6", None),
        ("USER PIN=1", None),
    ],
)  # fmt: skip
def test_a_template(text, expected):
    assert template_of(one(text)) == expected


def test_an_error():
    text = "ERRORLOG ErrCode=D01E0003\tErrMsg=\tDataOrigin=cmd\tCmdId=123\tAdditional=\tPin=5"
    assert error_of(one(text)) == DeviceError("D01E0003", "", "123", {"DATAORIGIN": "cmd", "PIN": "5"})
    assert error_of(one("USER PIN=1")) is None


def test_a_line_that_is_none_of_these_is_kept():
    (record,) = parse_records(b"\n  \nsome new thing=1\tx\n")
    assert (record.number, record.tag, record.raw) == (3, "", "some new thing=1\tx")


def test_secrets_are_replaced_and_all_else_stays():
    body = f"{USER}\nFP PIN=1\tTMP=AAAA\tX=1\nBIODATA Pin=1\tTmp=BB\n".encode()
    aaaa, bb = (hashlib.sha256(each).hexdigest() for each in (b"AAAA", b"BB"))
    expected = (
        f"{USER}\nFP PIN=1\tTMP=[4 bytes, sha256 {aaaa}]\tX=1\nBIODATA Pin=1\tTmp=[2 bytes, sha256 {bb}]\n"
    )
    assert without_secrets(body).decode() == expected.replace("Passwd=123", "Passwd=[removed]")


line = st.one_of(
    st.binary(max_size=40), st.sampled_from([USER.encode("gb2312"), b"FP PIN=1\tTMP=A", b"OPLOG 1\t2\t3"])
)


@given(st.lists(line, max_size=6).map(b"\n".join), st.sampled_from(["utf-8", "gb18030"]))
def test_no_body_is_too_strange_and_no_line_gets_lost(body, usual):
    records = parse_records(body, usual)
    for each in records:
        operation_of(each), user_of(each), template_of(each), error_of(each)
    filled = [
        each
        for each in body.replace(b"\0", b"").replace(b"\r", b"\n").split(b"\n")
        if each.decode("latin-1").strip(" \t\x0b\x0c")
    ]
    assert len(records) <= len(filled)
    assert len(records) >= len([each for each in filled if each.strip(b"\x00-\x20").isalnum()])
    without_secrets(body)
