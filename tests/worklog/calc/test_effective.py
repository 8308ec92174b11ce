"""Where the time of a day goes, without counting a minute twice; figures worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from zhiheng.worklog.calc.effective import DayTime, Spent, day_time, together, union_minutes

EFFECTIVE = frozenset({"visit", "follow_up", "project"})
NINE = 9 * 60


def visit(start: int, end: int) -> Spent:
    return Spent("visit", start=start, end=end, is_evidence=True)


def spent(category: str, start: int, end: int) -> Spent:
    return Spent(category, start=start, end=end)


def of(*things: Spent, present: int | None = 480) -> DayTime:
    return day_time(things, present=present, effective_categories=EFFECTIVE)


@pytest.mark.parametrize(
    ("spans", "minutes"),
    [
        ([], 0),
        ([(0, 60)], 60),
        ([(30, 60), (0, 60)], 60),
        ([(0, 60), (30, 90)], 90),
        ([(0, 10), (20, 30)], 20),
        ([(5, 5)], 0),
    ],
)
def test_a_union_counts_each_minute_once(spans, minutes):
    assert union_minutes(spans) == minutes


def test_a_day_without_anything():
    assert of() == DayTime(480)
    assert (of().share, of().unlogged, of().logged) == (0, 480, 0)


def test_what_is_seen_counts_before_what_is_typed():
    # A meeting typed as 10:00-12:00 while a visit was going on 10:30-11:30: one hour each.
    found = of(spent("meeting", NINE + 60, NINE + 180), visit(NINE + 90, NINE + 150))
    assert found == DayTime(480, {"visit": 60, "meeting": 60}, effective=60)
    assert found.share == Fraction(1, 8)


def test_of_two_typed_things_the_first_counts():
    found = of(spent("meeting", 0, 60), spent("follow_up", 30, 90))
    assert found.by_category == {"meeting": 60, "follow_up": 30}


def test_one_inside_the_other_leaves_nothing_behind():
    assert of(spent("meeting", 0, 60), spent("follow_up", 10, 20)).by_category == {"meeting": 60}


def test_lengths_are_added():
    assert of(Spent("project", 120), Spent("project", 180)).by_category == {"project": 300}


def test_nobody_works_longer_than_they_were_present():
    # 600 typed minutes in 480 present: each category keeps four fifths.
    found = of(Spent("project", 400), Spent("meeting", 200))
    assert found == DayTime(480, {"project": 320, "meeting": 160}, effective=320, excess=120)
    assert found.unlogged == 0


def test_shares_of_minutes_add_up():
    # 100 of 3 × 50: 33⅓ each; the first gets the minute left over.
    found = of(Spent("project", 50), Spent("meeting", 50), Spent("learning", 50), present=100)
    assert found.by_category == {"project": 34, "meeting": 33, "learning": 33}


def test_a_visit_proves_presence_beyond_the_punches():
    found = of(visit(0, 300), Spent("meeting", 60), present=240)
    assert found == DayTime(300, {"visit": 300}, effective=300, excess=60)


def test_without_presence_there_is_no_share():
    found = of(visit(0, 60), Spent("meeting", 30), present=None)
    assert found == DayTime(None, {"visit": 60, "meeting": 30}, effective=60)
    assert (found.share, found.unlogged) == (None, 0)


def test_days_add_up_and_unknown_ones_stay_out():
    days = [of(visit(0, 60)), of(Spent("meeting", 30), present=240), of(visit(0, 60), present=None)]
    assert together(days) == DayTime(720, {"visit": 60, "meeting": 30}, effective=60)
    assert together([]) == DayTime(None)


def test_excess_adds_up():
    assert together([of(Spent("project", 500)), of(Spent("project", 490))]).excess == 30
