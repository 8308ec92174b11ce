"""Requests from being made to taking effect, and back."""

from __future__ import annotations

import datetime as dt
import threading

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.utils.translation import override
from tests.approvals.conftest import build_office
from tests.attendance.requests.conftest import approve, at, day, decide, make, new, roster
from tests.factories import (
    actor_for,
    make_legal_entity,
    make_member,
    make_org_unit,
    make_person,
    system_actor,
)

from zhiheng.access.errors import Forbidden
from zhiheng.approvals.public import approval_of, withdraw_approval
from zhiheng.approvals.services.requests import decide_request
from zhiheng.attendance.models import AttendanceMonth, DayMark, Punch, PunchReview, TimeRequest
from zhiheng.attendance.queries.request_facts import corrections_used
from zhiheng.attendance.queries.requests import approved_intervals, asked_of, requests_for_actor
from zhiheng.attendance.services.requests import (
    NeedsConfirmation,
    answer_swap,
    cancel_request,
    create_request,
    set_rules,
)
from zhiheng.attendance.services.requests.rules import FIELDS
from zhiheng.attendance.wording import summary_of
from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.models import LeaveType
from zhiheng.leave.public import load_leave_types, request_leave
from zhiheng.rosters.public import planned_days
from zhiheng.tenancy.context import tenant_context


def marked() -> list[str]:
    return sorted({f"{each:%m-%d}" for each in DayMark.objects.values_list("on", flat=True)})


def rules(office, **changed) -> None:
    from zhiheng.attendance.models import RequestRules

    usual = RequestRules()
    set_rules(actor=office.hana_actor, values={name: getattr(usual, name) for name in FIELDS} | changed)


# --- Corrections ------------------------------------------------------------------------------------------------


def test_an_approved_correction_becomes_a_punch(inside):
    request = make(inside.ann_actor, "correction", inside.ann)
    assert (request.state, str(summary_of(request))) == ("pending", "补卡 2026-11-24 下班卡 18:05")
    decide(inside.head_actor, request)
    assert (Punch.objects.count(), marked()) == (0, [])
    assert decide(inside.hana_actor, request).state == "approved"
    punch = Punch.objects.get()
    assert (punch.person_id, punch.punched_at, punch.source, punch.direction, punch.wall_time) == (
        inside.ann.id, at("18:05", 24), "correction", 1, "2026-11-24 18:05:00",
    )  # fmt: skip
    assert marked() == ["11-23", "11-24", "11-25"]


def test_cancelled_by_hr_its_punch_does_not_count_any_more(inside):
    request = approve(inside, make(inside.ann_actor, "correction", inside.ann))
    with pytest.raises(ValidationError, match="请联系人事撤销"):
        cancel_request(actor=inside.ann_actor, time_request_id=request.id, reason="弄错了")
    with pytest.raises(ValidationError, match="请填写撤销理由"):
        cancel_request(actor=inside.hana_actor, time_request_id=request.id, reason=" ")
    DayMark.objects.all().delete()
    cancel_request(actor=inside.hana_actor, time_request_id=request.id, reason="并未到岗")
    request.refresh_from_db()
    assert (request.state, request.end_reason) == ("cancelled", "并未到岗")
    review = PunchReview.objects.get()
    assert (review.punch_id, review.outcome, review.reason, review.reviewed_by) == (
        Punch.objects.get().id, "rejected", "并未到岗", "韩娜",
    )  # fmt: skip
    assert marked() == ["11-23", "11-24", "11-25"]
    with pytest.raises(ValidationError, match="不能再撤回"):
        cancel_request(actor=inside.hana_actor, time_request_id=request.id, reason="再来")
    approve(inside, make(inside.ann_actor, "correction", inside.ann, from_at=at("18:30", 24)))
    assert Punch.objects.count() == 2


def test_the_quota_counts_by_the_month_of_the_day_and_is_given_back(inside):
    rules(inside, correction_quota=2, correction_days=60)
    first = make(inside.ann_actor, "correction", inside.ann, from_on=day(20), from_at=at("18:00", 20))
    make(inside.ann_actor, "correction", inside.ann, from_on=day(23), from_at=at("18:00", 23))
    make(
        inside.ann_actor,
        "correction",
        inside.ann,
        from_on=day(30, 10),
        from_at=at("18:00", 23) - dt.timedelta(24),
    )
    make(
        inside.ann_actor,
        "correction",
        inside.ann,
        from_on=day(19),
        from_at=at("18:00", 19),
        is_device_failure=True,
    )
    assert corrections_used(inside.ann.id, day(1)) == 2
    with pytest.raises(ValidationError, match=r"11 月的补卡次数已用完（2/2）"):
        make(inside.ann_actor, "correction", inside.ann)
    decide(inside.head_actor, first, "reject")
    second = make(inside.ann_actor, "correction", inside.ann)
    cancel_request(actor=inside.ann_actor, time_request_id=second.id)
    second.refresh_from_db()
    assert (second.state, corrections_used(inside.ann.id, day(1))) == ("withdrawn", 1)


def test_hr_makes_it_after_the_deadline_for_others_but_not_for_themselves(inside):
    late = {"from_on": day(10), "from_at": at("09:00", 10), "end": "in"}
    with pytest.raises(ValidationError, match="事后 7 天内可以提交，最晚到 2026-11-17。请联系人事代为提交。"):
        make(inside.ann_actor, "correction", inside.ann, **late)
    with pytest.raises(NeedsConfirmation, match="将由人事代为提交"):
        make(inside.hana_actor, "correction", inside.ann, **late)
    request = make(inside.hana_actor, "correction", inside.ann, is_confirmed=True, **late)
    assert (request.created_by, request.warnings) == (
        "韩娜", [["past_deadline_overridden", {"days": 7, "last": "2026-11-17"}]],
    )  # fmt: skip
    assert ("提醒", "已过补交期限（事后 7 天，最晚 2026-11-17），将由人事代为提交。") in approval_of(
        request.id
    ).details
    with pytest.raises(ValidationError, match="请联系人事代为提交"):
        make(inside.hana_actor, "correction", inside.hana, **late)


def test_evidence(inside):
    request = make(inside.ann_actor, "correction", inside.ann, evidence=("截图.PNG", b"\x89PNG"))
    assert request.evidence_id is not None
    assert ("凭证", "有，请打开原单查看") in approval_of(request.id).details
    for name, content, text in (("a.exe", b"x", "请上传图片"), ("a.pdf", b"", "不能为空")):
        with pytest.raises(ValidationError, match=text):
            make(inside.ann_actor, "correction", inside.ann, from_on=day(23), evidence=(name, content))


# --- Overtime, outings, trips -----------------------------------------------------------------------------------


def test_what_was_approved_for_the_settlement(inside):
    approve(inside, make(inside.ann_actor, "overtime", inside.ann))
    approve(inside, make(inside.ann_actor, "overtime", inside.ann, from_on=day(28), from_at=None, to_at=None, minutes=90,
                         compensation="time_off"))  # fmt: skip
    approve(inside, make(inside.bob_actor, "outing", inside.bob))
    approve(inside, make(inside.ann_actor, "trip", inside.ann, from_on=day(26), to_on=day(28)))
    make(inside.bob_actor, "overtime", inside.bob)
    found = approved_intervals(None, day(1), day(27))
    ann, bob = str(inside.ann.id), str(inside.bob.id)
    assert found.outings.rows() == [(bob, at("14:00"), at("16:00"))]
    assert found.trips.rows() == [(ann, day(26)), (ann, day(27))]
    assert found.overtime.drop("request_id").rows() == [(ann, day(25), at("18:00"), at("20:00"), 120, "pay")]
    duration = approved_intervals([inside.ann.id], day(28), day(28)).overtime
    assert duration.drop("request_id").rows() == [(ann, day(28), None, None, 90, "time_off")]
    assert duration.schema["from_at"] == pl.Datetime("us", "UTC")
    assert approved_intervals([], day(1), day(30)).trips.is_empty()
    assert marked() == ["11-24", "11-25", "11-26", "11-27", "11-28", "11-29"]


def test_overtime_on_a_workday_is_paid_unless_the_company_offers_time_off(inside):
    with pytest.raises(ValidationError, match="本公司不以调休补偿"):
        make(inside.ann_actor, "overtime", inside.ann, compensation="time_off")
    rules(inside, is_weekday_time_off=True, overtime_days=60)
    with pytest.raises(NeedsConfirmation, match="提交即表示同意"):
        make(inside.ann_actor, "overtime", inside.ann, compensation="time_off")
    with pytest.raises(ValidationError, match="法定节假日加班应支付加班费"):
        make(inside.ann_actor, "overtime", inside.ann, from_on=dt.date(2026, 10, 1), from_at=None, to_at=None,
             compensation="time_off")  # fmt: skip
    assert make(inside.ann_actor, "overtime", inside.ann, from_on=day(28), from_at=None, to_at=None,
                compensation="time_off").compensation == "time_off"  # fmt: skip


def test_thirty_six_hours_a_month_are_told(inside):
    rules(inside, overtime_day_minutes=600)
    for number in (26, 27, 28, 29, 30):
        make(
            inside.ann_actor,
            "overtime",
            inside.ann,
            from_on=day(number),
            from_at=None,
            to_at=None,
            minutes=420,
        )
    with pytest.raises(NeedsConfirmation, match="11 月申请的加班共 37 小时，超过每月 36 小时的上限"):
        make(inside.ann_actor, "overtime", inside.ann)
    request = make(inside.ann_actor, "overtime", inside.ann, is_confirmed=True)
    with override("en"):
        assert dict(approval_of(request.id).details)["Warnings"] == (
            "With this, the overtime asked for in month 11 comes to 37 hours, above the limit of 36 hours a month."
        )


def test_two_requests_for_one_time(inside):
    make(inside.ann_actor, "outing", inside.ann)
    with pytest.raises(
        ValidationError, match="与已有的申请冲突：外出 2026-11-25 14:00–16:00。请修改时间，或先撤回那条申请。"
    ):
        make(inside.ann_actor, "trip", inside.ann, from_on=day(25), to_on=day(25))
    with pytest.raises(ValidationError, match="不在任职期间内"):
        make(inside.ann_actor, "trip", inside.ann, from_on=dt.date(2019, 1, 1), to_on=day(26))


def test_a_locked_month_is_told(inside):
    entity = inside.ann.legal_entity_id
    AttendanceMonth.objects.create(legal_entity_id=entity, month=day(1), state="locked")
    AttendanceMonth.objects.create(legal_entity_id=entity, month=day(1, 12), state="open")
    with pytest.raises(NeedsConfirmation, match="2026 年 11 月的考勤已锁定"):
        make(inside.ann_actor, "outing", inside.ann)
    request = make(inside.ann_actor, "outing", inside.ann, is_confirmed=True)
    assert request.warnings == [["locked_month", {"year": 2026, "month": 11}]]
    assert make(inside.ann_actor, "trip", inside.ann, from_on=day(1, 12), to_on=day(2, 12)).warnings == []


def test_leave_at_the_same_time_is_told(inside):
    load_leave_types(actor=system_actor(inside.tenant))
    kind = LeaveType.objects.get(code="personal")
    leave = request_leave(
        actor=inside.ann_actor, person_id=inside.ann.id, type_id=kind.id, span=LeaveSpan(day(26), day(26), "pm"),
        reason="私事",
    )  # fmt: skip
    for actor in (inside.head_actor, inside.hana_actor):
        info = approval_of(leave)
        decide_request(actor=actor, approval_id=info.id, step_id=info.open_step.id, is_approved=True)
    with pytest.raises(NeedsConfirmation, match=r"与已同意的请假重叠：请假 2026-11-26 13:00 – 11-26 18:00"):
        make(inside.ann_actor, "trip", inside.ann)
    morning = {"from_on": day(26), "from_at": at("09:00", 26), "to_at": at("11:00", 26)}
    assert make(inside.ann_actor, "outing", inside.ann, **morning).warnings == []


def test_the_applicant_cancels_what_has_not_begun(inside):
    trip = approve(inside, make(inside.ann_actor, "trip", inside.ann))
    with pytest.raises(Forbidden):
        cancel_request(actor=inside.head_actor, time_request_id=trip.id, reason="不行")
    cancel_request(actor=inside.ann_actor, time_request_id=trip.id, reason="客户改期")
    assert approval_of(trip.id).state == "withdrawn"
    assert approved_intervals(None, day(1), day(30)).trips.is_empty()
    outing = make(inside.ann_actor, "outing", inside.ann)
    withdraw_approval(actor=inside.ann_actor, approval_id=approval_of(outing.id).id)
    outing.refresh_from_db()
    assert outing.state == "withdrawn"


# --- Who --------------------------------------------------------------------------------------------------------


def test_for_whom_and_by_whom(inside):
    with pytest.raises(Forbidden):
        make(inside.ann_actor, "trip", inside.bob)
    assert make(inside.head_actor, "trip", inside.bob).created_by == "何主管"
    rules(inside, who={"trip": "managers", "outing": "nobody"})
    with pytest.raises(ValidationError, match="由部门负责人或人事代为提交"):
        make(inside.ann_actor, "trip", inside.ann)
    assert make(inside.head_actor, "trip", inside.ann).state == "pending"
    with pytest.raises(ValidationError, match="没有启用这种申请"):
        make(inside.hana_actor, "outing", inside.ann)
    assert {each.person.name for each in requests_for_actor(inside.ann_actor)} == {"安安"}
    assert {each.person.name for each in requests_for_actor(inside.boss_actor)} == {"安安", "白白"}
    with pytest.raises(Forbidden):
        set_rules(actor=inside.head_actor, values={})


# --- Swaps ------------------------------------------------------------------------------------------------------


def shifts(*people) -> list[str]:
    plan = planned_days([each.id for each in people], day(26), day(27))
    rows = {(row["person_id"], row["on"].day): row["template"] for row in plan.frame.iter_rows(named=True)}
    return [
        "".join(plan.templates[rows[str(each.id), number]].code or "-" for number in (26, 27))
        for each in people
    ]


def test_a_swap_asks_the_colleague_then_changes_both_days(inside):
    roster(inside)
    assert shifts(inside.ann, inside.bob) == ["E-", "-L"]
    request = make(inside.ann_actor, "swap", inside.ann, other_person_id=inside.bob.id)
    assert (request.state, approval_of(request.id)) == ("asked", None)
    assert [each.id for each in asked_of(inside.bob_actor)] == [request.id]
    with pytest.raises(Http404):
        answer_swap(actor=inside.ann_actor, time_request_id=request.id, is_agreed=True)
    answer_swap(actor=inside.bob_actor, time_request_id=request.id, is_agreed=True)
    request.refresh_from_db()
    assert (request.state, approval_of(request.id).steps[0].approvers) == ("pending", ("何主管",))
    with pytest.raises(ValidationError, match="不需要再答复"):
        answer_swap(actor=inside.bob_actor, time_request_id=request.id, is_agreed=False)
    DayMark.objects.all().delete()
    approve(inside, request)
    assert shifts(inside.ann, inside.bob) == ["-L", "E-"]
    changed = set(DayMark.objects.values_list("person_id", "on"))
    assert {(each.id, day(number)) for each in (inside.ann, inside.bob) for number in (26, 27)} <= changed
    with pytest.raises(ValidationError, match="请由排班负责人在班表中调整"):
        cancel_request(actor=inside.hana_actor, time_request_id=request.id, reason="换回来")


def test_a_colleague_who_declines_and_an_applicant_who_gives_up(inside):
    roster(inside)
    request = make(inside.ann_actor, "swap", inside.ann, other_person_id=inside.bob.id)
    answer_swap(actor=inside.bob_actor, time_request_id=request.id, is_agreed=False)
    request.refresh_from_db()
    assert request.state == "declined"
    again = make(inside.ann_actor, "swap", inside.ann, other_person_id=inside.bob.id)
    cancel_request(actor=inside.ann_actor, time_request_id=again.id)
    again.refresh_from_db()
    assert again.state == "withdrawn"


def test_with_whom_one_cannot_swap(inside):
    north = make_org_unit(make_legal_entity(inside.tenant, "北方公司"), "北方部")
    for other in (None, inside.ann.id, make_person(north, "北北").id):
        with pytest.raises(ValidationError, match="请选择同一公司的一位同事"):
            make(inside.ann_actor, "swap", inside.ann, other_person_id=other)
    with pytest.raises(ValidationError, match="请选择同事的班次日期"):
        make(inside.ann_actor, "swap", inside.ann, other_person_id=inside.bob.id, other_on=None)
    with pytest.raises(ValidationError, match="安安在 2026-11-26 没有排班"):
        make(inside.ann_actor, "swap", inside.ann, other_person_id=inside.bob.id)
    roster(inside)
    with pytest.raises(ValidationError, match="不能再换班"):
        make(inside.ann_actor, "swap", inside.ann, other_person_id=inside.bob.id, from_on=day(22))


# --- At the same time -------------------------------------------------------------------------------------------


def test_two_devices_use_the_last_correction_once(committed_db):
    office = build_office()
    with tenant_context(office.tenant.id):
        rules(office, correction_quota=1)
    start, outcomes = threading.Barrier(2), []

    def ask(number: int) -> None:
        start.wait()
        try:
            with tenant_context(office.tenant.id):
                wanted = new("correction", office.ann, from_on=day(number), from_at=at("18:00", number))
                create_request(actor=office.ann_actor, new=wanted)
            outcomes.append("made")
        except ValidationError as error:
            outcomes.append(error.messages[0][:12])
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in (23, 24)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["11 月的补卡次数已用完", "made"]
    with tenant_context(office.tenant.id):
        assert TimeRequest.objects.count() == 1


def test_finance_asks_for_itself(inside):
    person = make_person(inside.sales, "费用")
    actor = actor_for(make_member(inside.tenant, "finance", person), inside.tenant)
    assert make(actor, "trip", person).state == "pending"
