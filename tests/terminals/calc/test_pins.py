from __future__ import annotations

import pytest

from zhiheng.terminals.calc.pins import assign_pins, default_pin


@pytest.mark.parametrize(
    ("number", "pin"),
    [
        ("E00123", "123"),
        ("1001", "1001"),
        ("A-1-2", "12"),
        ("ABC", ""),
        ("000", ""),
        ("1234567890", ""),
        ("٣", ""),
    ],
)
def test_default_pin(number, pin):
    assert default_pin(number) == pin


def test_the_digits_of_the_number_unless_others_have_or_want_them():
    numbers = {"ann": "E0007", "bob": "X7", "cleo": "C9", "dan": "D", "eva": "E5", "fay": "F900001"}
    found = assign_pins(numbers, {"cleo": "31"}, {"5"})
    assert found == {
        "cleo": "31",
        "ann": "900002",
        "bob": "900003",
        "dan": "900004",
        "eva": "900005",
        "fay": "900001",
    }
    assert assign_pins({"ann": "E0007"}, {}, ()) == {"ann": "7"}
