from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.calckit.money import allocate, allocate_money, minor_unit, round_money


def test_the_smallest_unit_depends_on_the_currency() -> None:
    assert [str(minor_unit(code)) for code in ("CNY", "JPY", "KWD")] == ["0.01", "1", "0.001"]


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("2.345", "CNY", "2.35"),
        ("-2.345", "CNY", "-2.35"),
        ("2.3449999", "CNY", "2.34"),
        ("100", "CNY", "100.00"),
        ("0.5", "JPY", "1"),
        ("0.0005", "KWD", "0.001"),
    ],
)
def test_money_is_rounded_half_up(amount: str, currency: str, expected: str) -> None:
    assert str(round_money(Decimal(amount), currency)) == expected


def test_quotients_are_rounded_from_their_exact_value() -> None:
    assert round_money(Fraction(2, 3)) == Decimal("0.67")


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1, 1, 1], (4, 3, 3)),
        (0, [1, 2], (0, 0)),
        (5, [0, Decimal("0.3")], (0, 5)),
        (23, [Decimal("0.2"), Decimal("0.7"), Decimal("0.1")], (5, 16, 2)),
    ],
)
def test_largest_remainders_get_what_flooring_leaves(
    total: int, weights: list[Decimal | int], shares: tuple[int, ...]
) -> None:
    assert allocate(total, weights) == shares


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_shares_add_up_and_are_off_by_less_than_one(total: int, weights: list[int]) -> None:
    shares = allocate(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    assert all(
        abs(share - Fraction(total * weight, whole)) < 1
        for share, weight in zip(shares, weights, strict=True)
    )


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [1, -1]), (1, [0, 0]), (1, [])])
def test_what_cannot_be_divided_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"negative|positive"):
        allocate(total, weights)


def test_amounts_are_divided_to_the_smallest_unit() -> None:
    assert allocate_money(Decimal("100"), [1, 1, 1]) == (Decimal("33.34"), Decimal("33.33"), Decimal("33.33"))
    assert allocate_money(Decimal("100"), [1, 1, 1], "JPY") == (Decimal(34), Decimal(33), Decimal(33))


def test_an_amount_finer_than_the_currency_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.001 is finer than 0\.01 CNY"):
        allocate_money(Decimal("0.001"), [1])
