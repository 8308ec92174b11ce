from __future__ import annotations

from decimal import Decimal as D

import pytest

from zhiheng.reviews.calc.calibration import nine_box, rating_quotas
from zhiheng.reviews.calc.scorecard import WeightsError


def test_quotas_add_up_to_the_people() -> None:
    assert rating_quotas(4, [D("0.2"), D("0.7"), D("0.1")]) == (1, 3, 0)


def test_shares_are_checked() -> None:
    with pytest.raises(WeightsError):
        rating_quotas(4, [D("0.2"), D("0.7")])


@pytest.mark.parametrize(("value", "third"), [("59.99", 1), ("60", 2), ("79.99", 2), ("80", 3)])
def test_a_value_that_reaches_a_cut_is_above_it(value: str, third: int) -> None:
    cuts = [D(60), D(80)]
    assert nine_box(D(value), D(0), cuts, cuts) == (third, 1)
    assert nine_box(D(100), D(value), cuts, cuts) == (3, third)
