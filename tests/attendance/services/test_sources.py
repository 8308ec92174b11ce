"""What days are settled from besides punches: leave, requests, presence elsewhere, zones; and what others read."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from tests.attendance.services.test_settlement import LATER, WEDNESDAY, day, figures, mark, punch
from tests.factories.rosters import make_shift

from zhiheng.attendance.models import AttendanceDay, DayMark, TimeRequest
from zhiheng.attendance.public import presence_intervals, register_presence, settled_days
from zhiheng.attendance.queries.presence import COLUMNS, _providers
from zhiheng.attendance.services.comp_time import credit_settled_overtime
from zhiheng.attendance.services.marking import mark_due_days
from zhiheng.attendance.services.settlement import settle_marked_days
from zhiheng.attendance.tasks import mark_due, settle_all, settle_now
from zhiheng.jobs.public import run_inline
from zhiheng.leave.models import LeaveDay, LeaveRequest, LeaveType
from zhiheng.leave.public import balances_of, load_leave_types
from zhiheng.rosters.services.roster import NewEntry, publish_roster, set_entries

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def at(clock, on=WEDNESDAY):
    hours, minutes = map(int, clock.split(":"))
    return dt.datetime.combine(on, dt.time(hours, minutes), SHANGHAI)


def asked(yard, kind, start=None, end=None, **more):
    times = {} if start is None else {"from_at": at(start), "to_at": at(end)}
    given = {"from_on": WEDNESDAY, "to_on": WEDNESDAY, "state": "approved", "reason": "", **times, **more}
    return TimeRequest.objects.create(
        kind=kind, person_id=yard.ann.id, legal_entity_id=yard.unit.legal_entity_id, **given
    )


def on_leave(yard, start, end):
    load_leave_types(actor=yard.system)
    base = {"person_id": yard.ann.id, "legal_entity_id": yard.unit.legal_entity_id}
    request = LeaveRequest.objects.create(
        **base, leave_type=LeaveType.objects.get(code="personal"), from_on=WEDNESDAY, to_on=WEDNESDAY, amount=4,
        minutes=240, state="approved", requested_by="",
    )  # fmt: skip
    LeaveDay.objects.create(
        **base, request=request, on=WEDNESDAY, share=0, minutes=240, from_at=at(start), to_at=at(end)
    )


def settled(yard, now=LATER):
    mark(yard)
    settle_marked_days(now=now)
    return day(yard)


def test_leave_covers_its_part(yard):
    on_leave(yard, "13:00", "18:00")
    punch(yard, "08:55")

    assert figures(settled(yard)) == {"worked": 180, "leave": 300}


def test_an_outing_and_a_trip_vouch_for_somebody(yard):
    asked(yard, "outing", "14:00", "18:00")
    punch(yard, "08:55")
    assert (figures(settled(yard)), day(yard).outing) == ({"worked": 480}, 240)

    TimeRequest.objects.update(state="withdrawn")
    assert figures(settled(yard)) == {"unresolved": 480}

    asked(yard, "trip")
    assert (figures(settled(yard)), day(yard).outing) == ({"worked": 480}, 480)


def test_work_elsewhere_counts_as_an_outing(yard):
    rows = [(str(yard.ann.id), at("09:00").astimezone(dt.UTC), at("18:00").astimezone(dt.UTC), "visit")]
    register_presence("test", lambda _people, _first, _last: pl.DataFrame(rows, COLUMNS, orient="row"))
    try:
        assert figures(settled(yard)) == {"worked": 480}
    finally:
        del _providers["test"]


def test_overtime_by_times_and_by_length(yard):
    punch(yard, "08:55")
    punch(yard, "21:00")
    first = asked(yard, "overtime", "18:30", "20:30", minutes=120, compensation="pay")
    row = settled(yard)
    assert (row.ot_requested, row.ot_punched, row.ot_150, row.unapproved) == (120, 180, 120, 60)

    first.delete()
    asked(yard, "overtime", minutes=90, compensation="pay")
    row = settled(yard)
    assert (row.ot_requested, row.ot_150, row.unapproved) == (90, 90, 90)


def comp(yard):
    return [
        (each.entitled, each.left)
        for each in balances_of(yard.ann.id, WEDNESDAY)
        if each.type_code == "comp_time"
    ]


def test_overtime_asked_for_as_time_off_is_credited_and_follows_the_day(yard):
    entries = [NewEntry(yard.ann.id, WEDNESDAY, None)]  # a day of rest by the roster
    set_entries(actor=yard.system, entries=entries)
    publish_roster(actor=yard.system, first=WEDNESDAY, last=WEDNESDAY)
    punch(yard, "09:00")
    punch(yard, "17:00")
    one = asked(yard, "overtime", "09:00", "13:00", minutes=240, compensation="time_off")
    asked(yard, "overtime", "13:00", "17:00", minutes=240, compensation="time_off")
    row = settled(yard)
    assert (row.ot_200, row.ot_comp, row.rule.name) == (480, 480, "休息")
    assert comp(yard)[0][1] == 480

    one.state = "cancelled"
    one.save()
    row = settled(yard)
    assert (row.ot_200, row.ot_comp, row.unapproved) == (240, 240, 240)
    assert comp(yard)[0][1] == 240


def test_days_without_time_off_credit_nothing(yard):
    assert credit_settled_overtime(actor=yard.system, days=[]) == 0
    assert credit_settled_overtime(actor=yard.system, days=[(yard.ann.id, WEDNESDAY)]) == 0


def test_a_shift_on_the_calendar_s_rest_day_is_work(yard):
    """The roster decides: a shift on a Saturday is work, its overtime 150; a day without one is rest, 200."""
    saturday = dt.date(2026, 7, 11)
    shift = make_shift(yard.system, "早班", (480, 960))
    set_entries(actor=yard.system, entries=[NewEntry(yard.ann.id, saturday, shift)])
    publish_roster(actor=yard.system, first=saturday, last=saturday)
    punch(yard, "07:55", on=saturday)
    punch(yard, "19:00", on=saturday)
    asked(
        yard, "overtime", from_on=saturday, to_on=saturday, from_at=at("16:00", saturday), to_at=at("19:00", saturday),
        minutes=180, compensation="pay",
    )  # fmt: skip
    settle_marked_days(now=LATER)

    row = day(yard, saturday)
    assert (row.scheduled, row.worked, row.ot_150, row.ot_200, row.day_type) == (480, 480, 180, 0, "WORKDAY")


def test_a_change_of_the_roster_marks_its_days(yard):
    shift = make_shift(yard.system, "早班", (480, 960))
    DayMark.objects.all().delete()
    set_entries(actor=yard.system, entries=[NewEntry(yard.ann.id, WEDNESDAY, shift)])
    publish_roster(actor=yard.system, first=WEDNESDAY, last=WEDNESDAY)

    assert list(DayMark.objects.values_list("person_id", "on")) == [(yard.ann.id, WEDNESDAY)]


# --- What falls due ---------------------------------------------------------------------------------------------


def test_nobody_is_absent_in_a_company_that_does_not_punch(yard):
    assert mark_due_days(now=LATER) == 0


def test_new_days_and_closed_windows_are_marked_by_the_clock(yard):
    punch(yard, "08:55")
    settle_marked_days(now=at("12:00"))
    assert day(yard).state == "waiting"
    assert mark_due_days(now=at("12:30")) == 0  # Tuesday and Wednesday have rows, and no window closed

    assert mark_due_days(now=at("23:00")) == 1
    settle_marked_days(now=at("23:00"))
    assert day(yard).state == "judged"

    assert mark_due_days(now=at("01:00", WEDNESDAY + dt.timedelta(days=2))) == 2  # Thursday and Friday
    settle_marked_days(now=at("01:00", WEDNESDAY + dt.timedelta(days=2)))
    assert AttendanceDay.objects.count() == 4


def test_days_to_come_are_left_until_they_come(yard):
    mark(yard, WEDNESDAY + dt.timedelta(days=3))

    assert settle_marked_days(now=at("12:00")).days == 0
    assert not DayMark.objects.exists()


def test_overdue_days_are_marked_where_they_become_absence(yard):
    from zhiheng.attendance.models import SettlementRules

    SettlementRules.objects.create(absent_after_days=3)
    punch(yard, "08:55")
    settle_marked_days(now=at("23:00"))
    now = at("23:30", WEDNESDAY + dt.timedelta(days=3))
    mark_due_days(now=now)
    settle_marked_days(now=now)

    assert (day(yard).absent, day(yard).flags) == (480, ["missing_out", "unresolved_as_absent"])


@pytest.mark.django_db
def test_the_jobs_settle_all_companies(yard):
    mark(yard)
    assert settle_all(0) == 1
    assert day(yard).absent == 480
    punch(yard, "09:00")
    punch(yard, "18:00")

    assert run_inline(yard.system, settle_now) == {"days": 3, "changed": 3, "adjusted": 0}
    assert mark_due(0) > 0


# --- What others read -------------------------------------------------------------------------------------------


def test_other_domains_read_settled_days(yard):
    punch(yard, "09:10", site_id=yard.site_id)
    punch(yard, "18:00")
    settle_marked_days(now=LATER)

    row = settled_days([yard.ann.id], WEDNESDAY, WEDNESDAY).row(0, named=True)
    assert (row["state"], row["worked"], row["late"], row["system"], row["flags"]) == (
        "judged",
        470,
        10,
        "standard",
        [],
    )
    assert len(settled_days(None, WEDNESDAY, WEDNESDAY)) == 1
    there = presence_intervals(None, WEDNESDAY, WEDNESDAY).row(0, named=True)
    assert there == {
        "person_id": str(yard.ann.id), "from_at": at("09:10").astimezone(dt.UTC), "to_at": at("18:00").astimezone(dt.UTC),
        "site_id": str(yard.site_id),
    }  # fmt: skip


def test_a_night_on_which_the_clock_changes(yard, monkeypatch):
    """Berlin puts its clocks forward on 29 March 2026: eight hours on the wall are seven."""
    from zhiheng.attendance.queries import material

    saturday = dt.date(2026, 3, 28)
    night = make_shift(yard.system, "夜班", (1320, 1800))
    set_entries(actor=yard.system, entries=[NewEntry(yard.ann.id, saturday, night)])
    publish_roster(actor=yard.system, first=saturday, last=saturday)
    planned = material.planned_days

    def in_berlin(*args):
        from dataclasses import replace

        plan = planned(*args)
        return replace(plan, frame=plan.frame.with_columns(zone=pl.lit("Europe/Berlin")))

    monkeypatch.setattr(material, "planned_days", in_berlin)
    berlin = dt.timezone(dt.timedelta(hours=1))
    for moment in (
        dt.datetime(2026, 3, 28, 21, 55, tzinfo=berlin),
        dt.datetime(2026, 3, 29, 5, 1, tzinfo=berlin),
    ):
        from zhiheng.attendance.public import NewPunch, record_punches

        record_punches([NewPunch(yard.ann.id, yard.unit.legal_entity_id, moment, "import", str(moment))])
    mark(yard, saturday)
    settle_marked_days(now=LATER)

    row = day(yard, saturday)
    assert (row.scheduled, row.worked) == (420, 420)
