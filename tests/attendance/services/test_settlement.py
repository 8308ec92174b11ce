"""From marked days to settled ones."""

from __future__ import annotations

import datetime as dt
from itertools import count

from tests.attendance.people import NOON

from zhiheng.attendance.models import (
    AttendanceAdjustment,
    AttendanceDay,
    AttendanceMonth,
    DayMark,
    DayRevision,
    PunchReview,
    SettlementRules,
)  # fmt: skip
from zhiheng.attendance.public import NewPunch, mark_days, record_punches
from zhiheng.attendance.services.settlement import Settled, settle_marked_days

_number = count(1)
WEDNESDAY = NOON.date()
LATER = NOON + dt.timedelta(days=5)


def punch(yard, clock, *, on=WEDNESDAY, **more):
    hours, minutes = map(int, clock.split(":"))
    moment = dt.datetime.combine(on, dt.time(hours, minutes), dt.timezone(dt.timedelta(hours=8)))
    record_punches(
        [NewPunch(yard.ann.id, yard.unit.legal_entity_id, moment, "import", str(next(_number)), **more)]
    )


def mark(yard, on=WEDNESDAY):
    mark_days([(yard.ann.id, yard.unit.legal_entity_id, on)])


def day(yard, on=WEDNESDAY):
    return AttendanceDay.objects.get(person_id=yard.ann.id, on=on)


def figures(row):
    names = ("worked", "late", "early", "absent", "leave", "unresolved", "unapproved")
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def test_punches_become_a_judged_day(yard):
    punch(yard, "09:10")
    punch(yard, "18:02")

    done = settle_marked_days(now=LATER)

    row = day(yard)
    assert done == Settled(days=3, changed=3)  # a punch may belong to the days around
    assert (row.state, figures(row), row.flags) == ("judged", {"worked": 470, "late": 10}, [])
    assert (row.first_in_at.hour, row.last_out_at.hour) == (1, 10)
    assert row.closes_at == dt.datetime(2026, 7, 8, 14, 1, tzinfo=dt.UTC)
    assert row.inputs == '{"p":[550,1082],"z":[150,1590]}'
    assert row.rule.name == "标准班"
    assert not DayMark.objects.exists()


def test_settling_again_changes_nothing(yard):
    punch(yard, "09:10")
    settle_marked_days(now=LATER)
    mark(yard)

    assert settle_marked_days(now=LATER) == Settled(days=1)
    assert settle_marked_days(now=LATER) == Settled()
    assert day(yard).revision == 1


def test_nobody_is_absent_before_the_window_closed(yard):
    punch(yard, "09:10")

    settle_marked_days(now=NOON)

    row = day(yard)
    assert (row.state, figures(row), row.flags) == ("waiting", {"late": 10, "unresolved": 470}, [])


def test_a_late_punch_revises_a_judged_day(yard):
    mark(yard)
    settle_marked_days(now=LATER)
    assert figures(day(yard)) == {"absent": 480}
    punch(yard, "08:55")
    punch(yard, "18:00")

    done = settle_marked_days(now=LATER)

    assert (done.changed, done.revised) == (3, 1)
    row = day(yard)
    assert (row.revision, figures(row)) == (2, {"worked": 480})
    before = DayRevision.objects.get()
    assert (before.revision, before.figures["absent"], before.inputs) == (1, 480, '{"z":[150,1590]}')


def test_a_flagged_punch_counts_once_it_is_accepted(yard):
    punch(yard, "08:55")
    punch(yard, "18:00", is_pending=True)
    settle_marked_days(now=LATER)
    assert day(yard).flags == ["missing_out"]

    pending = yard_punch = day(yard)  # the latest decision counts
    from zhiheng.attendance.models import Punch

    pending = Punch.objects.get(is_pending=True)
    for outcome, moment in (("accepted", LATER), ("rejected", NOON)):
        PunchReview.objects.create(
            punch=pending, person_id=yard.ann.id, legal_entity_id=yard.unit.legal_entity_id, outcome=outcome,
            reviewed_by="人事", reviewed_at=moment,
        )  # fmt: skip
    mark(yard)
    settle_marked_days(now=LATER)

    assert figures(day(yard)) == {"worked": 480}
    assert yard_punch.revision == 1


def test_a_day_waits_for_the_devices_of_the_site(yard):
    from zhiheng.attendance.public import ensure_device, note_sync

    device = ensure_device(
        code="T1",
        name="一号机",
        kind="terminal",
        site_id=yard.site_id,
        legal_entity_id=yard.unit.legal_entity_id,
    )
    mark(yard)
    note_sync(device, dt.datetime(2026, 7, 8, 12, tzinfo=dt.UTC))
    evening = dt.datetime(2026, 7, 8, 15, tzinfo=dt.UTC)
    settle_marked_days(now=evening)
    assert (day(yard).state, day(yard).is_unsynced) == ("waiting", True)

    mark(yard)
    settle_marked_days(now=evening + dt.timedelta(days=2))  # silent for more than a day: waited for no longer
    assert (day(yard).state, day(yard).is_unsynced, day(yard).absent) == ("judged", False, 480)


def test_a_day_is_judged_when_the_devices_have_synced_past_it(yard):
    from zhiheng.attendance.public import ensure_device, note_sync

    device = ensure_device(
        code="T1",
        name="一号机",
        kind="terminal",
        site_id=yard.site_id,
        legal_entity_id=yard.unit.legal_entity_id,
    )
    mark(yard)
    note_sync(device, dt.datetime(2026, 7, 8, 14, 1, tzinfo=dt.UTC))

    settle_marked_days(now=dt.datetime(2026, 7, 8, 15, tzinfo=dt.UTC))

    assert day(yard).state == "judged"


def test_what_nobody_resolved_becomes_absence_where_the_company_says_so(yard):
    SettlementRules.objects.create(absent_after_days=3)
    punch(yard, "08:55")

    settle_marked_days(now=NOON + dt.timedelta(days=2))
    assert figures(day(yard)) == {"unresolved": 480}
    mark(yard)
    settle_marked_days(now=NOON + dt.timedelta(days=4))

    assert (figures(day(yard)), day(yard).flags) == ({"absent": 480}, ["missing_out", "unresolved_as_absent"])


def test_a_day_without_employment_is_taken_back(yard):
    mark(yard)
    settle_marked_days(now=LATER)
    from zhiheng.people.public import end_employment

    end_employment(actor=yard.system, person_id=yard.ann.id, last_on=WEDNESDAY - dt.timedelta(days=1))
    mark(yard)

    assert settle_marked_days(now=LATER) == Settled(withdrawn=1)
    assert not AttendanceDay.objects.exists()
    assert DayRevision.objects.get().figures["absent"] == 480


def lock(yard):
    for days in (-1, 0, 1):
        mark(yard, WEDNESDAY + dt.timedelta(days=days))
    settle_marked_days(now=LATER)
    AttendanceMonth.objects.create(
        legal_entity_id=yard.unit.legal_entity_id, month=WEDNESDAY.replace(day=1), state="locked"
    )
    AttendanceDay.objects.filter(on__month=WEDNESDAY.month).update(state="locked")


def test_a_locked_month_is_left_alone_and_the_difference_goes_into_an_open_one(yard):
    lock(yard)
    punch(yard, "08:55")
    punch(yard, "17:00")

    done = settle_marked_days(now=LATER)

    assert done == Settled(days=2, adjusted=1)
    assert figures(day(yard)) == {"absent": 480}
    adjustment = AttendanceAdjustment.objects.get()
    assert adjustment.month == dt.date(2026, 8, 1)
    assert adjustment.figures == {"present": 425, "worked": 420, "early": 60, "absent": -480}


def test_adjustments_of_a_day_add_up(yard):
    lock(yard)
    for clock in ("08:55", "17:00", "18:00"):
        punch(yard, clock)
        settle_marked_days(now=LATER)
    mark(yard)
    settle_marked_days(now=LATER)

    rows = AttendanceAdjustment.objects.order_by("created_at", "id")
    total = {
        name: sum(row.figures.get(name, 0) for row in rows)
        for name in ("worked", "absent", "early", "unresolved")
    }
    assert total == {"worked": 480, "absent": -480, "early": 0, "unresolved": 0}
    assert rows.count() == 3
