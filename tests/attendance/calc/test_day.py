"""Days worked out by hand, beyond the golden cases."""

from __future__ import annotations

import polars as pl
import pytest
from tests.attendance.calc.both_paths import settle_both

from zhiheng.attendance.calc.columnar import DAYS, PUNCHES, SPANS, Template, flags_of, settle_frame
from zhiheng.attendance.calc.day import settle_day
from zhiheng.attendance.calc.facts import DayInput
from zhiheng.attendance.calc.free import free_hours
from zhiheng.attendance.calc.timeline import Planned, day_inputs
from zhiheng.rosters.calc.shift import Flex, Policy, Shift


def at(text):
    clock, _, days = text.partition("+")
    hours, minutes = clock.split(":")
    return int(days or 0) * 1440 + int(hours) * 60 + int(minutes)


def spans(*texts):
    return tuple(tuple(map(at, text.split("-"))) for text in texts)


OFFICE = Shift(spans("09:00-12:00", "13:00-18:00"))
NIGHT = Shift(spans("22:00-02:00+1", "02:30+1-06:00+1"))
FLEX = Shift(flex=Flex(at("08:00"), at("10:00"), 480), breaks=spans("12:00-13:00"))
REST = Shift()


def settle(shift, *punches, policy=None, **given):
    for name in ("leave", "outing", "approved"):
        if name in given:
            given[name] = spans(*given[name])
    return settle_both(DayInput(shift, Policy(**policy or {}), tuple(map(at, punches)), **given))


def told(found, *names):
    """The figures that are not nothing, and the flags."""
    all_names = names or (
        "worked", "late", "early", "absent", "leave", "unresolved", "ot_150", "ot_200", "ot_300", "unapproved",
    )  # fmt: skip
    return {name: getattr(found, name) for name in all_names if getattr(found, name)}, found.flags


# lateness and early leave


def test_grace_forgives_all_of_a_lateness_within_it_and_nothing_of_a_longer_one():
    policy = {"late_grace": 5}

    assert told(settle(OFFICE, "09:05", "18:00", policy=policy)) == ({"worked": 480}, ())
    assert told(settle(OFFICE, "09:06", "18:00", policy=policy)) == ({"worked": 474, "late": 6}, ())


def test_grace_is_deducted_from_an_early_leave_too():
    found = settle(OFFICE, "09:00", "17:50", policy={"early_grace": 4, "grace_mode": "deduct"})

    assert told(found) == ({"worked": 474, "early": 6}, ())


def test_arriving_during_lunch_is_late_until_lunch_only():
    assert told(settle(OFFICE, "12:30", "18:00")) == ({"worked": 300, "late": 180}, ())


def test_a_forgiven_minute_of_a_day_without_an_end_waits_like_the_rest():
    found = settle(OFFICE, "09:03", policy={"late_grace": 5})

    assert told(found) == ({"unresolved": 480}, ("missing_out",))


def test_rounding_steps_move_the_first_punch_up_and_the_last_one_down():
    found = settle(OFFICE, "09:01", "17:59", policy={"rounding_in": 15, "rounding_out": 15})

    assert told(found) == ({"worked": 450, "late": 15, "early": 15}, ())


# punches that are missing or belong nowhere


def test_taps_before_the_shift_only_are_one_arrival():
    assert told(settle(OFFICE, "08:40", "08:55")) == ({"unresolved": 480}, ("missing_out",))


def test_taps_after_the_shift_only_are_one_departure():
    assert told(settle(OFFICE, "18:01", "18:20")) == ({"unresolved": 480}, ("missing_in",))


def test_orphans_alone_leave_the_day_open_instead_of_absent():
    found = settle(OFFICE, "05:00", "23:30")

    assert told(found) == ({"unresolved": 480}, ("orphan_punch", "missing_in", "missing_out"))


def test_an_orphan_beside_leave_of_the_whole_day_is_only_reported():
    assert told(settle(OFFICE, "05:00", leave=("09:00-18:00",))) == ({"leave": 480}, ("orphan_punch",))


# leave, outings, trips


def test_half_day_leave_needs_one_punch():
    assert told(settle(OFFICE, "18:02", leave=("09:00-12:00",))) == ({"worked": 300, "leave": 180}, ())
    assert told(settle(OFFICE, "08:55", leave=("13:00-18:00",))) == ({"worked": 180, "leave": 300}, ())


def test_a_lone_punch_before_afternoon_leave_is_a_departure_without_arrival():
    found = settle(OFFICE, "12:00", leave=("13:00-18:00",))

    assert told(found) == ({"leave": 300, "unresolved": 180}, ("missing_in",))


def test_leave_at_both_ends_needs_no_pair():
    found = settle(OFFICE, "13:02", leave=("09:00-12:00", "14:00-18:00"))

    assert told(found) == ({"worked": 58, "late": 2, "leave": 420}, ())


def test_an_outing_in_the_morning_waives_the_arrival():
    found = settle(OFFICE, "18:00", outing=("09:00-11:00",))

    assert told(found, "worked", "outing", "present") == ({"worked": 480, "outing": 120, "present": 480}, ())


def test_an_outing_of_the_whole_day_needs_no_punch():
    assert told(settle(OFFICE, outing=("09:00-18:00",)), "worked", "outing") == (
        {"worked": 480, "outing": 480},
        (),
    )


def test_leave_goes_before_an_outing_at_the_same_time():
    found = settle(OFFICE, "08:50", "18:00", leave=("14:00-16:00",), outing=("15:00-18:00",))

    assert told(found, "worked", "leave", "outing") == ({"worked": 360, "leave": 120, "outing": 120}, ())


def test_a_trip_is_presence_without_punches():
    assert told(settle(OFFICE, is_trip=True), "worked", "outing") == ({"worked": 480, "outing": 480}, ())
    assert told(settle(FLEX, is_trip=True), "worked") == ({"worked": 480}, ())


def test_overtime_on_a_trip_or_an_outing_counts_where_it_is_approved():
    on_trip = settle(OFFICE, is_trip=True, approved=("18:30-20:30",))
    outside = settle(OFFICE, "08:55", outing=("14:00-20:00",), approved=("18:30-20:30",))

    assert told(on_trip, "ot_150", "ot_punched") == ({"ot_150": 120, "ot_punched": 120}, ())
    assert told(outside, "worked", "ot_150") == ({"worked": 480, "ot_150": 90}, ())


# segments with punches of their own


def test_leave_over_the_start_of_the_second_segment_waives_its_arrival():
    found = settle(OFFICE, "08:50", "12:01", "18:00", leave=("13:00-14:00",), policy={"match": "per_segment"})

    assert told(found) == ({"worked": 420, "leave": 60}, ())


def test_leave_over_lunch_waives_the_inner_punches_of_both_segments():
    found = settle(OFFICE, "08:50", "18:00", leave=("11:00-14:00",), policy={"match": "per_segment"})

    assert told(found) == ({"worked": 360, "leave": 120}, ())


# flexible hours


def test_flexible_hours_follow_the_first_punch():
    assert told(settle(FLEX, "09:10", "18:10")) == ({"worked": 480}, ())
    assert told(settle(FLEX, "09:30", "18:00")) == ({"worked": 450, "early": 30}, ())


def test_flexible_hours_begin_at_the_earliest_however_early_somebody_comes():
    assert told(settle(FLEX, "07:30", "17:00")) == ({"worked": 480}, ())


def test_flexible_hours_begin_with_morning_leave():
    found = settle(FLEX, "13:00", "17:00", leave=("08:00-12:00",))

    assert told(found) == ({"worked": 240, "leave": 240}, ())


def test_flexible_hours_end_before_afternoon_leave():
    found = settle(FLEX, "08:50", "13:00", leave=("13:00-19:00",))

    assert told(found) == ({"worked": 190, "leave": 290}, ())


def test_a_lone_departure_of_flexible_hours_is_taken_as_their_end():
    assert told(settle(FLEX, "18:30")) == ({"unresolved": 480}, ("missing_in",))
    assert told(settle(FLEX, "16:00")) == ({"unresolved": 420, "early": 60}, ("missing_in",))


def test_nobody_there_on_flexible_hours_is_absent():
    assert told(settle(FLEX)) == ({"absent": 480}, ())


def test_missed_core_hours_are_flagged():
    shift = Shift(flex=Flex(at("08:00"), at("10:00"), 300, spans("10:00-15:00")))

    assert told(settle(shift, "08:00", "14:00")) == ({"worked": 300, "unapproved": 60}, (
        "core_hours_missed", "punched_but_not_approved",
    ))  # fmt: skip
    assert told(settle(shift, "08:00", "13:00", leave=("13:00-15:00",))) == ({"worked": 300}, ())


# overtime


def test_overtime_by_approval_and_punch_is_the_smaller():
    found = settle(OFFICE, "08:58", "20:10", policy={"ot_start": at("18:30")}, approved=("18:30-20:30",))

    assert told(found, "ot_requested", "ot_punched", "ot_150") == (
        {"ot_requested": 120, "ot_punched": 100, "ot_150": 90}, (),
    )  # fmt: skip


def test_unapproved_minutes_beside_an_approval_are_kept():
    found = settle(OFFICE, "08:58", "22:00", policy={"ot_start": at("18:30")}, approved=("18:30-19:30",))

    assert told(found, "ot_150", "unapproved") == ({"ot_150": 60, "unapproved": 150}, ())


def test_overtime_by_approval_stays_without_punches_but_is_told_apart():
    policy = {"ot_mode": "approved"}
    found = settle(REST, policy=policy, approved=("09:00-12:00",), day_types=("REST_DAY", "REST_DAY"))
    by_length = settle(OFFICE, "08:58", "18:45", policy=policy, approved_minutes=90)

    assert told(found, "ot_200", "ot_punched") == ({"ot_200": 180}, ())
    assert told(by_length, "ot_150", "ot_punched") == ({"ot_150": 90, "ot_punched": 45}, ())


def test_overtime_without_approval_is_reported_in_approval_mode_too():
    found = settle(OFFICE, "08:58", "20:00", policy={"ot_mode": "approved"})

    assert told(found) == ({"worked": 480, "unapproved": 120}, ("punched_but_not_approved",))


def test_a_rest_day_by_punch_needs_no_approval():
    found = settle(
        REST, "09:00", "18:00", policy={"ot_mode": "punched", "ot_breaks": spans("12:00-13:00")},
        day_types=("REST_DAY", "REST_DAY"),
    )  # fmt: skip

    assert told(found) == ({"ot_200": 480}, ())


def test_a_lone_punch_cannot_make_overtime():
    found = settle(OFFICE, "20:10", approved=("18:30-20:30",))

    assert told(found) == ({"unresolved": 480}, ("missing_in",))


def test_a_lone_punch_at_the_end_of_rest_day_overtime_misses_its_start():
    found = settle(REST, "17:55", approved=("09:00-18:00",), day_types=("REST_DAY", "REST_DAY"))

    assert told(found) == ({}, ("missing_in",))


def test_the_automatic_break_is_taken_after_the_time_that_earns_it():
    """20:00 to 04:00 are 480 minutes, 240 on either side of midnight; the hour after the sixth goes off the second."""
    found = settle(
        REST, "20:00", "04:00+1", policy={"auto_break": ((360, 60),), "ot_mode": "punched"},
        approved=("20:00-04:00+1",), day_types=("REST_DAY", "STATUTORY_HOLIDAY"),
    )  # fmt: skip

    assert told(found) == ({"ot_200": 240, "ot_300": 180}, ())


def test_what_is_below_the_minimum_is_dropped_and_the_unit_floors_each_multiple():
    evening = settle(
        OFFICE, "08:55", "00:20+1", policy={"after": 600, "ot_mode": "punched"},
        day_types=("WORKDAY", "STATUTORY_HOLIDAY"),
    )  # fmt: skip
    short = settle(OFFICE, "08:55", "18:50", policy={"ot_min": 60, "ot_mode": "punched"})

    assert told(evening) == ({"worked": 480, "ot_150": 360}, ())
    assert told(short) == ({"worked": 480}, ())


def test_a_night_shift_out_of_a_statutory_day_counts_until_midnight():
    types = ("STATUTORY_HOLIDAY", "WORKDAY")

    assert told(settle(NIGHT, "21:55", "06:00+1", day_types=types)) == ({"worked": 450, "ot_300": 120}, ())
    assert told(settle(NIGHT, "22:10", "06:00+1", day_types=types)) == (
        {"worked": 440, "late": 10, "ot_300": 110}, (),
    )  # fmt: skip


def test_forgiven_minutes_of_a_statutory_day_are_paid_as_such():
    found = settle(
        NIGHT, "22:04", "05:58+1", policy={"late_grace": 5, "early_grace": 5},
        day_types=("STATUTORY_HOLIDAY", "STATUTORY_HOLIDAY"),
    )  # fmt: skip

    assert told(found) == ({"worked": 450, "ot_300": 450}, ())


def test_minutes_after_a_statutory_day_are_paid_by_their_own_date():
    for following, name in (("WORKDAY", "ot_150"), ("REST_DAY", "ot_200")):
        found = settle(
            REST,
            "20:00",
            "02:00+1",
            policy={"ot_mode": "punched"},
            day_types=("STATUTORY_HOLIDAY", following),
        )
        assert told(found) == ({"ot_300": 240, name: 120}, ())


def test_rest_days_by_the_calendar_minute_when_the_rule_says_so():
    policy = {"ot_start": at("18:30"), "after": 600, "rest_by_calendar": True, "ot_mode": "punched"}
    found = settle(OFFICE, "08:55", "01:30+1", policy=policy, day_types=("WORKDAY", "REST_DAY"))

    assert told(found) == ({"worked": 480, "ot_150": 330, "ot_200": 90}, ())


def test_approved_overtime_widens_the_window():
    found = settle(OFFICE, "08:55", "23:10", approved=("18:30-23:00",))

    assert told(found) == ({"worked": 480, "ot_150": 270, "unapproved": 40}, ())


# one day after another


def days(*shifts, types="WORKDAY", policy=None):
    rules = Policy(**policy or {})
    return tuple(Planned(place * 1440, shift, rules, (types, types)) for place, shift in enumerate(shifts))


def test_a_punch_in_the_morning_ends_the_night_and_the_next_one_begins_the_day():
    late = Shift(spans("08:00-16:00"))
    found = day_inputs(days(NIGHT, late), tuple(map(at, ("21:55", "06:05+1", "07:50+1", "16:02+1"))))

    assert [day.punches for day in found] == [(1315, 1805), (470, 962)]


def test_overtime_past_midnight_belongs_to_the_day_of_its_start():
    plan = days(OFFICE, REST, policy={"ot_start": at("18:30")})
    found = day_inputs(plan, tuple(map(at, ("08:55", "01:30+1"))), approved=spans("18:30-02:00+1"))

    assert [settle_day(day).ot_150 for day in found] == [420, 0]
    assert [day.approved for day in found] == [spans("18:30-02:00+1"), ()]


def test_a_rest_day_begins_at_four():
    found = day_inputs(days(REST, REST), tuple(map(at, ("20:00", "03:30+1", "04:30+1"))))

    assert [day.punches for day in found] == [(1200, 1650), (270,)]


def test_a_rest_day_yields_to_the_shift_after_it():
    early = Shift(spans("04:00-10:00"))
    found = day_inputs(days(REST, early), tuple(map(at, ("20:00", "03:00+1"))))

    assert [day.punches for day in found] == [(1200,), (180,)]


def test_overtime_before_dawn_of_a_rest_day_claims_its_punches():
    found = day_inputs(
        days(OFFICE, REST), (at("01:00+1"), at("05:00+1")), approved=(spans("01:00+1-05:00+1"))
    )

    assert [day.punches for day in found] == [(), (60, 300)]


# free hours


@pytest.mark.parametrize(
    ("mode", "punches", "worked", "is_missing"),
    [
        ("strict", ("09:00", "12:00", "13:30"), 180, True),
        ("strict", ("09:00", "09:01", "12:00"), 180, False),
        ("standard", ("09:00", "12:00", "13:30"), 270, False),
        ("standard", ("09:00",), 0, True),
        ("standard", (), 0, False),
    ],
)
def test_free_hours_pair_their_punches(mode, punches, worked, is_missing):
    found = free_hours(tuple(map(at, punches)), mode, at("05:00"), 2)

    assert (found.worked, found.is_out_missing) == (worked, is_missing)


def test_a_day_of_free_hours_is_due_what_was_worked():
    shift = Shift(free_mode="strict", day_start=at("05:00"))
    found = settle(shift, "04:30", "09:00", "12:00", "13:00", day_types=("STATUTORY_HOLIDAY", "WORKDAY"))

    assert told(found, "scheduled", "worked", "ot_300") == (
        {"scheduled": 180, "worked": 180, "ot_300": 180}, ("orphan_punch", "missing_out"),
    )  # fmt: skip


# the trace, and the same from the frame


def test_the_trace_tells_why_somebody_was_late():
    found = settle(OFFICE, "09:10", "18:00")

    assert [(each.code, dict(each.params)) for each in found.trace] == [
        ("window", {"start": 420, "end": 1320}),
        ("punches", {"minutes": (550, 1080)}),
        ("shift", {"spans": OFFICE.segments}),
        ("in", {"minute": 550}),
        ("out", {"minute": 1080}),
        ("late", {"spans": ((540, 550),), "minute": 550, "minutes": 10, "grace": 0, "counted": 10}),
        ("worked", {"spans": ((550, 720), (780, 1080)), "minutes": 470}),
    ]


def test_a_frame_tells_the_figures_of_a_day():
    frame = settle_frame(
        pl.DataFrame([(7, 0, 1440, 0, "WORKDAY", "REST_DAY", False, 0)], DAYS, orient="row"),
        pl.DataFrame([(7, 545), (7, 1210), (8, 700)], PUNCHES, orient="row"),
        pl.DataFrame([(7, "leave", 780, 840, None), (9, "overtime", 1080, 1200, None)], SPANS, orient="row"),
        [Template(OFFICE, Policy())],
    )

    assert frame.row(0, named=True) == {
        "scheduled": 480, "present": 605, "worked": 415, "late": 5, "early": 0, "absent": 0, "leave": 60, "outing": 0,
        "unresolved": 0, "ot_requested": 0, "ot_punched": 130, "ot_150": 0, "ot_200": 0, "ot_300": 0, "unapproved": 130,
        "flags": 32, "first_in": 545, "last_out": 1210,
    }  # fmt: skip
    assert flags_of(32) == ("punched_but_not_approved",)


def test_overtime_named_for_a_day_belongs_to_it_whenever_it_starts():
    """Somebody begins at 00:30 what was asked for as overtime of the day before."""
    plan = [(7, day * 1440, 1440, day, "WORKDAY", "WORKDAY", False, 0) for day in (0, 1)]
    frame = settle_frame(
        pl.DataFrame(plan, DAYS, orient="row"),
        pl.DataFrame([(7, 540), (7, at("03:00+1"))], PUNCHES, orient="row"),
        pl.DataFrame(
            [
                (7, "overtime", at("00:30+1"), at("03:00+1"), 0),
                (7, "overtime", 1080, 1200, 7 * 1440),  # of a day that is not there
                (7, "overtime", at("18:00+1"), at("19:00+1"), None),
            ],
            SPANS, orient="row",
        ),
        [Template(OFFICE, Policy()), Template(REST, Policy())],
    )  # fmt: skip

    assert frame["ot_150"].to_list() == [150, 0]
    assert frame["ot_requested"].to_list() == [150, 60]
