"""What speaks against a request: one example for every rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from zhiheng.attendance.calc.requests import Draft, Facts, Finding, Rules, Taken, check, clashes

TODAY = dt.date(2026, 11, 25)  # a Wednesday
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
RULES = Rules()
FACTS = Facts(now=NOW, today=TODAY)


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


def at(clock: str, number: int = 25) -> dt.datetime:
    hour, minute = clock.split(":")
    return dt.datetime(2026, 11, number, int(hour), int(minute), tzinfo=dt.UTC)


def overtime(start: str = "18:00", end: str = "20:00", number: int = 25, **more) -> Draft:
    span = (at(start, number), at(end, number)) if start else (None, None)
    given = {"minutes": 120, "compensation": "pay", **more}
    return Draft("overtime", day(number), day(number), *span, **given)


def correction(number: int = 24, clock: str = "09:00", **more) -> Draft:
    return Draft("correction", day(number), day(number), at(clock, number), **{"end": "in", **more})


def outing(start: str, end: str, number: int = 25) -> Draft:
    return Draft("outing", day(number), day(number), at(start, number), at(end, number))


def trip(first: int, last: int) -> Draft:
    return Draft("trip", day(first), day(last))


def found(draft: Draft, rules: Rules = RULES, **facts) -> list[tuple[str, dict]]:
    return [(each.code, dict(each.params)) for each in check(draft, rules, replace(FACTS, **facts))]


@pytest.mark.parametrize(
    "draft", [overtime(), overtime("", ""), correction(), outing("09:00", "12:00"), trip(25, 27),
              Draft("swap", day(26), day(26))],
    ids=lambda each: each.kind,
)  # fmt: skip
def test_nothing_speaks_against_it(draft):
    assert check(draft, RULES, FACTS) == []


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (outing("12:00", "12:00"), [("end_before_start", {})]),
        (trip(27, 25), [("end_before_start", {})]),
        (overtime("08:00", "21:00"), [("too_long", {"given": 780, "longest": 720})]),
        (overtime("", "", minutes=721), [("too_long", {"given": 721, "longest": 720}),
                                         ("day_cap", {"on": day(25), "total": 721, "cap": 180})]),
        (replace(outing("09:00", "10:00"), to_at=at("09:01", 26)), [("too_long", {"given": 1441, "longest": 1440})]),
        (Draft("trip", day(25), dt.date(2027, 1, 24)), [("too_many_days", {"given": 61, "longest": 60})]),
    ],
    ids=["no time", "days", "long overtime", "long duration", "long outing", "long trip"],
)  # fmt: skip
def test_the_end_comes_after_the_start_and_not_too_long_after(draft, expected):
    assert found(draft) == expected


@pytest.mark.parametrize(
    ("draft", "days", "last"),
    [
        (overtime(number=21), 3, day(24)),
        (correction(17), 7, day(24)),
        (outing("09:00", "10:00", 21), 3, day(24)),
        (trip(10, 17), 7, day(24)),
    ],
    ids=lambda each: getattr(each, "kind", ""),
)  # fmt: skip
def test_too_late(draft, days, last):
    assert found(draft) == [("past_deadline", {"days": days, "last": last})]
    assert check(draft, RULES, replace(FACTS, may_override=True)) == [
        Finding("past_deadline_overridden", False, (("days", days), ("last", last)))
    ]
    assert check(draft, RULES, replace(FACTS, today=last)) == []


def test_a_swap_only_ahead():
    assert found(Draft("swap", day(24), day(24)), may_override=True) == [("swap_in_past", {"on": day(24)})]


def test_somebody_who_is_not_employed():
    assert found(trip(25, 26), is_employed=False) == [("not_employed", {"on": day(25)})]


def taken(draft: Draft, label: str = "x") -> Taken:
    return Taken(draft.kind, draft.from_on, draft.to_on, draft.from_at, draft.to_at, draft.end, label)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (overtime("18:00", "20:00"), overtime("19:00", "21:00"), True),
        (overtime("18:00", "20:00"), overtime("20:00", "21:00"), False),
        (overtime("18:00", "20:00"), overtime("", ""), True),
        (overtime("", ""), overtime("", "", 24), False),
        (outing("09:00", "12:00"), outing("11:00", "13:00"), True),
        (outing("09:00", "12:00"), trip(24, 25), True),
        (trip(24, 26), trip(26, 27), True),
        (trip(24, 25), trip(26, 27), False),
        (overtime("18:00", "20:00"), outing("18:00", "20:00"), False),
        (correction(), correction(clock="10:00"), True),
        (correction(), correction(end="out"), False),
        (correction(), correction(23), False),
        (Draft("swap", day(26), day(26)), Draft("swap", day(26), day(26)), True),
    ],
)
def test_what_cannot_hold_together(one, other, expected):
    assert clashes(one, taken(other)) is expected
    assert clashes(other, taken(one)) is expected


def test_the_other_request_is_named():
    others = (taken(overtime("", "", 24)), taken(overtime("17:00", "19:00"), "加班"))
    assert found(overtime(), others=others) == [("overlap", {"label": "加班"})]


def test_leave_at_the_same_time_is_told():
    leave = Taken("leave", day(25), day(25), at("13:00"), at("18:00"), label="请假")
    told = [("overlaps_leave", {"label": "请假"})]
    assert found(outing("12:00", "14:00"), leave=(leave,)) == told
    assert found(trip(25, 26), leave=(leave,)) == told
    assert found(overtime("18:00", "20:00"), leave=(leave,)) == []
    assert found(overtime("", ""), leave=(leave,)) == told
    assert found(correction(), leave=(leave,)) == []


def test_corrections_are_counted_unless_the_device_failed():
    figures = {"month": 11, "used": 3, "quota": 3}
    assert found(correction(), corrections_used=2) == []
    assert found(correction(), corrections_used=3) == [("quota_used", figures)]
    assert found(correction(is_device_failure=True), corrections_used=3) == []
    assert found(correction(), corrections_used=3, may_override=True) == [("quota_overridden", figures)]
    assert found(correction(25, "13:00")) == [("in_future", {})]


def test_overtime_needs_minutes_that_fit():
    assert found(overtime("", "", minutes=0)) == [("no_minutes", {})]
    assert found(overtime(minutes=121)) == [("more_than_span", {"given": 121, "span": 120})]


@pytest.mark.parametrize(
    ("day_type", "allowed", "expected"),
    [
        ("REST_DAY", False, []),
        ("SWAP_OFF", False, []),
        ("WORKDAY", False, [("no_time_off_on_workday", True)]),
        ("ADJUSTED_WORKDAY", False, [("no_time_off_on_workday", True)]),
        ("WORKDAY", True, [("time_off_on_workday", False)]),
        ("STATUTORY_HOLIDAY", True, [("no_time_off_on_holiday", True)]),
    ],
)
def test_time_off_in_lieu(day_type, allowed, expected):
    rules = replace(RULES, is_weekday_time_off=allowed)
    draft = overtime(compensation="time_off")
    assert [
        (each.code, each.is_error) for each in check(draft, rules, replace(FACTS, day_type=day_type))
    ] == expected


def test_caps_warn_and_do_not_bar():
    assert found(overtime(), day_minutes=60) == []
    assert found(overtime(), day_minutes=61) == [("day_cap", {"on": day(25), "total": 181, "cap": 180})]
    assert found(overtime(), day_minutes=61, day_type="REST_DAY") == []
    assert found(overtime(), month_minutes=2040) == []
    assert check(overtime(), RULES, replace(FACTS, month_minutes=2041)) == [
        Finding("month_cap", False, (("month", 11), ("total", 2161), ("cap", 2160)))
    ]


def test_a_locked_month_is_told_after_the_errors():
    draft = Draft("trip", dt.date(2026, 10, 31), day(20))
    locked = frozenset({(2026, 10), (2026, 11)})
    assert found(draft, locked=locked, is_employed=False) == [
        ("not_employed", {"on": dt.date(2026, 10, 31)}),
        ("locked_month", {"year": 2026, "month": 10}),
        ("locked_month", {"year": 2026, "month": 11}),
    ]
