"""A miss split into parts that add up to it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from zhiheng.goals.calc.shortfall import Shortfall, shortfall

SPREAD = (Decimal(90), Decimal(100), Decimal(110))
OTHERS = [Decimal("0.9"), Decimal("0.95"), Decimal("0.8")]
FEN = st.integers(0, 10**8).map(lambda fen: Decimal(fen) / 100)


def split(
    target: int, actual: int, at_closing: int | None = None, others=OTHERS, **more: object
) -> Shortfall | None:
    closing = actual if at_closing is None else at_closing
    return shortfall(Decimal(target), Decimal(closing), Decimal(actual), SPREAD, others, **more)


def test_asked_too_much_in_a_bad_year_and_done_what_could_be():
    found = split(130, 88)
    assert found.parts == {"target": 30, "external": 10, "execution": 2, "data": 0}
    assert (found.total, found.main, found.others, found.is_usual) == (42, "target", Decimal("0.9"), True)
    assert found.share("target") == Decimal(30) / 42


def test_ones_own_doing():
    found = split(100, 60)
    assert found.parts == {"target": 0, "external": 10, "execution": 30, "data": 0}
    assert (found.main, found.is_usual) == ("execution", False)


def test_data_that_came_late():
    found = split(100, 98, at_closing=70)
    assert (found.data, found.total, found.main) == (28, 30, "data")
    assert found.execution == -8  # better than colleagues: it made the miss smaller
    assert found.share("execution") == 0


def test_too_few_colleagues_say_nothing():
    found = split(130, 88, others=OTHERS[:2])
    assert (found.external, found.execution, found.others) == (0, 12, None)


def test_less_is_better():
    found = split(90, 120, others=[Decimal("1.1")] * 3, is_lower=True)
    assert found.parts == {"target": 10, "external": 10, "execution": 10, "data": 0}
    assert split(120, 90, is_lower=True) is None


def test_what_was_reached_needs_no_explaining():
    assert split(100, 100) is None
    assert split(100, 101) is None


@given(FEN, FEN, FEN, st.lists(FEN, min_size=0, max_size=6))
def test_parts_add_up_to_the_shortfall_exactly(target, at_closing, actual, others):
    found = shortfall(target, at_closing, actual, SPREAD, [each / 1000 for each in others])
    if target <= at_closing:
        assert found is None
        return
    assert sum(found.parts.values()) == found.total == target - at_closing
    shares = [found.share(name) for name in found.parts]
    assert abs(sum(shares) - 1) < Decimal("1e-20")


def test_nothing_explains_nothing():
    nothing = Shortfall(*[Decimal(0)] * 5, others=None, is_usual=True)
    assert nothing.share("target") == 0
