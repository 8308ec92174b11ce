from __future__ import annotations

from decimal import Decimal as D

from zhiheng.reviews.calc.bonus import bonus, divide_bonus_pool, prorated_bonus


def test_a_bonus_is_rounded_once() -> None:
    assert bonus(D("333.33"), [D("1.005"), D("1.005")]) == D("336.67")
    assert bonus(D(1000), []) == D("1000.00")


def test_a_bonus_in_proportion_to_attendance() -> None:
    assert prorated_bonus(D(3000), [D(1)], D(18), D(21)) == D("2571.43")
    assert prorated_bonus(D(3000), [D(1)], D(0), D(0)) is None


def test_a_pool_is_divided_to_the_last_fen() -> None:
    assert divide_bonus_pool(D(100), [D(1), D(1), D(1)]) == (D("33.34"), D("33.33"), D("33.33"))
