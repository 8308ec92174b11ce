"""The story of the trading company: field work twice a day, desk work 3 hours a day, learning once a week.

Worked out by hand. Present 9:00-12:00 and 13:00-18:00, 8 hours, five days: 2,400 minutes.

==========  =========  =========  ==================================================================================
            visits     desk       the rest
==========  =========  =========  ==================================================================================
Monday      2 × 105    120 + 60   sales meeting 90
Tuesday     2 × 105    120 + 60   on the way, not logged: 90
Wednesday   2 × 105    150 + 30   team meeting 60, of which 15 during the second visit: 45; not logged 45
Thursday    2 × 105    120 + 60   not logged 90
Friday      2 × 105    120 + 60   learning 60; not logged 30
==========  =========  =========  ==================================================================================

Desk work is order follow-up + customer data, 3 hours each day. Effective are visits and order follow-up:
10 × 105 + 120 + 120 + 150 + 120 + 120 = 1,050 + 630 = 1,680 of 2,400 minutes = 70 %.
"""

from __future__ import annotations

from fractions import Fraction

from zhiheng.worklog.calc.effective import DayTime, Spent, day_time, together

EFFECTIVE = frozenset({"visit", "follow_up", "project"})


def at(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def spent(category: str, start: str, end: str) -> Spent:
    return Spent(category, start=at(start), end=at(end), is_evidence=category == "visit")


VISITS = (spent("visit", "9:00", "10:45"), spent("visit", "13:30", "15:15"))
WEEK = (
    (*VISITS, Spent("follow_up", 120), Spent("customer_data", 60), spent("meeting", "10:45", "12:15")),
    (*VISITS, Spent("follow_up", 120), Spent("customer_data", 60)),
    (*VISITS, Spent("follow_up", 150), Spent("customer_data", 30), spent("meeting", "15:00", "16:00")),
    (*VISITS, Spent("follow_up", 120), Spent("customer_data", 60)),
    (*VISITS, Spent("follow_up", 120), Spent("customer_data", 60), spent("learning", "17:00", "18:00")),
)


def test_a_week_of_a_salesperson_is_70_percent_effective():
    days = [day_time(day, present=480, effective_categories=EFFECTIVE) for day in WEEK]
    assert [each.effective for each in days] == [330, 330, 360, 330, 330]
    assert together(days) == DayTime(
        2400,
        {"visit": 1050, "follow_up": 630, "customer_data": 270, "meeting": 135, "learning": 60},
        effective=1680,
    )
    assert together(days).share == Fraction(7, 10)


def test_dropping_the_meetings_for_visits_raises_the_share():
    # The two meetings, 135 minutes, become visits: 1,815 of 2,400.
    longer = [
        tuple(Spent("visit", start=each.start, end=each.end, is_evidence=True) if each.category == "meeting" else each for each in day)
        for day in WEEK
    ]  # fmt: skip
    days = [day_time(day, present=480, effective_categories=EFFECTIVE) for day in longer]
    assert together(days).share == Fraction(1815, 2400)
