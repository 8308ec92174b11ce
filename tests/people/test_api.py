"""The API of people."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.factories import make_legal_entity, make_member, make_org_unit, make_person, make_tenant

from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def api(company, client):
    """Call the API as a member with a role."""

    def sign_in(role: str = "hr", **confines: object):
        client.force_login(make_member(company.tenant, role, **confines))
        return client

    return sign_in


def test_listing_searching_and_paging(api, company):
    web = api()
    first = web.get("/api/v1/persons", {"limit": 2}).json()
    rest = web.get("/api/v1/persons", {"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [row["employee_number"] for row in first["items"] + rest["items"]] == ["A001", "A002", "A003"]
    assert rest["next_cursor"] is None
    found = web.get(
        "/api/v1/persons", {"q": "sxf", "status": "active", "org_unit_id": company.sales.id}
    ).json()
    assert [row["name"] for row in found["items"]] == ["单小芳"]


def test_one_person_and_their_history(api, company):
    web = api("department_head", person=company.seller)
    assert web.get(f"/api/v1/persons/{company.seller.id}").json()["manager_id"] == str(company.boss.id)
    assert web.get(f"/api/v1/persons/{company.clerk.id}").status_code == 404
    spells = web.get(f"/api/v1/persons/{company.seller.id}/employments").json()
    assert [(spell["from_on"], [stay["unit"] for stay in spell["stays"]]) for spell in spells] == [
        ("2020-01-01", ["销售部"])
    ]


def test_hire_patch_transfer_leave(api, company):
    web = api()

    def post(path: str, body: dict, method: str = "post"):
        return getattr(web, method)(f"/api/v1/persons{path}", body, content_type="application/json")

    body = {
        "name": "王芳",
        "employee_number": "A002",
        "hired_on": "2024-05-01",
        "org_unit_id": str(company.east.id),
    }
    refused = post("", body)
    assert (refused.status_code, refused.json()["title"]) == (
        422,
        "工号 A002 已属于 单小芳，工号不能重复使用。",
    )
    made = post("", {**body, "employee_number": "N1"})
    assert made.status_code == 201
    where = f"/{made.json()['id']}"
    assert post(where, {"email": "w@x.cn", "name": None}, "patch").json()["email"] == "w@x.cn"
    moved = post(f"{where}/transfer", {"from_on": "2024-06-01", "org_unit_id": str(company.sales.id)})
    assert moved.json()["org_unit_id"] == str(company.sales.id)
    assert post(f"{where}/leave", {"last_on": "2024-12-31"}).json()["status"] == "left"
    assert api("finance").post("/api/v1/persons", body, content_type="application/json").status_code == 403


def test_the_org_tree_and_positions(api, company):
    web = api("employee", person=company.seller)
    tree = web.get("/api/v1/org-units", {"on": "2024-01-01"}).json()
    assert tree["headcount"] == 3
    root = tree["units"][0]
    assert (root["name"], root["headcount"], root["head_id"]) == (
        "总公司",
        3,
        None,
    )  # the boss is not theirs to see
    assert [child["name"] for child in root["children"]] == ["销售部", "财务部"]
    assert root["children"][0]["head_id"] == str(company.seller.id)
    assert [row["name"] for row in web.get("/api/v1/positions").json()["items"]] == ["销售代表"]


def test_another_tenants_ids_are_not_found(api, company):
    stranger = make_tenant("别家")
    foreign = make_person(make_org_unit(make_legal_entity(stranger)))
    web = api()
    for path in ("", "/employments"):
        assert web.get(f"/api/v1/persons/{foreign.id}{path}").status_code == 404
    answer = web.post(
        f"/api/v1/persons/{foreign.id}/leave", {"last_on": "2024-01-31"}, content_type="application/json"
    )
    assert answer.status_code == 404
    with tenant_context(stranger.id):
        foreign.refresh_from_db()
    assert foreign.left_on is None
    assert web.get(f"/api/v1/persons/{UUID(int=1)}").status_code == 404
