"""The inbox in the browser and by the API."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.approvals.conftest import HAPPENED
from tests.factories import make_member

from zhiheng.access.models import User
from zhiheng.approvals.public import approval_of
from zhiheng.tenancy.context import tenant_context


def browser(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=actor.user_id))
    return client


def current(office, info):
    with tenant_context(office.tenant.id):
        return approval_of(info.subject_id)


@pytest.fixture
def info(office):
    with tenant_context(office.tenant.id):
        return office.start(office.ann, summary="安安的便条")


def test_the_inbox_shows_what_waits(office, info):
    page = browser(office.head_actor).get("/approvals/").content.decode()
    assert "安安的便条" in page
    assert f"{info.id}:{info.open_step.id}" in page
    assert "没有等您处理的申请" in browser(office.hana_actor).get("/approvals/").content.decode()
    assert (
        "安安的便条" in browser(office.hana_actor).get("/approvals/?tab=all&kind=test.note").content.decode()
    )
    assert (
        "没有符合条件的结果"
        in browser(office.hana_actor).get("/approvals/?tab=all&q=nobody").content.decode()
    )
    assert "tab=all" not in browser(office.ann_actor).get("/approvals/?tab=started").content.decode()
    part = browser(office.head_actor).get("/approvals/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")


def test_to_agree_and_to_reject(office, info):
    head, address = browser(office.head_actor), f"/approvals/{info.id}/"
    assert "想要一张" in head.get(address).content.decode()
    step = {"step_id": str(info.open_step.id)}
    answer = head.post(f"{address}decide/", {**step, "verdict": "reject"})
    assert (answer.status_code, "请填写驳回理由" in answer.content.decode()) == (422, True)
    assert head.post(f"{address}decide/", {"verdict": "maybe"}).status_code == 422
    answer = head.post(f"{address}decide/", {**step, "verdict": "approve", "comment": "好"}, follow=True)
    assert "已同意。" in answer.content.decode()
    assert current(office, info).steps[0].comment == "好"
    assert browser(office.bob_actor).get(address).status_code == 404
    assert (
        head.post(f"{address}decide/", {"step_id": str(info.steps[1].id), "verdict": "approve"}).status_code
        == 403
    )


def test_many_at_once(office, info):
    with tenant_context(office.tenant.id):
        other = office.start(office.bob, by=office.bob_actor, summary="白白的便条")
        gone = office.start(office.bob, by=office.bob_actor)
    head = browser(office.head_actor)
    head.post(f"/approvals/{gone.id}/decide/", {"step_id": str(gone.open_step.id), "verdict": "approve"})
    chosen = [f"{each.id}:{each.open_step.id}" for each in (info, other, gone)]
    page = head.post(
        "/approvals/approve/", {"chosen": [*chosen, "x", f"{info.id}:{info.steps[1].id}"]}, follow=True
    )
    text = page.content.decode()
    assert "已同意 2 条申请。" in text
    assert "何主管已在" in text or "已在" in text
    assert "没有权限：以人事身份审批" in text
    assert current(office, other).steps[0].state == "approved"
    assert "请先勾选" in head.post("/approvals/approve/", follow=True).content.decode()


def test_the_applicant_withdraws(office, info):
    ann, address = browser(office.ann_actor), f"/approvals/{info.id}/"
    assert "撤回申请" in ann.get(address).content.decode()
    answer = ann.post(f"{address}withdraw/", {"reason": "写错了"}, follow=True)
    assert "申请已撤回。" in answer.content.decode()
    assert HAPPENED[-1][0] == "withdrawn"
    answer = ann.post(f"{address}withdraw/", {"reason": "再来"})
    assert (answer.status_code, "不能再撤回" in answer.content.decode()) == (422, True)


def test_by_the_api(office, info):
    head = browser(office.head_actor)
    found = head.get("/api/v1/approvals?box=waiting").json()
    assert (found["total"], found["items"][0]["summary"]) == (1, "安安的便条")
    body = {"step_id": str(info.open_step.id), "verdict": "approve"}
    decided = head.post(f"/api/v1/approvals/{info.id}/decide", body, content_type="application/json").json()
    assert [each["state"] for each in decided["steps"]] == ["approved", "open"]
    again = head.post(f"/api/v1/approvals/{info.id}/decide", body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "already_decided")
    ann = browser(office.ann_actor)
    taken = ann.post(
        f"/api/v1/approvals/{info.id}/withdraw", {"reason": "不用了"}, content_type="application/json"
    )
    assert taken.json()["state"] == "withdrawn"
    assert ann.get(f"/api/v1/approvals/{info.id}").json()["state"] == "withdrawn"


def test_a_manager_of_another_subsidiary_decides(office):
    import datetime as dt

    from tests.factories import actor_for, make_legal_entity, make_org_unit, make_person

    from zhiheng.people.services.employments import transfer_person

    north = make_org_unit(make_legal_entity(office.tenant, "北方公司"), "北方部")
    max_ = make_person(north, "马经理")
    user = make_member(office.tenant, "employee", max_)
    with tenant_context(office.tenant.id):
        transfer_person(
            actor=office.hana_actor, person_id=office.ann.id, from_on=dt.date(2021, 1, 1),
            org_unit_id=office.sales.id, manager_id=max_.id,
        )  # fmt: skip
        info = office.start(office.ann, summary="跨公司")
    client = browser(actor_for(user, office.tenant))
    assert "跨公司" in client.get("/approvals/").content.decode()
    answer = client.post(
        f"/approvals/{info.id}/decide/", {"step_id": str(info.open_step.id), "verdict": "approve"}
    )
    assert answer.status_code == 302
    assert current(office, info).steps[0].state == "approved"
