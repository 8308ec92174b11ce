from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from zhiheng.terminals.calc.photo import Photo, parse_photo

JPEG = b"\xff\xd8\xff\xe0 a picture \0 with a NUL \n and a line end"
HEAD = f"PIN=20150731103012-123.jpg\nSN=0316144680030\nsize={len(JPEG)}\nCMD=uploadphoto".encode()
AT = dt.datetime(2015, 7, 31, 10, 30, 12)


def test_text_then_nul_then_picture():
    assert parse_photo(HEAD + b"\0" + JPEG) == Photo("20150731103012-123.jpg", "123", AT, JPEG, True, HEAD)


def test_padding_and_a_missing_nul_do_no_harm():
    assert parse_photo(HEAD + b"\0\0\0" + JPEG).content == JPEG
    found = parse_photo(HEAD + b"\n" + JPEG)
    assert (found.content, found.is_complete) == (JPEG, True)


def test_of_somebody_unknown():
    found = parse_photo(b"PIN=20150731103012.jpg\0" + JPEG)
    assert (found.pin, found.at, found.is_complete) == ("", AT, True)


def test_a_torn_picture_is_not_complete():
    assert not parse_photo(HEAD + b"\0" + JPEG[:-5]).is_complete
    assert not parse_photo(HEAD + b"\0no picture").is_complete
    assert parse_photo(HEAD) == Photo("20150731103012-123.jpg", "123", AT, b"", False, HEAD)
    found = parse_photo(b"PIN=me.jpg\0" + JPEG)
    assert (found.name, found.pin, found.at) == ("me.jpg", "", None)


@given(st.binary(max_size=200))
def test_no_body_is_too_strange(body):
    found = parse_photo(body)
    assert body.startswith(found.head)
    assert body.endswith(found.content)
