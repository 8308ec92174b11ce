"""Global search and the API reference, as members see them."""

from __future__ import annotations

import pytest
from tests.factories import make_legal_entity, make_member, make_org_unit, make_person, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    tenant = make_tenant()
    unit = make_org_unit(make_legal_entity(tenant))
    return tenant, make_person(unit, "欧阳明"), make_person(unit, "司马光")


def page_of(client, user, address: str, **headers: str) -> str:
    client.force_login(user)
    return client.get(address, headers=headers).content.decode()


def test_people_are_found_by_name_and_pinyin(client, company):
    tenant, found, other = company
    owner = make_member(tenant, "owner")
    for text in ("欧阳", "ouyang"):
        page = page_of(client, owner, f"/search/?q={text}")
        assert f"/people/{found.id}/" in page
        assert str(other.id) not in page


def test_an_employee_finds_themselves_only(client, company):
    tenant, mine, other = company
    employee = make_member(tenant, "employee", person=mine)
    assert f"/people/{mine.id}/" in page_of(client, employee, "/search/?q=欧阳")
    assert str(other.id) not in page_of(client, employee, "/search/?q=司马")


def test_somebody_without_roles_finds_nobody(client, company):
    tenant, found, _other = company
    assert str(found.id) not in page_of(client, make_member(tenant, role=None), "/search/?q=欧阳")


def test_htmx_gets_the_hits_only(client, company):
    page = page_of(client, make_member(company[0], "owner"), "/search/?q=欧阳", **{"HX-Request": "true"})
    assert "欧阳明" in page
    assert "<html" not in page


def test_the_reference_names_operations_with_their_permissions(client, company):
    page = page_of(client, make_member(company[0], "employee"), "/api-reference/")
    assert "/api/v1/persons/{person_id}/transfer" in page
    assert "people.person.write" in page
