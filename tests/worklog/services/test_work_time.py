"""Effective working time as records and metrics: revised by themselves, down to the entries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.worklog.conftest import MONDAY

from zhiheng.attendance.public import NewPunch, record_punches
from zhiheng.attendance.services.settlement import settle_marked_days
from zhiheng.integrations.models import Record, Stream
from zhiheng.metrics.models import Metric
from zhiheng.metrics.public import compute_values, metrics_with_inputs
from zhiheng.worklog.queries.overview import overview_for_actor, time_of_person
from zhiheng.worklog.services.entries import add_entry, delete_entry
from zhiheng.worklog.services.visits import Notes, check_in, check_out
from zhiheng.worklog.services.work_time import ensure_work_time, refresh_days, refresh_range

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + dt.timedelta(days=1)


@pytest.fixture
def monday(firm, clock, settled):
    """Ann on Monday: a visit of 105 minutes, 2 h of follow-up, 1 h of meetings, 8 h present."""
    ensure_work_time(actor=firm.actor)
    settled.minutes = {(str(firm.ann.id), MONDAY): 480}
    ann = firm.member(firm.ann)
    visit_id = check_in(actor=ann, customer_id=firm.customer("C1", firm.ann))
    clock.set(MONDAY, "10:45")
    check_out(actor=ann, visit_id=visit_id, notes=Notes(summary="续约"))
    add_entry(actor=ann, category="follow_up", on=MONDAY, minutes=120)
    meeting = add_entry(actor=ann, category="meeting", on=MONDAY, minutes=60)
    return firm, ann, meeting


def latest() -> Record:
    return Record.objects.order_by("revision").last()


def test_each_change_of_a_day_is_a_revision(monday):
    firm, ann, meeting = monday
    record = latest()
    assert (record.key, record.revision, record.person_id) == (
        f"{firm.ann.employee_number}|2026-11-02",
        3,
        firm.ann.id,
    )
    assert {name: record.payload[name] for name in ("present_minutes", "effective_minutes", "logged_minutes", "visits")} == {
        "present_minutes": 480, "effective_minutes": 225, "logged_minutes": 285, "visits": 1,
    }  # fmt: skip
    kinds = [each.partition(":")[0] for each in record.payload["sources"].split()]
    assert (kinds, str(meeting) in record.payload["sources"]) == (["visit", "entry", "entry"], True)
    assert refresh_days([(firm.ann.id, MONDAY)]) == 0
    delete_entry(actor=ann, entry_id=meeting)
    assert (latest().revision, latest().payload["logged_minutes"]) == (4, 225)


def test_the_metrics_follow_by_formula_with_the_records_behind_them(monday):
    firm, _ann, _meeting = monday
    definitions = {
        code: each.definition
        for code, each in metrics_with_inputs(["effective_share", "visit_count"]).items()
    }
    span = (MONDAY, MONDAY + dt.timedelta(days=7))
    found = compute_values(definitions, *span, [str(firm.ann.id)])
    share = found["effective_share"].row(0, named=True)
    assert share["value"] == Decimal(225) / Decimal(480)
    assert found["visit_count"].row(0, named=True)["value"] == 1
    behind = found["work_effective"].row(0, named=True)["record_ids"]
    assert [str(each) for each in behind] == [str(latest().id)]


def test_a_day_that_has_nothing_any_more_is_withdrawn(firm, clock, settled):
    ensure_work_time(actor=firm.actor)
    ann = firm.member(firm.ann)
    entry_id = add_entry(actor=ann, category="follow_up", on=MONDAY, minutes=60)
    assert (latest().payload["present_minutes"], latest().payload["effective_minutes"]) == (
        0,
        0,
    )  # presence unknown
    delete_entry(actor=ann, entry_id=entry_id)
    assert latest().is_withdrawn
    assert refresh_days([(firm.bob.id, MONDAY)]) == 0


def test_what_attendance_settles_later_is_taken_over(monday, settled):
    firm, _ann, _meeting = monday
    settled.minutes[str(firm.ann.id), MONDAY] = 450
    settled.minutes[str(firm.bob.id), TUESDAY] = 480
    assert refresh_range(MONDAY, TUESDAY) == 2
    assert latest().payload["present_minutes"] == 450


def test_making_stream_and_metrics_again_changes_nothing(firm):
    for _ in range(2):
        ensure_work_time(actor=firm.actor)
    assert Stream.objects.get().code == "work_time"
    assert sorted(Metric.objects.values_list("code", flat=True)) == [
        "effective_share", "visit_count", "work_effective", "work_present",
    ]  # fmt: skip


def test_without_the_stream_nothing_is_written(firm, clock, settled):
    add_entry(actor=firm.member(firm.ann), category="follow_up", on=MONDAY, minutes=60)
    assert (refresh_range(MONDAY, MONDAY), Record.objects.count()) == (0, 0)


def test_the_overview_of_head_and_employee(monday, settled):
    firm, ann, _meeting = monday
    settled.minutes[str(firm.cleo.id), MONDAY] = 480
    head = firm.member(firm.dora, "department_head", firm.east)
    add_entry(actor=firm.member(firm.bob), category="meeting", on=MONDAY, minutes=60)
    found = overview_for_actor(head, MONDAY, TUESDAY)
    assert [(team.unit, [row.person.name for row in team.people]) for team in found.teams] == [
        ("东区", ["安安", "白白"])
    ]
    assert (found.time.effective, found.time.present, found.visits, found.unknown_days) == (225, 480, 1, 1)
    assert [(each.label, each.minutes, each.from_x, each.width, each.hours) for each in found.slices] == [
        ("订单跟进", 120, "0.00", "25.00", "2.0"),
        ("客户拜访", 105, "25.00", "21.88", "1.8"),
        ("会议", 60, "46.88", "12.50", "1.0"),
    ]
    assert [team.unit for team in overview_for_actor(firm.actor, MONDAY, TUESDAY).teams] == ["东区", "西区"]
    assert [row.person.name for row in overview_for_actor(head, MONDAY, TUESDAY, text="安").people] == [
        "安安"
    ]
    assert overview_for_actor(ann, MONDAY, TUESDAY).people[0].person.name == "安安"
    days, whole = time_of_person(ann, firm.ann.id, MONDAY, TUESDAY)
    assert (len(days), whole.effective) == (1, 225)
    assert time_of_person(ann, firm.cleo.id, MONDAY, TUESDAY)[0] == []


def test_days_come_in_order(firm, clock, settled):
    settled.minutes = {(str(firm.ann.id), dt.date(2026, 11, day)): 480 for day in (10, 9, 2)}
    days, _whole = time_of_person(firm.actor, firm.ann.id, MONDAY, dt.date(2026, 11, 30))
    assert [each.on.day for each in days] == [2, 9, 10]


def test_attendance_settles_visits_as_time_present(firm, clock):
    """Nine to eleven at one customer, then in the office from half past eleven to six, lunch from twelve to one."""
    ensure_work_time(actor=firm.actor)
    ann = firm.member(firm.ann)
    visit_id = check_in(actor=ann, customer_id=firm.customer("C1", firm.ann))
    clock.set(MONDAY, "11:00")
    check_out(actor=ann, visit_id=visit_id, notes=Notes())
    for number, text in enumerate(("11:30", "18:00")):
        clock.set(MONDAY, text)
        punch = NewPunch(firm.ann.id, firm.east.legal_entity_id, clock.now, "import", str(number))
        record_punches([punch])
    add_entry(actor=ann, category="follow_up", on=MONDAY, minutes=90)
    settle_marked_days(now=clock.now + dt.timedelta(days=5))
    assert refresh_range(MONDAY, MONDAY) == 1
    days, whole = time_of_person(ann, firm.ann.id, MONDAY, MONDAY)
    # 120 at the customer + 30 before lunch + 300 after it = 450 present; 120 + 90 = 210 effective.
    assert (days[0].basis, whole.present, whole.effective) == ("settled", 450, 210)
