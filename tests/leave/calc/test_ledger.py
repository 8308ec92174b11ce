"""Lots: used in the order they expire, conserved, ended with nothing lost unseen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from zhiheng.leave.calc.ledger import Ending, Lot, Use, end_lots, left_on, take

D = Decimal
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def day(month: int, number: int = 1) -> dt.date:
    return dt.date(2026, month, number)


def lot(key: UUID, left: int | str, since: dt.date, until: dt.date | None = None, usable_to=None) -> Lot:
    return Lot(key, D(left), since, until, usable_to or until)


def test_what_expires_first_is_used_first():
    lots = [lot(A, 3, day(1)), lot(B, 2, day(2), day(6)), lot(C, 2, day(1), day(12))]
    taking = take(lots, [(day(3), D(5))])
    assert taking.uses == (Use(B, day(3), D(2)), Use(C, day(3), D(2)), Use(A, day(3), D(1)))
    assert (taking.short, left_on(taking.lots, day(3))) == (0, 2)


def test_a_lot_is_used_only_on_its_days():
    lots = [lot(A, 1, day(1), day(3, 31)), lot(B, 1, day(5))]
    taking = take(lots, [(day(4), D(1)), (day(5), D(1))])
    assert taking.uses == (Use(None, day(4), D(1)), Use(B, day(5), D(1)))
    assert taking.short == 1


def test_what_is_over_is_carried_or_lost():
    carried = lot(A, 4, day(1), day(3, 31), day(6, 30))
    ended = lot(B, 2, day(1), day(2, 28))
    current = lot(C, 9, day(1), day(12, 31))
    assert end_lots([carried, ended, current], day(4)) == [
        Ending(B, D(0), None, D(2)),
        Ending(A, D(4), day(6, 30), D(0)),
    ]
    assert end_lots([carried], day(4), carry_maximum=D(3)) == [Ending(A, D(3), day(6, 30), D(1))]
    assert end_lots([carried], day(3, 31)) == []


def test_what_was_overdrawn_is_set_off_before_anything_is_lost():
    ended = [lot(A, 2, day(1), day(2)), lot(B, 2, day(1), day(3))]
    assert end_lots(ended, day(4), overdrawn=D(3)) == [Ending(B, D(0), None, D(1))]
    assert end_lots(ended, day(4), overdrawn=D(4)) == []


days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
amounts = st.integers(1, 20).map(lambda halves: D(halves) / 2)
lots_of = st.lists(
    st.tuples(amounts, days, st.none() | days).map(
        lambda given: Lot(uuid4(), given[0], given[1], given[2], given[2])
    ),
    max_size=6,
)


@given(lots=lots_of, days=st.lists(st.tuples(days, amounts), max_size=8))
def test_nothing_is_lost_and_nothing_goes_below_zero(lots, days):
    taking = take(lots, days)
    granted = sum((each.left for each in lots), D(0))
    used = sum((use.amount for use in taking.uses if use.lot_id), D(0))
    assert granted == used + sum((each.left for each in taking.lots), D(0))
    assert sum((amount for _on, amount in days), D(0)) == used + taking.short
    assert all(each.left >= 0 for each in taking.lots)


@given(lots=lots_of, days=st.lists(st.tuples(days, amounts), max_size=4), today=days)
def test_what_ends_is_what_was_left(lots, days, today):
    after = take(lots, days).lots
    ended = {ending.lot_id: ending.carried + ending.lost for ending in end_lots(after, today)}
    assert ended == {
        each.id: each.left for each in after if each.left and each.expires_on and each.expires_on < today
    }
