"""Visits: planned, checked in at the place, checked out, flagged where odd and never refused for it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction
from django.http import Http404
from tests.worklog.conftest import MONDAY, WEST_LAKE

from zhiheng.access.errors import Forbidden
from zhiheng.attendance.models import DayMark
from zhiheng.attendance.public import presence_elsewhere
from zhiheng.worklog.models import Visit, VisitCheck
from zhiheng.worklog.queries.visits import visit_of_photo, visits_for_actor, visits_of_day
from zhiheng.worklog.services.visits import (
    Fix,
    Notes,
    Photo,
    cancel_visit,
    check_in,
    check_out,
    note_visit,
    plan_visit,
)

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100
HERE = Fix(*WEST_LAKE, "wgs84", 20)
PHOTO = Photo("door.jpg", JPEG)


def test_a_visit_at_the_place(firm, clock):
    ann = firm.member(firm.ann)
    lake = firm.customer("C1", firm.ann)
    visit_id = check_in(actor=ann, customer_id=lake, fix=HERE, photo=PHOTO, purpose="续约")
    clock.set(MONDAY, "10:45")
    check_out(actor=ann, visit_id=visit_id, notes=Notes("王经理", "同意续约", "寄合同", MONDAY), fix=HERE)
    visit = Visit.objects.get(id=visit_id)
    assert (visit.state, visit.on, visit.minutes, visit.distance, visit.risks) == ("done", MONDAY, 105, 0, [])
    assert (visit.contact, visit.summary, visit.next_step, visit.next_on) == (
        "王经理",
        "同意续约",
        "寄合同",
        MONDAY,
    )
    assert [(each.kind, each.distance, bool(each.photo_id)) for each in VisitCheck.objects.all()] == [
        ("in", 0, True),
        ("out", 0, False),
    ]
    assert DayMark.objects.filter(person=firm.ann, on=MONDAY).exists()


def test_attendance_is_told_when_somebody_was_at_a_customers(firm, clock):
    ann = firm.member(firm.ann)
    visit_id = check_in(actor=ann, customer_id=firm.customer("C1", firm.ann))
    assert presence_elsewhere(None, MONDAY, MONDAY).is_empty()  # still there: nothing is known of the end
    clock.set(MONDAY, "10:00")
    check_out(actor=ann, visit_id=visit_id, notes=Notes())
    start = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
    row = {
        "person_id": str(firm.ann.id),
        "from_at": start,
        "to_at": start + dt.timedelta(hours=1),
        "kind": "visit",
    }
    assert presence_elsewhere([firm.ann.id], MONDAY, MONDAY).to_dicts() == [row]
    assert presence_elsewhere([firm.bob.id], MONDAY, MONDAY).is_empty()


@pytest.mark.parametrize(
    ("fix", "photo", "place", "risks"),
    [
        (Fix(Decimal("30.26"), Decimal("120.15"), "wgs84", 20), PHOTO, WEST_LAKE, ["far"]),
        (None, PHOTO, WEST_LAKE, ["no_location"]),
        (Fix(Decimal(0), Decimal(0), "wgs84", 5), PHOTO, WEST_LAKE, ["no_location"]),
        (Fix(*WEST_LAKE, "wgs84", 800), PHOTO, WEST_LAKE, ["low_accuracy"]),
        (Fix(*WEST_LAKE, "wgs84"), PHOTO, WEST_LAKE, ["low_accuracy"]),
        (HERE, PHOTO, None, ["no_customer_place"]),
        (HERE, None, WEST_LAKE, ["no_photo"]),
        (Fix(*WEST_LAKE, "gcj02", 20), PHOTO, WEST_LAKE, ["far"]),  # 500 m off when taken for the other datum
    ],
)
def test_odd_visits_are_flagged_and_never_refused(firm, clock, fix, photo, place, risks):
    customer = firm.customer("C1", firm.ann, place)
    visit_id = check_in(actor=firm.member(firm.ann), customer_id=customer, fix=fix, photo=photo)
    assert Visit.objects.get(id=visit_id).risks == risks


def test_the_distance_is_in_metres(firm, clock):
    # A hundredth of a degree north is 1,112 m.
    fix = Fix(Decimal("30.26"), Decimal("120.15"), "wgs84", 20)
    visit_id = check_in(actor=firm.member(firm.ann), customer_id=firm.customer("C1", firm.ann), fix=fix)
    assert Visit.objects.get(id=visit_id).distance == 1112


def test_one_visit_at_a_time(firm, clock):
    ann = firm.member(firm.ann)
    check_in(actor=ann, customer_id=firm.customer("C1", firm.ann))
    with pytest.raises(ValidationError, match="您正在拜访「客户C1」"):
        check_in(actor=ann, customer_id=firm.customer("C2", firm.ann))


def test_a_planned_visit_is_made_or_cancelled(firm, clock):
    ann = firm.member(firm.ann)
    lake = firm.customer("C1", firm.ann)
    at = clock.now + dt.timedelta(hours=3)
    planned = plan_visit(actor=ann, customer_id=lake, planned_at=at, purpose="收款")
    other = plan_visit(actor=ann, customer_id=lake, planned_at=at)
    cancel_visit(actor=ann, visit_id=other)
    assert [each.id for each in visits_of_day(ann, firm.ann.id, MONDAY)] == [planned]
    assert check_in(actor=ann, visit_id=planned) == planned
    for again in (
        lambda: check_in(actor=ann, visit_id=planned),
        lambda: cancel_visit(actor=ann, visit_id=planned),
    ):
        with pytest.raises(ValidationError):
            again()


def test_a_forgotten_check_out_is_typed_and_flagged(firm, clock):
    ann = firm.member(firm.ann)
    visit_id = check_in(actor=ann, customer_id=firm.customer("C1", firm.ann), fix=HERE, photo=PHOTO)
    half_past_ten = clock.now + dt.timedelta(minutes=90)
    clock.set(MONDAY + dt.timedelta(days=1), "9:00")
    assert [each.id for each in visits_of_day(ann, firm.ann.id, MONDAY + dt.timedelta(days=1))] == [visit_id]
    for wrong in (clock.now, clock.now - dt.timedelta(days=2), clock.now + dt.timedelta(days=1)):
        with pytest.raises(ValidationError):
            check_out(actor=ann, visit_id=visit_id, notes=Notes(), ended_at=wrong)
    check_out(actor=ann, visit_id=visit_id, notes=Notes(summary="谈妥"), ended_at=half_past_ten)
    visit = Visit.objects.get(id=visit_id)
    assert (visit.on, visit.minutes, visit.risks) == (MONDAY, 90, ["typed_end"])
    with pytest.raises(ValidationError):
        check_out(actor=ann, visit_id=visit_id, notes=Notes())


def test_notes_can_be_added_later(firm, clock):
    ann = firm.member(firm.ann)
    visit_id = check_in(actor=ann, customer_id=firm.customer("C1", firm.ann))
    note_visit(actor=ann, visit_id=visit_id, notes=Notes(summary=" 补记 "))
    assert Visit.objects.get(id=visit_id).summary == "补记"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"MZ not a picture", "请上传照片"), (b"\xff\xd8\xff" + b"0" * (20 * 1024 * 1024), "20 MB")],
)
def test_only_photos_of_a_sensible_size(firm, clock, content, said):
    with pytest.raises(ValidationError, match=said):
        check_in(
            actor=firm.member(firm.ann),
            customer_id=firm.customer("C1", firm.ann),
            photo=Photo("a.jpg", content),
        )


def test_evidence_cannot_be_changed(firm, clock):
    check_in(actor=firm.member(firm.ann), customer_id=firm.customer("C1", firm.ann))
    with pytest.raises(ProgrammingError), transaction.atomic():
        VisitCheck.objects.update(distance=1)


def test_whose_visits(firm, clock):
    lake, river = firm.customer("C1", firm.ann), firm.customer("C3", firm.cleo)
    ann, cleo = firm.member(firm.ann), firm.member(firm.cleo)
    visit_id = check_in(actor=ann, customer_id=lake, photo=PHOTO)
    head = firm.member(firm.dora, "department_head", firm.east)
    photo = VisitCheck.objects.get().photo_id
    assert [visits_for_actor(each).count() for each in (ann, head, cleo, firm.actor)] == [1, 1, 0, 1]
    assert [visit_of_photo(each, photo) for each in (ann, head, cleo)] == [True, True, False]
    with pytest.raises(Http404):
        check_in(actor=ann, customer_id=river)
    with pytest.raises(Http404):
        check_out(actor=cleo, visit_id=visit_id, notes=Notes())
    with pytest.raises(Forbidden):
        check_in(actor=cleo, customer_id=river, person_id=firm.ann.id)


def test_a_customer_of_nobody_is_everybodys(firm, clock):
    pool = firm.customer("C9", None)
    assert check_in(actor=firm.member(firm.cleo), customer_id=pool)


def test_without_an_employee_or_a_customer_nobody_visits(firm, clock):
    with pytest.raises(ValidationError, match="没有关联员工"):
        check_in(actor=firm.member(None), customer_id=firm.customer("C9", None))
    with pytest.raises(ValidationError, match="请选择客户"):
        check_in(actor=firm.member(firm.ann))
