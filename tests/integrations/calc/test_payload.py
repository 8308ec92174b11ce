from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhiheng.integrations.calc.payload import canonical_payload, canonical_value, payload_hash, record_key


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("文", "文"),
        (True, True),
        (7, 7),
        (Decimal("1.2300"), "1.23"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0"),
        (Decimal("100"), "100"),
        (dt.date(2026, 2, 3), "2026-02-03"),
    ],
)
def test_canonical_values(value, expected):
    assert canonical_value(value) == expected


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="float"):
        canonical_value(1.5)


def test_the_same_row_has_the_same_hash_whatever_the_order_of_its_fields():
    one = canonical_payload({"a": Decimal("1.0"), "b": "x"})
    two = canonical_payload({"b": "x", "a": Decimal("1.00")})
    assert payload_hash(one) == payload_hash(two)
    assert payload_hash(one) != payload_hash({**one, "b": "y"})


def test_a_key_of_several_fields():
    assert record_key({"day": dt.date(2026, 1, 2), "no": 7}, ("day", "no")) == "2026-01-02|7"
