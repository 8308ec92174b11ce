"""Pages of people: what is shown, to whom, and what forms do."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import make_member, make_person

from zhiheng.people import services
from zhiheng.people.models import Assignment, Person, Position
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit

D = date
CARD = "11010519491231002X"


@pytest.fixture
def browse(company, client):
    """Sign a member in with a role and return their client."""

    def sign_in(role: str = "hr", **confines: object):
        client.force_login(make_member(company.tenant, role, **confines))
        return client

    return sign_in


@pytest.fixture
def scripted(company):
    """Somebody whose name is a script."""
    return make_person(company.east, "<script>alert(1)</script>", employee_number="XSS1")


def page(name: str, *args: object) -> str:
    return reverse(f"people:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def queries_of(web, url: str, query: dict | None = None) -> int:
    """Return how many statements a page needs, without those that open and close transactions."""
    web.get(url, query)
    with CaptureQueriesContext(connection) as captured:
        web.get(url, query)
    frames = ("SAVEPOINT", "RELEASE", "SET LOCAL", "BEGIN", "COMMIT")
    return sum(not each["sql"].startswith(frames) for each in captured.captured_queries)


def test_the_list_shows_and_searches(browse, company, scripted):
    web = browse()
    shown = text_of(web.get(page("person_list")))
    assert "单小芳" in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    found = text_of(web.get(page("person_list"), {"q": "sxf"}))
    assert "单小芳" in found
    assert '<span class="name">曾国强' not in found
    assert 'class="name"' not in text_of(web.get(page("person_list"), {"q": "没有这个人"}))


def test_the_list_narrows_by_unit_state_position_entity_and_day(browse, company):
    web = browse()

    def names(**query: object) -> set[str]:
        shown = text_of(web.get(page("person_list"), query))
        return {name for name in ("单小芳", "曾国强", "Ken Sánchez") if f'<span class="name">{name}' in shown}

    assert names(unit=company.sales.id) == {"单小芳"}
    assert names(state="left") == set()
    assert names(entity=company.entity.id) == {"单小芳", "曾国强", "Ken Sánchez"}
    assert names(position=company.position.id) == set()
    assert names(on="2019-12-31") == {"曾国强"}
    assert names(on="nonsense") == {"单小芳", "曾国强", "Ken Sánchez"}


@pytest.mark.parametrize("query", [{}, {"on": "2024-01-01"}])
def test_the_list_needs_few_queries(browse, company, query):
    for number in range(30):
        make_person(company.east, f"员工{number}")
    web = browse()
    assert queries_of(web, page("person_list"), query) <= 10


def test_a_department_head_sees_the_subtree_and_no_buttons(browse, company):
    shown = text_of(browse("department_head", person=company.seller).get(page("person_list")))
    assert "单小芳" in shown
    assert "曾国强</span>" not in shown
    assert page("person_hire") not in shown


def test_exports_hold_the_scope_and_leave_a_trace(browse, company):
    answer = browse("department_head", person=company.seller).get(page("person_list"), {"export": "csv"})
    rows = b"".join(answer.streaming_content).decode()
    assert "单小芳" in rows
    assert "Ken" not in rows
    assert (
        "text/html"
        in browse("employee", person=company.clerk).get(page("person_list"), {"export": "csv"})[
            "Content-Type"
        ]
    )


@pytest.mark.parametrize("tab", ["", "profile", "history", "identifiers", "activity", "nonsense"])
def test_the_profile(browse, company, tab):
    answer = browse("owner").get(page("person_detail", company.seller.id), {"tab": tab})
    assert answer.status_code == 200
    assert "单小芳" in text_of(answer)


def test_a_profile_out_of_scope_is_not_found(browse, company):
    web = browse("employee", person=company.clerk)
    assert web.get(page("person_detail", company.clerk.id)).status_code == 200
    assert web.get(page("person_detail", company.boss.id)).status_code == 404


HIRE = {
    "name": "王芳",
    "employee_number": "N1",
    "hired_on": "2024-05-01",
    "kind": "full_time",
    "gender": "female",
}


def test_hiring(browse, company):
    web = browse()
    assert web.get(page("person_hire")).status_code == 200
    wrong = web.post(page("person_hire"), {**HIRE, "employee_number": "A002", "org_unit": company.east.id})
    assert wrong.status_code == 422
    assert "工号 A002 已属于 单小芳" in text_of(wrong)
    unknown = web.post(page("person_hire"), {**HIRE, "org_unit": company.east.id, "manager": "没有这个人"})
    assert "没有找到，或有重名" in text_of(unknown)
    done = web.post(
        page("person_hire"), {**HIRE, "org_unit": company.east.id, "manager": "A002", "phone": "13800001234"}
    )
    with tenant_context(company.tenant.id):
        person = Person.objects.get(employee_number="N1")
    assert done.headers["Location"] == page("person_detail", person.id)
    assert person.manager_id == company.seller.id


def test_transfer_leave_and_return(browse, company):
    web = browse()
    seller = company.seller.id
    assert "A001" in text_of(web.get(page("person_transfer", seller)))
    moved = web.post(page("person_transfer", seller), {"from_on": "2022-06-01", "org_unit": company.east.id})
    assert moved.status_code == 302
    assert "data-confirm-title-value" in text_of(web.get(page("person_leave", seller)))
    refused = web.post(page("person_leave", company.boss.id), {"last_on": "2024-06-30"})
    assert (refused.status_code, "仍向 曾国强 汇报" in text_of(refused)) == (422, True)
    assert (
        web.post(page("person_leave", seller), {"last_on": "2024-06-30", "reason": "个人原因"}).status_code
        == 302
    )
    assert page("person_rehire", seller) in text_of(web.get(page("person_detail", seller)))
    back = {
        "employee_number": "A002",
        "hired_on": "2024-09-01",
        "kind": "full_time",
        "org_unit": company.sales.id,
    }
    assert web.post(page("person_rehire", seller), back).status_code == 302
    shown = text_of(web.get(page("person_detail", seller), {"tab": "history"}))
    for part in ("2020-01-01 至 2024-06-30", "个人原因", "2022-06-01 至 2024-06-30", "2024-09-01 至今"):
        assert part in shown


def test_editing_and_correcting(browse, company):
    web, seller = browse(), company.seller.id
    assert web.post(page("person_edit", seller), {"name": "单方", "gender": "female"}).status_code == 302
    with tenant_context(company.tenant.id):
        stay = Assignment.objects.get(person_id=seller)
    where = page("assignment_correct", seller, stay.id)
    assert "2020-01-01" in text_of(web.get(where))
    data = {"from_on": "2020-02-01", "org_unit": company.sales.id, "reason": "录错日期"}
    assert web.post(where, data).status_code == 302
    with tenant_context(company.tenant.id):
        stay.refresh_from_db()
    assert stay.valid.lower == D(2020, 2, 1)
    assert web.get(page("assignment_correct", company.boss.id, stay.id)).status_code == 404


def test_identifiers(browse, company):
    web, seller = browse(), company.seller.id
    assert web.post(page("identifier_set", seller), {"kind": "id_card", "text": CARD}).status_code == 302
    assert web.post(page("identifier_set", seller), {"kind": "id_card", "text": "123"}).status_code == 422
    tab = text_of(web.get(page("person_detail", seller), {"tab": "identifiers"}))
    assert "1101**********002X" in tab
    assert CARD not in tab
    where = page("identifier_reveal", seller, "id_card")
    asked = web.get(where, headers={"HX-Request": "true"})
    assert (CARD in text_of(asked), "<html" in text_of(asked)) == (False, False)
    assert web.post(where, {"reason": "x"}).status_code == 422
    shown = web.post(where, {"reason": "办理社保"})
    assert CARD in text_of(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    assert web.get(page("identifier_reveal", seller, "secret")).status_code == 404
    assert web.get(page("identifier_reveal", seller, "passport")).status_code == 200


@pytest.mark.parametrize("role", ["finance", "employee", "department_head", "auditor"])
def test_others_get_no_forms(browse, company, role):
    web = browse(role, person=company.seller)
    for name in ("person_edit", "person_transfer", "person_leave", "person_rehire", "identifier_set"):
        assert web.get(page(name, company.seller.id)).status_code == 403
    assert web.get(page("identifier_reveal", company.seller.id, "id_card")).status_code == 403
    assert web.get(page("org_unit_new")).status_code == 403


def test_the_org_chart(browse, company):
    web = browse("employee", person=company.seller)
    shown = text_of(web.get(page("org_chart")))
    assert "华东组" in shown
    assert page("person_detail", company.seller.id) in shown
    assert page("person_detail", company.boss.id) not in shown
    assert "曾国强" in shown
    assert queries_of(web, page("org_chart")) <= 10
    assert "这一天还没有组织" in text_of(web.get(page("org_chart"), {"on": "1999-01-01"}))
    assert web.get(page("org_chart"), {"on": "bad"}).status_code == 200


def test_managing_org_units(browse, company):
    web = browse()
    data = {"code": "W", "name": "华西组", "parent": company.sales.id, "legal_entity": company.entity.id,
            "kind": "team", "from_on": "2024-01-01"}  # fmt: skip
    assert web.post(page("org_unit_new"), data).status_code == 302
    assert "已被“华西组”使用" in text_of(web.post(page("org_unit_new"), data))
    with tenant_context(company.tenant.id):
        unit = OrgUnit.objects.get(code="W")
    assert "华西组" in text_of(web.get(page("org_unit_rename", unit.id)))
    done = web.post(page("org_unit_rename", unit.id), {"name": "西部组", "kind": "team", "position": "1"})
    assert done.status_code == 302
    assert web.post(page("org_unit_move", unit.id), {"parent": company.finance.id}).status_code == 302
    refused = web.post(page("org_unit_close", company.sales.id), {"last_on": "2024-06-30"})
    assert "仍有 1 人" in text_of(refused)
    assert web.post(page("org_unit_close", unit.id), {"last_on": "2024-06-30"}).status_code == 302
    with tenant_context(company.tenant.id):
        unit.refresh_from_db()
    assert (unit.name, unit.parent_id, unit.valid.upper) == ("西部组", company.finance.id, D(2024, 7, 1))


def test_positions_and_legal_entities(browse, company):
    web = browse()
    assert "销售代表" in text_of(web.get(page("position_list")))
    assert web.get(page("position_list"), {"active": "0"}).status_code == 200
    assert (
        web.post(page("position_new"), {"code": "CFO", "name": "财务总监", "is_active": "on"}).status_code
        == 302
    )
    with tenant_context(company.tenant.id):
        position = Position.objects.get(code="CFO")
    assert "财务总监" in text_of(web.get(page("position_edit", position.id)))
    assert (
        web.post(page("position_edit", position.id), {"code": "CFO", "name": "首席财务官"}).status_code == 302
    )
    assert "华东分公司" in text_of(web.get(page("legal_entity_list")))
    data = {"code": "HK", "name": "香港公司", "country": "HK", "currency": "HKD", "is_active": "on"}
    assert web.post(page("legal_entity_new"), data).status_code == 302
    where = page("legal_entity_edit", company.entity.id)
    assert "总公司" in text_of(web.get(where))
    assert web.post(where, {**data, "name": "总部"}).status_code == 422
    assert page("position_new") not in text_of(browse("finance").get(page("position_list")))


def test_what_was_done_is_on_the_profile(browse, company):
    with tenant_context(company.tenant.id):
        services.transfer_person(
            actor=company.system,
            person_id=company.seller.id,
            from_on=D(2022, 6, 1),
            org_unit_id=company.east.id,
        )
    shown = text_of(browse("owner").get(page("person_detail", company.seller.id), {"tab": "activity"}))
    assert "办理调动" in shown
