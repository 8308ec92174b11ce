"""Asking for leave, what it costs, and what approval and taking back do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import translation
from tests.factories import make_person

from zhiheng.approvals.public import approval_of
from zhiheng.approvals.services.requests import decide_request
from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.models import LeaveEntry, LeaveRequest
from zhiheng.leave.public import approved_leave, credit_comp_time
from zhiheng.leave.queries.quotes import quote_leave
from zhiheng.leave.queries.requests import away_for_actor, requests_for_actor
from zhiheng.leave.services import hooks
from zhiheng.leave.services.ledger import adjust_balance
from zhiheng.leave.services.refresh import refresh_after_roster, refresh_leave_around
from zhiheng.leave.services.requests import cancel_leave, request_leave, when
from zhiheng.leave.services.types import save_leave_rule, save_leave_type, set_leave_place
from zhiheng.rosters.services.roster import NewEntry, publish_roster, set_entries

D = Decimal
MONDAY = dt.date(2026, 3, 2)
FRIDAY = dt.date(2026, 3, 6)


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


def ask(company, first=MONDAY, last=None, code="annual", actor=None, person_id=None, attachment=None, **span):
    return request_leave(
        actor=actor or company.employee, person_id=person_id or company.person.id, type_id=company.kind(code).id,
        span=LeaveSpan(first, last or first, **span), reason="私事", attachment=attachment,
    )  # fmt: skip


def decide(company, request_id, *, is_approved=True):
    while (info := approval_of(request_id)).state == "pending":
        step = next(each for each in info.steps if each.state == "open")
        decide_request(
            actor=company.hr, approval_id=info.id, step_id=step.id, is_approved=is_approved, comment="同意"
        )
    return LeaveRequest.objects.get(id=request_id)


def texts(refused) -> list[str]:
    return refused.value.messages


def test_the_weekend_costs_nothing(inside):
    request_id = ask(inside, FRIDAY, day(9))
    request = LeaveRequest.objects.get(id=request_id)
    assert (request.amount, request.minutes, request.state) == (2, 960, "pending")
    assert [each.on for each in request.days.order_by("on")] == [FRIDAY, day(9)]
    assert (inside.balance().left, inside.balance().pending) == (3, 2)
    assert decide(inside, request_id).state == "approved"
    balance = inside.balance()
    assert (balance.left, balance.pending, balance.taken) == (3, 0, 2)


def test_approved_leave_as_a_frame(inside):
    request_id = ask(inside, MONDAY, day(3), from_half="pm")
    assert approved_leave(None, MONDAY, day(3)).is_empty()
    decide(inside, request_id)
    frame = approved_leave([inside.person.id], MONDAY, day(31))
    utc = dt.UTC
    assert frame.rows() == [
        (
            str(inside.person.id), dt.datetime(2026, 3, 2, 5, tzinfo=utc), dt.datetime(2026, 3, 2, 10, tzinfo=utc),
            "annual", True, str(request_id),
        ),
        (
            str(inside.person.id), dt.datetime(2026, 3, 3, 1, tzinfo=utc), dt.datetime(2026, 3, 3, 10, tzinfo=utc),
            "annual", True, str(request_id),
        ),
    ]  # fmt: skip
    assert approved_leave([uuid4()], MONDAY, day(31)).is_empty()
    assert approved_leave(None, day(3), day(3)).height == 1


def test_more_than_the_balance_says_what_is_left_and_what_else_there_is(inside):
    credit_comp_time(
        actor=inside.system, person_id=inside.person.id, on=MONDAY, minutes=480, expires_on=day(31),
        source_id=uuid4(),
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        ask(inside, MONDAY, day(10))
    assert texts(refused) == [
        "余额不足：这次需要 7 天，年休假可用 5 天，还差 2 天。可以缩短时间，或改用其他假期：调休还有 8 小时。"
    ]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        ask(inside, MONDAY, day(10))
    assert "Annual leave" in texts(refused)[0]


def test_pending_requests_count_against_the_balance(inside):
    ask(inside, MONDAY, day(5))
    with pytest.raises(ValidationError) as refused:
        ask(inside, day(9), day(10))
    assert texts(refused) == [
        "余额不足：这次需要 2 天，年休假可用 1 天，还差 1 天。可以缩短时间，或将不足的部分改请事假。"
    ]


def test_an_overdraft_is_allowed_as_far_as_the_type_says(inside):
    save_leave_type(actor=inside.hr, type_id=inside.kind("annual").id, overdraft=D(2))
    decide(inside, ask(inside, MONDAY, day(10)))
    assert inside.left() == -2
    with pytest.raises(ValidationError):
        ask(inside, day(11))
    cancel_leave(actor=inside.hr, request_id=LeaveRequest.objects.get().id, reason="取消行程")
    assert inside.left() == 5


def test_leave_that_overlaps_is_refused(inside):
    ask(inside, MONDAY, to_half="am")
    ask(inside, MONDAY, from_half="pm")
    with pytest.raises(ValidationError) as refused:
        ask(inside, MONDAY, code="personal", from_minute=600, to_minute=660)
    assert texts(refused) == ["与 2026-03-02 的年休假申请（审批中）重叠，请改时间，或先撤回那一张。"]
    ask(inside, day(3), code="personal", from_minute=600, to_minute=660)
    ask(inside, day(3), code="personal", from_minute=660, to_minute=690)


def test_leave_without_work_on_those_days(inside):
    with pytest.raises(ValidationError) as refused:
        ask(inside, day(7), day(8))
    assert texts(refused) == ["所选时间没有排班，不需要请假。"]


@pytest.mark.parametrize(
    ("first", "last", "more"),
    [
        (day(3), MONDAY, {}),
        (MONDAY, dt.date(2028, 1, 1), {}),
        (MONDAY, MONDAY, {"from_half": "pm", "to_half": "am"}),
        (MONDAY, MONDAY, {"from_minute": 600, "to_minute": 600}),
    ],
)
def test_an_end_before_the_beginning(inside, first, last, more):
    with pytest.raises(ValidationError) as refused:
        ask(inside, first, last, **more)
    assert texts(refused) == ["结束须在开始之后，且一次最多 400 天。"]


def test_days_before_the_hire(inside):
    with pytest.raises(ValidationError) as refused:
        ask(inside, dt.date(2019, 12, 30), dt.date(2020, 1, 3), code="personal")
    assert texts(refused)[0] == "所选日期不在任职期间内。"


def test_sick_leave_needs_a_certificate(inside):
    with pytest.raises(ValidationError) as refused:
        ask(inside, code="sick")
    assert refused.value.message_dict == {"attachment": ["「病假」需要附上证明材料。"]}
    request = LeaveRequest.objects.get(id=ask(inside, code="sick", attachment=("病历.jpg", b"image")))
    assert request.attachment.name == "病历.jpg"


def test_limits_come_from_the_place(inside):
    sheet = ("证.jpg", b"image")
    with pytest.raises(ValidationError) as refused:
        ask(inside, MONDAY, day(5), code="marriage", attachment=sheet)
    assert texts(refused) == ["「婚假」每次最多 3 天。"]
    set_leave_place(actor=inside.hr, legal_entity_id=inside.entity.id, region="CN-SH")
    ask(inside, MONDAY, day(11), code="marriage", attachment=sheet)
    with pytest.raises(ValidationError) as refused:
        ask(inside, day(12), day(19), code="childcare", attachment=sheet)
    assert texts(refused) == ["「育儿假」每年最多 5 天，今年还剩 5 天。"]
    ask(inside, day(12), day(13), code="childcare", attachment=sheet)
    with pytest.raises(ValidationError) as refused:
        ask(inside, day(16), day(19), code="childcare", attachment=sheet)
    assert texts(refused) == ["「育儿假」每年最多 5 天，今年还剩 3 天。"]


def test_a_place_without_a_rule_needs_one_of_the_company(inside):
    sheet = ("证.jpg", b"image")
    with pytest.raises(ValidationError) as refused:
        ask(inside, code="childcare", attachment=sheet)
    assert texts(refused) == ["所在地区没有「育儿假」的天数规定，请人事在假期类型中补充本企业规则。"]
    kind = inside.kind("childcare")
    save_leave_rule(actor=inside.hr, type_id=kind.id, region="CN", amount=D(8), effective_from=day(1))
    ask(inside, code="childcare", attachment=sheet)


def test_leave_for_women(inside):
    inside.person.gender = "male"
    inside.person.save()
    quote = quote_leave(
        inside.person.id, inside.kind("nursing"), LeaveSpan(MONDAY, MONDAY, from_minute=540, to_minute=660),
        has_attachment=False,
    )  # fmt: skip
    assert [problem.text for problem in quote.problems] == [
        "「哺乳时间」不适用于该员工。", "「哺乳时间」每天最多 1 小时。",
    ]  # fmt: skip


def test_least_and_most_of_a_request(inside):
    kind = inside.kind("annual")
    save_leave_type(actor=inside.hr, type_id=kind.id, minimum=D(1), maximum=D(2))
    with pytest.raises(ValidationError) as refused:
        ask(inside, MONDAY, to_half="am")
    assert texts(refused) == ["「年休假」一次至少 1 天。"]
    with pytest.raises(ValidationError) as refused:
        ask(inside, MONDAY, day(4))
    assert texts(refused) == ["「年休假」一次最多 2 天。"]


def test_nobody_asks_for_somebody_else(inside):
    other = make_person(inside.unit, "王芳")
    with pytest.raises(Http404):
        ask(inside, person_id=other.id, code="personal")
    assert ask(inside, person_id=other.id, code="personal", actor=inside.hr)
    assert not requests_for_actor(inside.employee).exists()


def test_a_rejected_request_frees_the_balance(inside):
    request = decide(inside, ask(inside), is_approved=False)
    assert (request.state, inside.left(), LeaveEntry.objects.filter(kind="take").count()) == (
        "rejected",
        5,
        0,
    )


def test_a_pending_request_is_withdrawn(inside):
    request_id = ask(inside)
    cancel_leave(actor=inside.employee, request_id=request_id)
    assert LeaveRequest.objects.get().state == "withdrawn"
    assert approval_of(request_id).state == "withdrawn"
    with pytest.raises(ValidationError):
        cancel_leave(actor=inside.employee, request_id=request_id)


def test_an_approved_leave_is_cancelled_with_a_reason(inside):
    heard = []
    hooks._hooks.append(heard.append)
    try:
        request_id = ask(inside, FRIDAY, day(9))
        decide(inside, request_id)
        with pytest.raises(ValidationError):
            cancel_leave(actor=inside.hr, request_id=request_id)
        cancel_leave(actor=inside.hr, request_id=request_id, reason="项目延期")
    finally:
        hooks._hooks.pop()
    request = LeaveRequest.objects.get()
    assert (request.state, request.close_reason, inside.left()) == ("cancelled", "项目延期", 5)
    assert approved_leave(None, MONDAY, day(31)).is_empty()
    assert [sorted(on.day for _person, _entity, on in days) for days in heard] == [[6, 9], [6, 9]]


def test_a_leave_that_began_is_for_hr_to_cancel(inside):
    request_id = ask(inside, dt.date(2026, 2, 27))
    decide(inside, request_id)
    with pytest.raises(ValidationError) as refused:
        cancel_leave(actor=inside.employee, request_id=request_id, reason="没休")
    assert texts(refused) == ["假期已经开始，请联系人事销假。"]


def test_coming_back_earlier_gives_the_rest_back(inside):
    request_id = ask(inside, MONDAY, FRIDAY)
    decide(inside, request_id)
    assert inside.left() == 0
    cancel_leave(actor=inside.hr, request_id=request_id, reason="提前返岗", back_on=day(4))
    request = LeaveRequest.objects.get()
    assert (request.state, request.to_on, request.amount, request.minutes) == ("approved", day(3), 2, 960)
    assert inside.left() == 3
    assert approved_leave(None, MONDAY, FRIDAY).height == 2


def test_what_was_used_up_meanwhile_is_not_approved(inside):
    request_id = ask(inside, MONDAY, FRIDAY)
    account_id = inside.balance().account_id
    adjust_balance(actor=inside.hr, account_id=account_id, amount=D(-1), on=MONDAY, reason="更正")
    with pytest.raises(ValidationError) as refused:
        decide(inside, request_id)
    assert texts(refused) == [
        "年休假余额已被其他申请用掉，还差 1 天，不能批准。请驳回，由申请人改短或改用其他假期。"
    ]


def test_time_off_is_used_first_in_first_out(inside):
    for minutes, ends in ((240, 20), (240, 10)):
        credit_comp_time(
            actor=inside.system, person_id=inside.person.id, on=MONDAY, minutes=minutes, expires_on=day(ends),
            source_id=uuid4(),
        )  # fmt: skip
    decide(inside, ask(inside, day(3), code="comp_time", from_minute=540, to_minute=900))
    ends = LeaveEntry.objects.filter(kind="take").order_by("id").values_list("amount", "lot__expires_on")
    assert list(ends) == [(-240, day(10)), (-60, day(20))]
    assert inside.left("comp_time") == 180


def test_leave_follows_the_roster(inside):
    decide(inside, ask(inside, FRIDAY, day(9)))
    assert refresh_leave_around(actor=inside.system, today=FRIDAY) == 0
    set_entries(actor=inside.system, entries=[NewEntry(inside.person.id, day(9))])  # a day off instead
    publish_roster(actor=inside.system, first=day(9), last=day(9))
    request = LeaveRequest.objects.get()
    assert (request.amount, [each.on for each in request.days.all()]) == (1, [FRIDAY])
    assert inside.left() == 4
    assert [each.kind for each in LeaveEntry.objects.order_by("id")][-3:] == [
        "give_back",
        "give_back",
        "take",
    ]
    refresh_after_roster([])


def test_who_is_away(inside):
    ask(inside, MONDAY, day(3))
    assert [each.on for each in away_for_actor(inside.employee, MONDAY, day(2))] == [MONDAY]


@pytest.mark.parametrize(
    ("code", "span", "text"),
    [
        ("annual", {}, "2026-03-02"),
        ("annual", {"to_on": FRIDAY}, "2026-03-02 – 2026-03-06"),
        ("annual", {"from_half": "pm", "to_half": "pm"}, "2026-03-02 下午"),
        ("annual", {"to_on": FRIDAY, "to_half": "am"}, "2026-03-02 上午 – 2026-03-06 上午"),
        ("personal", {"from_minute": 545, "to_minute": 600}, "2026-03-02 09:05 – 10:00"),
        ("personal", {"to_on": FRIDAY, "from_minute": 545, "to_minute": 600}, "2026-03-02 09:05 – 2026-03-06 10:00"),
        ("maternity", {"to_on": FRIDAY}, "2026-03-02 – 2026-03-06"),
        ("maternity", {}, "2026-03-02"),
    ],
)  # fmt: skip
def test_times_in_words(inside, code, span, text):
    given = {"from_on": MONDAY, "to_on": MONDAY, "from_half": "am", "to_half": "pm", **span}
    assert str(when(LeaveRequest(leave_type=inside.kind(code), **given))) == text
