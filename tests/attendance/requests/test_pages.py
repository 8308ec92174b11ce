"""Requests on the phone, in HR's list, by the API, and the rules."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.attendance.requests.conftest import approve, at, make, roster
from tests.factories import actor_for, make_member

from zhiheng.access.models import User
from zhiheng.attendance.models import TimeRequest
from zhiheng.attendance.queries.requests import rules_row
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def browser(office, settings):
    def _browser(actor) -> Client:
        client = Client()
        client.force_login(User.objects.get(id=actor.user_id))
        return client

    return _browser


def stored(office) -> TimeRequest:
    with tenant_context(office.tenant.id):
        return TimeRequest.objects.select_related("other_person").latest("created_at", "id")


def test_a_correction_from_a_missing_punch(office, browser):
    ann = browser(office.ann_actor)
    page = ann.get("/attendance/requests/new/correction/?on=2026-11-24&end=out").content.decode()
    assert 'value="2026-11-24"' in page
    assert 'value="18:00"' in page  # the end of the shift
    assert "本月已用 0 次，共 3 次" in page
    assert "为谁提交" not in page
    proof = SimpleUploadedFile("屏幕.png", b"\x89PNG", "image/png")
    answer = ann.post(
        "/attendance/requests/new/correction/",
        {"on": "2026-11-24", "end": "out", "time": "18:10", "reason": "忘了", "evidence": proof}, follow=True,
    )  # fmt: skip
    text = answer.content.decode()
    assert "申请已提交。" in text
    assert "补卡 2026-11-24 下班卡 18:10" in text
    assert "何主管" in text
    found = stored(office)
    assert found.from_at == at("18:10", 24)
    file = ann.get(f"/attendance/requests/{found.id}/evidence/")
    assert (file.content, file["Content-Type"]) == (b"\x89PNG", "image/png")
    assert browser(office.bob_actor).get(f"/attendance/requests/{found.id}/").status_code == 404
    assert "补卡 2026-11-24" in ann.get("/attendance/requests/me/").content.decode()
    assert "等待 何主管" in ann.get("/attendance/requests/me/").content.decode()


def test_a_refusal_and_a_question(office, browser):
    ann = browser(office.ann_actor)
    address = "/attendance/requests/new/overtime/"
    body = {
        "on": "2026-11-25",
        "start": "18:00",
        "finish": "23:00",
        "break_minutes": "30",
        "compensation": "pay",
        "reason": "赶工",
    }
    answer = ann.post(address, {**body, "compensation": "time_off"})
    assert (answer.status_code, "本公司不以调休补偿" in answer.content.decode()) == (422, True)
    answer = ann.post(address, {**body, "finish": ""})
    assert "请同时填写开始和结束时间" in answer.content.decode()
    answer = ann.post(address, body)
    assert (answer.status_code, "超过每天 3 小时的上限" in answer.content.decode()) == (422, True)
    assert 'name="is_confirmed" value="1" required' in answer.content.decode()
    assert ann.post(address, {**body, "is_confirmed": "1"}).status_code == 302
    assert (stored(office).minutes, stored(office).to_at) == (270, at("23:00"))
    night = {**body, "on": "2026-11-27", "start": "22:00", "finish": "00:30", "break_minutes": ""}
    assert ann.post(address, night).status_code == 302
    assert (stored(office).minutes, stored(office).to_at) == (150, at("00:30", 28))
    assert (
        ann.post(
            address, {"on": "2026-11-28", "hours": "1.5", "compensation": "time_off", "reason": "x"}
        ).status_code
        == 302
    )
    assert (stored(office).minutes, stored(office).from_at) == (90, None)
    assert ann.get("/attendance/requests/new/holiday/").status_code == 404
    assert ann.get(f"{address}?on=x").status_code == 200


def test_outing_and_trip(office, browser):
    ann = browser(office.ann_actor)
    outing = {"on": "2026-11-25", "start": "14:00", "finish": "16:00", "place": "客户处", "reason": "拜访"}
    assert ann.post("/attendance/requests/new/outing/", {**outing, "finish": "13:00"}).status_code == 422
    assert ann.post("/attendance/requests/new/outing/", outing).status_code == 302
    trip = {"on": "2026-11-26", "to_on": "2026-11-27", "place": "苏州", "reason": "安装"}
    assert ann.post("/attendance/requests/new/trip/", trip).status_code == 302
    assert stored(office).place == "苏州"


def test_hr_submits_for_somebody(office, browser):
    hana = browser(office.hana_actor)
    body = {"on": "2026-11-26", "to_on": "2026-11-26", "place": "苏州", "reason": "安装"}
    assert (
        "没有工号为「nobody」的员工"
        in hana.post("/attendance/requests/new/trip/", {**body, "person_number": "nobody"}).content.decode()
    )
    hana.post("/attendance/requests/new/trip/", {**body, "person_number": office.ann.employee_number})
    assert (stored(office).person_id, stored(office).created_by) == (
        office.ann.id,
        User.objects.get(id=office.hana_actor.user_id).name,
    )


def test_hr_without_an_employee_says_for_whom(office, browser):
    actor = actor_for(make_member(office.tenant, "hr"), office.tenant)
    client = browser(actor)
    assert "您的账户没有关联员工" in client.get("/attendance/requests/me/").content.decode()
    body = {"on": "2026-11-26", "to_on": "2026-11-26", "place": "苏州", "reason": "安装"}
    assert client.post("/attendance/requests/new/trip/", body).status_code == 422
    assert client.post(
        "/attendance/requests/new/trip/", {**body, "person_number": office.ann.employee_number}
    ).status_code == 302  # fmt: skip


def test_a_swap_between_two_phones(office, browser):
    with tenant_context(office.tenant.id):
        roster(office)
    ann, bob = browser(office.ann_actor), browser(office.bob_actor)
    body = {
        "on": "2026-11-26",
        "other_person_id": str(office.bob.id),
        "other_on": "2026-11-27",
        "reason": "看病",
    }
    assert office.bob.name in ann.get("/attendance/requests/new/swap/").content.decode()
    ann.post("/attendance/requests/new/swap/", body)
    found = stored(office)
    assert "安安想和您换班" in bob.get("/attendance/requests/me/").content.decode()
    assert "同意换班" in bob.get(f"/attendance/requests/{found.id}/").content.decode()
    page = bob.post(
        f"/attendance/requests/{found.id}/answer/", {"answer": "agree"}, follow=True
    ).content.decode()
    assert "已同意换班，等待上级审批。" in page
    page = bob.post(
        f"/attendance/requests/{found.id}/answer/", {"answer": "agree"}, follow=True
    ).content.decode()
    assert "不需要再答复" in page
    assert (
        "换班 2026-11-26 ⇄ 白白 2026-11-27" in browser(office.head_actor).get("/approvals/").content.decode()
    )


def test_to_take_one_back(office, browser):
    with tenant_context(office.tenant.id):
        trip = approve(office, make(office.ann_actor, "trip", office.ann))
    ann, address = browser(office.ann_actor), f"/attendance/requests/{trip.id}/"
    assert "撤销这条已同意的申请？" in ann.get(address).content.decode()
    answer = ann.post(f"{address}cancel/", {"reason": ""})
    assert (answer.status_code, "请填写撤销理由" in answer.content.decode()) == (422, True)
    page = ann.post(f"{address}cancel/", {"reason": "改期"}, follow=True).content.decode()
    assert "申请已撤回。" in page
    assert "改期" in page
    assert "已撤销" in page


def test_hr_lists_searches_and_exports(office, browser):
    with tenant_context(office.tenant.id):
        make(office.ann_actor, "trip", office.ann)
        make(office.bob_actor, "overtime", office.bob)
    hana = browser(office.hana_actor)
    assert "共 2 条申请" in hana.get("/attendance/requests/").content.decode()
    for query, count in (
        ("kind=trip", 1),
        ("state=approved", 0),
        ("from=2026-11-26", 1),
        ("to=2026-11-25", 1),
        ("q=baibai", 1),
    ):
        page = hana.get(f"/attendance/requests/?{query}").content.decode()
        assert (f"共 {count} 条申请" in page) or (count == 0 and "没有符合条件的结果" in page), query
    lines = (
        b"".join(hana.get("/attendance/requests/?export=csv&sort=kind").streaming_content)
        .decode()
        .splitlines()
    )
    assert [line.split(",")[2:4] for line in lines[1:]] == [
        ["加班", "加班 2026-11-25 18:00–20:00（2 小时，加班费）"], ["出差", "出差 2026-11-26 – 2026-11-27（2 天）"],
    ]  # fmt: skip
    assert "申请规则" in hana.get("/attendance/requests/").content.decode()


def test_the_rules(office, browser):
    hana = browser(office.hana_actor)
    page = hana.get("/attendance/requests/settings/")
    assert page.status_code == 200
    body = {
        "correction_quota": 5, "correction_days": 10, "overtime_days": 3, "outing_days": 3, "trip_days": 7,
        "longest_trip_days": 30, "overtime_day_minutes": "2.5", "overtime_month_minutes": 36,
        "longest_overtime_minutes": 12, "longest_outing_minutes": 24, "who_overtime": "managers",
        "who_correction": "everybody", "who_outing": "everybody", "who_trip": "nobody", "who_swap": "everybody",
    }  # fmt: skip
    assert "申请规则已保存" in hana.post("/attendance/requests/settings/", body, follow=True).content.decode()
    with tenant_context(office.tenant.id):
        row = rules_row()
        assert (row.correction_quota, row.overtime_day_minutes, row.who["trip"]) == (5, 150, "nobody")
    mine = browser(office.ann_actor).get("/attendance/requests/me/").content.decode()
    assert "/attendance/requests/new/correction/" in mine
    assert "/attendance/requests/new/trip/" not in mine
    assert "/attendance/requests/new/overtime/" not in mine
    assert hana.post("/attendance/requests/settings/", {}).status_code == 422


def test_by_the_api(office, browser):
    ann = browser(office.ann_actor)
    body = {
        "kind": "overtime", "person_id": str(office.ann.id), "from_on": "2026-11-25", "minutes": 240, "reason": "赶工",
        "compensation": "pay",
    }  # fmt: skip

    def post(**changed):
        return ann.post("/api/v1/attendance/requests", {**body, **changed}, content_type="application/json")

    assert (post().status_code, post().json()["code"]) == (422, "needs_confirmation")
    made = post(is_confirmed=True)
    assert (made.status_code, made.json()["state"]) == (201, "pending")
    assert post(kind="outing").json()["errors"][0] == {
        "at": "from_at",
        "message": "这种申请需要填写 from_at。",
    }
    naive = post(kind="outing", from_at="2026-11-25T09:00:00", to_at="2026-11-25T10:00:00+08:00")
    assert "时间要带时区" in naive.json()["title"]
    assert post(person_id=str(office.bob.id)).status_code == 403
    mine = made.json()["id"]
    assert [each["id"] for each in ann.get("/api/v1/attendance/requests?kind=overtime").json()["items"]] == [
        mine
    ]
    taken = ann.post(
        f"/api/v1/attendance/requests/{mine}/cancel", {"reason": "不用了"}, content_type="application/json"
    )
    assert (taken.json()["state"], taken.json()["end_reason"]) == ("withdrawn", "不用了")
    assert ann.get(f"/api/v1/attendance/requests/{mine}").json()["state"] == "withdrawn"
