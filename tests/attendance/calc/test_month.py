"""What is counted by the month."""

from __future__ import annotations

import datetime as dt

import pytest

from zhiheng.attendance.calc.month import (
    ChangeAction,
    Correction,
    action_on_change,
    add_months,
    comp_time,
    corrections_within,
    count_late,
    overtime_cap,
)  # fmt: skip


def day(text):
    return dt.date.fromisoformat(text)


def test_the_first_latenesses_of_a_month_are_free():
    found = count_late([5, 0, 8, 3, 6], 3)

    assert (found.counted, found.count, found.minutes) == ((6,), 1, 6)


def test_corrections_need_quota_and_an_early_request():
    on_time = Correction(day("2026-08-03"), day("2026-08-10"))
    too_late = Correction(day("2026-08-04"), day("2026-08-12"))
    exempt = Correction(day("2026-08-05"), is_exempt=True)
    second, september = Correction(day("2026-08-06")), Correction(day("2026-09-01"))

    allowed, refused = corrections_within([on_time, too_late, exempt, second, september], 1, 7)

    assert allowed == (on_time, exempt, september)
    assert refused == (too_late, second)
    assert corrections_within([second, on_time], None, None) == ((second, on_time), ())


def test_statutory_overtime_counts_towards_the_cap_only_where_the_rule_says_so():
    assert overtime_cap(1200, 900, 600).over_minutes == 0
    assert overtime_cap(1200, 900, 600, is_300_counted=True).over_minutes == 540
    assert overtime_cap(1200, 900, cap_hours=30).over_minutes == 300


def test_time_off_comes_from_the_oldest_credit_that_is_still_valid():
    found = comp_time(
        [(day("2026-03-14"), 480), (day("2026-01-05"), 240), (day("2026-03-14"), 60)],
        [(day("2026-04-10"), 600), (day("2026-01-01"), 30)],
        3,
    )

    assert found.from_bucket == {day("2026-01-05"): 240, day("2026-03-14"): 0}
    assert found.expired == {day("2026-01-05"): 240}  # it ended on 5 April and has to be paid
    assert (found.remaining, found.uncovered) == (0, 90)


def test_credits_without_end_never_expire():
    found = comp_time([(day("2020-01-05"), 240)], [], None, day("2026-01-01"))

    assert (found.remaining, found.expired) == (240, {})
    assert comp_time([(day("2020-01-05"), 240)], [], 3).remaining == 240


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-11-30", 3, "2027-02-28"), ("2026-03-07", 3, "2026-06-07")],
)
def test_months_later_is_the_same_day_or_the_last(start, months, end):
    assert add_months(day(start), months) == day(end)


def test_what_happens_on_a_change():
    assert action_on_change(is_changed=False, is_locked=True) is ChangeAction.NONE
    assert action_on_change(is_changed=True, is_locked=False) is ChangeAction.SETTLE
    assert action_on_change(is_changed=True, is_locked=True) is ChangeAction.ADJUST
