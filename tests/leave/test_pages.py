"""Pages and operations of leave as people use them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories import make_member, make_person

from zhiheng.access.models import User
from zhiheng.dataimport.services import import_file, undo_batch
from zhiheng.leave.calc.cost import LeaveSpan
from zhiheng.leave.models import LeaveAccount, LeaveEntry, LeavePlace, LeaveRequest, LeaveRule, LeaveType
from zhiheng.leave.services.requests import request_leave
from zhiheng.tenancy.context import tenant_context

MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def hr(inside):
    client = Client()
    client.force_login(User.objects.get(id=inside.hr.user_id))
    return client


@pytest.fixture
def me(inside):
    client = Client()
    client.force_login(User.objects.get(id=inside.employee.user_id))
    return client


def ask(company, first=MONDAY, last=None, code="annual") -> LeaveRequest:
    key = request_leave(
        actor=company.employee, person_id=company.person.id, type_id=company.kind(code).id,
        span=LeaveSpan(first, last or first), reason="回老家",
    )  # fmt: skip
    return LeaveRequest.objects.get(id=key)


def account(company, code="annual") -> LeaveAccount:
    return LeaveAccount.objects.get(person=company.person, leave_type__code=code)


def text(answer) -> str:
    return answer.content.decode()


def test_everybody_s_balances(inside, hr):
    ask(inside, MONDAY, dt.date(2026, 3, 3))
    page = text(hr.get(reverse("leave:balance_list"), {"kind": "annual", "on": "2026-03-02", "q": "李明"}))
    assert "李明" in page
    assert "截至 2026-03-02" in page
    export = hr.get(reverse("leave:balance_list"), {"export": "csv", "kind": "annual"})
    lines = b"".join(export.streaming_content).decode().splitlines()
    assert lines[1].split(",")[:3] == ["李明", "销售部", "年休假"]


def test_a_ledger_in_the_drawer_and_as_a_page(inside, hr):
    url = reverse("leave:account_ledger", args=[account(inside).id])
    whole = text(hr.get(url))
    part = text(hr.get(url, headers={"HX-Request": "true"}))
    assert "<html" in whole
    assert "<html" not in part
    assert all("+5" in page and "发放" in page for page in (whole, part))


def test_an_adjustment(inside, hr):
    url = reverse("leave:account_adjust", args=[account(inside, "comp_time").id])
    assert "现在的余额：0 小时。" in text(hr.get(url))
    refused = hr.post(url, {"amount": "1.5", "on": "2026-03-02", "reason": " "})
    assert refused.status_code == 422
    assert hr.post(url, {"amount": "1.5", "on": "2026-03-02", "reason": "补录"}).status_code == 302
    assert LeaveEntry.objects.get(kind="adjust").amount == 90


def test_service_with_evidence(inside, hr):
    url = reverse("leave:service_set", args=[inside.person.id])
    file = SimpleUploadedFile("社保.pdf", b"pdf")
    assert hr.post(url, {"first_worked_on": "2012-05-01", "evidence": file}).status_code == 302
    assert "2012-05-01" in text(hr.get(url))
    assert hr.get(reverse("leave:service_set", args=[inside.kind("annual").id])).status_code == 404


def test_my_leave_on_the_phone(inside, me):
    ask(inside)
    page = text(me.get(reverse("leave:my_leave")))
    assert "年休假" in page
    assert "审批中 1 天" in page
    assert "2026-03-02" in page


def test_my_leave_of_somebody_who_is_no_employee(inside, hr):
    assert "您的账号没有关联员工" in text(hr.get(reverse("leave:my_leave")))


def test_asking_step_by_step(inside, me):
    types = text(me.get(reverse("leave:request_new")))
    assert "年休假" in types
    assert "剩 5 天" in types
    url = reverse("leave:request_new") + "?type=annual"
    form = text(me.get(url))
    assert "leave-quote" in form
    given = {
        "from_on": "2026-03-02",
        "to_on": "2026-03-03",
        "from_half": "pm",
        "to_half": "pm",
        "reason": "回家",
    }
    quote = text(me.get(reverse("leave:request_quote"), {"type": "annual", **given}))
    assert "1.5 天" in quote
    assert "5 天 → <strong>3.5 天" in quote
    answer = me.post(url, given)
    request = LeaveRequest.objects.get()
    assert answer.url == reverse("leave:request_detail", args=[request.id])
    assert request.amount == Decimal("1.5")
    assert "2026-03-02 下午 – 2026-03-03 下午" in text(me.get(answer.url))


def test_only_types_that_fit_are_offered(inside, me):
    inside.person.gender = "female"
    inside.person.save()
    page = text(me.get(reverse("leave:request_new")))
    assert ("产假" in page, "陪产假" in page) == (True, False)


def test_asking_in_hours_with_a_refusal(inside, me):
    url = reverse("leave:request_new") + "?type=personal"
    given = {"from_on": "2026-03-02", "to_on": "2026-03-02", "from_time": "12:00", "to_time": "13:00"}
    answer = me.post(url, given)
    assert answer.status_code == 422
    assert "所选时间没有排班" in text(answer)
    assert me.post(url, {**given, "to_time": "15:00"}).status_code == 302


def test_a_quote_without_times(inside, me):
    for query in ({}, {"type": "annual"}, {"type": "annual", "from_on": "x"}):
        assert "选好时间后" in text(me.get(reverse("leave:request_quote"), query))


def test_hr_asks_for_somebody(inside, hr):
    url = reverse("leave:request_new") + "?type=personal"
    given = {"from_on": "2026-03-02", "to_on": "2026-03-02", "from_time": "14:00", "to_time": "15:00"}
    assert "请填写工号" in text(hr.post(url, given))
    assert "没有工号为「X」的员工" in text(hr.post(url, {**given, "number": "X"}))
    assert hr.post(url, {**given, "number": inside.person.employee_number}).status_code == 302


def test_a_large_attachment_is_refused(inside, me, monkeypatch):
    monkeypatch.setattr("zhiheng.leave.forms.LARGEST", 3)
    url = reverse("leave:request_new") + "?type=sick"
    file = SimpleUploadedFile("病历.jpg", b"1234")
    answer = me.post(url, {"from_on": "2026-03-02", "to_on": "2026-03-02", "attachment": file})
    assert "文件太大" in text(answer)
    file = SimpleUploadedFile("病历.jpg", b"123")
    done = me.post(url, {"from_on": "2026-03-02", "to_on": "2026-03-02", "attachment": file})
    request = LeaveRequest.objects.get()
    assert "下载附件" in text(me.get(done.url))
    assert me.get(reverse("leave:request_attachment", args=[request.id])).content == b"123"


def test_requests_in_scope_and_taking_one_back(inside, hr, me):
    request = ask(inside)
    assert me.get(reverse("leave:request_attachment", args=[request.id])).status_code == 404
    page = text(hr.get(reverse("leave:request_list"), {"state": "pending", "unit": str(inside.unit.id)}))
    assert "李明" in page
    url = reverse("leave:request_cancel", args=[request.id])
    assert me.get(url).status_code == 200
    assert me.post(url, {}).status_code == 302
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert me.post(url, {}).status_code == 422


def test_the_calendar_tells_colleagues_who_is_away_and_not_why(inside, hr):
    ask(inside)
    other = make_person(inside.unit, "王芳")
    client = Client()
    client.force_login(make_member(inside.tenant, "employee", other))
    for each, label in ((client, "休假"), (hr, "年休假")):
        page = text(each.get(reverse("leave:calendar"), {"month": "2026-03", "unit": str(inside.unit.id)}))
        assert "李明" in page
        assert f'title="{label}（审批中）"' in page
    part = text(hr.get(reverse("leave:calendar"), {"month": "no"}, headers={"HX-Request": "true"}))
    assert "<html" not in part


def test_types_with_their_sources(inside, hr, me):
    page = text(hr.get(reverse("leave:type_list")))
    assert "请核对" in page
    assert "载入法定假期" not in text(me.get(reverse("leave:type_list")))
    detail = text(hr.get(reverse("leave:type_detail", args=[inside.kind("maternity").id])))
    assert "女职工劳动保护特别规定" in detail
    assert "上海市人口与计划生育条例" in detail
    assert hr.post(reverse("leave:types_load")).status_code == 302
    LeaveRule.objects.all().delete()
    assert hr.post(reverse("leave:types_load")).status_code == 302
    assert LeaveRule.objects.count() > 20


def test_a_type_of_the_company(inside, hr):
    given = {
        "name": "生日假", "code": "birthday", "basis": "fixed", "unit": "day", "counts": "working", "step": "1",
        "paid_share": "1", "for_gender": "any", "accrual": "year_start", "step_change": "next_year",
        "carry_months": "0", "overdraft": "0", "position": "5", "is_prorated": "on", "is_active": "on",
    }  # fmt: skip
    answer = hr.post(reverse("leave:type_new"), given)
    kind = LeaveType.objects.get(code="birthday")
    assert answer.url == reverse("leave:type_detail", args=[kind.id])
    assert hr.post(reverse("leave:type_new"), given).status_code == 422
    rule = {"region": "CN", "amount": "1", "effective_from": "2026-01-01", "source": "员工手册"}
    assert hr.get(reverse("leave:rule_new", args=[kind.id])).status_code == 200
    assert hr.post(reverse("leave:rule_new", args=[kind.id]), rule).status_code == 302
    assert hr.post(reverse("leave:rule_new", args=[kind.id]), rule).status_code == 422
    inside.run()
    assert inside.left("birthday") == 1
    edited = hr.post(reverse("leave:type_edit", args=[kind.id]), {**given, "unit": "hour"})
    assert "不能再改单位" in text(edited)
    own = LeaveRule.objects.get(leave_type=kind)
    hr.post(reverse("leave:rule_delete", args=[kind.id, own.id]))
    assert not LeaveRule.objects.filter(leave_type=kind).exists()
    law = LeaveRule.objects.filter(leave_type__code="annual")[0]
    hr.post(reverse("leave:rule_delete", args=[law.leave_type_id, law.id]))
    assert LeaveRule.objects.filter(id=law.id).exists()
    assert hr.post(reverse("leave:rule_delete", args=[kind.id, law.id])).status_code == 404


def test_time_off_in_lieu_is_counted_in_hours(inside, hr):
    kind = inside.kind("comp_time")
    url = reverse("leave:type_edit", args=[kind.id])
    page = hr.get(url)
    assert "可透支" in text(page)
    answer = hr.post(url, {"name": "调休", "code": "comp_time", "basis": "comp", "unit": "day"})
    assert answer.status_code == 422


def test_the_place_of_a_subsidiary(inside, hr):
    url = reverse("leave:place_set", args=[inside.entity.id])
    hr.post(url, {"region": "CN-SH"})
    hr.post(url, {"region": "nowhere"})
    assert LeavePlace.objects.get().region == "CN-SH"


# --- Import --------------------------------------------------------------------------------------------------------


def load(company, *rows: str):
    content = ("工号,假期类型,余额,有效期至\n" + "\n".join(rows)).encode()
    return import_file(company.hr, "leave.balance", name="余额.csv", content=content)


def test_balances_are_brought_to_what_a_file_says_and_back(inside):
    number = inside.person.employee_number
    report = load(inside, f"{number},年休假,3,2026-12-31", f"{number},调休,2.5,2026-06-30")
    assert (report.state, report.result.created) == ("committed", 2)
    assert (inside.left(), inside.left("comp_time")) == (3, 150)
    assert load(inside, f"{number},annual,3,").result.unchanged == 1
    undo_batch(actor=inside.hr, batch_id=report.batch_id)
    assert (inside.left(), inside.left("comp_time")) == (5, 0)


def test_an_import_whose_balance_was_used_stays(inside):
    report = load(inside, f"{inside.person.employee_number},年休假,8,2026-12-31")
    url_of = account(inside)
    LeaveEntry.objects.create(
        account=url_of, person=inside.person, legal_entity=inside.entity, kind="take", amount=-1, on=MONDAY, year=2026,
        lot=LeaveEntry.objects.get(kind="open"), written_by="测试",
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        undo_batch(actor=inside.hr, batch_id=report.batch_id)
    assert refused.value.messages == ["有导入的余额已被使用，不能撤销。请在余额流水中逐个调整。"]


def test_rows_of_nobody_and_of_no_type(inside):
    number = inside.person.employee_number
    report = load(inside, "X9,年休假,3,", f"{number},病假,3,", f"{number},调休,3,2026-03-01")
    assert [(each.code, each.row) for each in report.issues] == [
        ("unknown_employee", 2), ("unknown_type", 3), ("ended", 4),
    ]  # fmt: skip


# --- API -----------------------------------------------------------------------------------------------------------


def api(client, method: str, path: str, body: dict | None = None):
    return getattr(client, method)(
        f"/api/v1/leave/{path}", json.dumps(body) if body else None, content_type="application/json"
    )


def test_operations(inside, hr):
    person, kind = str(inside.person.id), inside.kind("annual")
    types = hr.get("/api/v1/leave/types").json()
    assert {each["code"] for each in types} >= {"annual", "sick"}
    body = {
        "person_id": person, "leave_type_id": str(kind.id), "from_on": "2026-03-02", "to_on": "2026-03-03",
        "reason": "探亲",
    }  # fmt: skip
    quote = api(hr, "post", "quote", body).json()
    assert (quote["amount"], quote["left_after"], quote["problems"]) == ("2.00", "3.00", []) or quote[
        "problems"
    ] == []
    made = api(hr, "post", "requests", body)
    assert made.status_code == 201
    key = made.json()["id"]
    assert hr.get(f"/api/v1/leave/requests/{key}").json()["state"] == "pending"
    assert len(hr.get("/api/v1/leave/requests", {"person_id": person}).json()["items"]) == 1
    assert api(hr, "post", f"requests/{key}/cancel", {"reason": "改期"}).json()["state"] == "withdrawn"
    (balance,) = [
        each
        for each in hr.get("/api/v1/leave/balances", {"person_id": person}).json()["items"]
        if each["leave_type_id"] == str(kind.id)
    ]
    adjusted = api(
        hr, "post", f"balances/{balance['id']}/adjust", {"amount": "1", "on": "2026-03-02", "reason": "奖励"}
    )
    assert Decimal(adjusted.json()["balance"]) == 6
    entries = hr.get(f"/api/v1/leave/balances/{balance['id']}/entries").json()
    assert [each["kind"] for each in entries] == ["grant", "adjust"]
    refused = api(hr, "post", "requests", {**body, "to_on": "2026-03-20"})
    assert refused.status_code == 422


def test_the_daily_run_of_all_companies(company):
    from zhiheng.leave.tasks import run_day

    with tenant_context(company.tenant.id):
        from zhiheng.leave.services.catalogue import load_leave_types

        load_leave_types(actor=company.system)
    at = int(dt.datetime(2026, 3, 1, 20, tzinfo=dt.UTC).timestamp())  # already the 2nd in China
    assert run_day(at) == 1
    assert run_day(0) >= 0
    with tenant_context(company.tenant.id):
        assert company.left() == 5
