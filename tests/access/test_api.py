"""The API of access: by token and by session."""

from __future__ import annotations

import pytest
from tests.factories import actor_for, make_member

from zhiheng.access import services
from zhiheng.access.models import Membership, Role, User
from zhiheng.tenancy.context import tenant_context

API = "/api/v1"


@pytest.fixture
def token(company, owner):
    """Make an API client for an actor."""

    def make(actor=owner, codes=None):
        with tenant_context(company.id):
            chosen = sorted(actor.grants) if codes is None else codes
            _row, text = services.create_token(actor=actor, name="t", codes=chosen, expires_at=None)
        return {"Authorization": f"Bearer {text}"}

    return make


def test_me(client, company, owner, token):
    headers = token(codes=["access.member.read"])
    assert client.get(f"{API}/me", headers=headers).json() == {
        "name": "王芳",
        "email": "owner@hengxin.example",
        "tenant_id": str(company.id),
        "tenant_name": "恒信贸易",
        "membership_id": str(owner.membership_id),
        "person_id": None,
        "permissions": ["access.member.read"],
    }


def test_a_token_is_held_to_its_codes(client, token):
    headers = token(codes=["access.member.read"])
    listed = client.get(f"{API}/members", headers=headers).json()["items"]
    assert [each["email"] for each in listed] == ["owner@hengxin.example"]
    assert [each["role"] for each in listed[0]["roles"]] == ["owner"]
    refused = client.get(f"{API}/roles", headers=headers)
    assert (refused.status_code, refused.json()["permission"]) == (403, "access.role.read")


@pytest.mark.parametrize("header", ["Bearer zh_x", "Bearer ", "Basic abc", "zh_1"])
def test_a_bad_token_is_nobody_even_beside_a_session(client, company, header):
    client.force_login(User.objects.get(email="owner@hengxin.example"))
    assert client.get(f"{API}/me").status_code == 200
    assert client.get(f"{API}/me", headers={"Authorization": header}).status_code == 401


def test_a_token_opens_no_pages(client, token):
    assert client.get("/settings/members/", headers=token()).status_code == 302


def test_roles_are_made_changed_and_deleted(client, token):
    headers, kind = token(), "application/json"
    body = {"name": "只读", "permissions": {"access.member.read": "org_subtree"}}
    made = client.post(f"{API}/roles", body, content_type=kind, headers=headers)
    assert made.status_code == 201
    assert made.json()["permissions"] == {"access.member.read": "org_subtree"}
    path = f"{API}/roles/{made.json()['id']}"
    body["permissions"]["access.member.read"] = "tenant"
    assert (
        client.put(path, body, content_type=kind, headers=headers).json()["permissions"]
        == body["permissions"]
    )
    assert client.get(path, headers=headers).json()["name"] == "只读"
    assert client.delete(path, headers=headers).status_code == 204
    assert client.get(path, headers=headers).status_code == 404


def test_a_refused_request_writes_nothing(client, company, owner, token):
    member = make_member(company, "employee")
    with tenant_context(company.id):
        membership_id = Membership.objects.get(user=member).id
    hr = actor_for(make_member(company, "hr"), company)
    path = f"{API}/members/{membership_id}"
    refused = client.post(
        f"{path}/roles", {"role": "owner"}, content_type="application/json", headers=token(hr)
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "escalation")
    given = client.post(f"{path}/roles", {"role": "hr"}, content_type="application/json", headers=token(hr))
    assert [each["role"] for each in given.json()["roles"]] == ["employee", "hr"]
    taken = given.json()["roles"][1]["id"]
    assert client.delete(f"{path}/roles/{taken}", headers=token(hr)).status_code == 204
    assert client.post(f"{path}/deactivate", headers=token()).json()["is_active"] is False
    assert client.post(f"{path}/activate", headers=token()).json()["is_active"] is True


def test_invitations_and_tokens(client, company, token):
    headers, kind = token(), "application/json"
    body = {"email": "new@a.example", "role": "employee"}
    made = client.post(f"{API}/invitations", body, content_type=kind, headers=headers)
    assert made.status_code == 201
    assert "/settings/join/" in made.json()["link"]
    assert client.delete(f"{API}/invitations/{made.json()['id']}", headers=headers).status_code == 204
    body = {"name": "x", "codes": ["access.member.read"]}
    assert (
        client.post(f"{API}/tokens", body, content_type=kind, headers=headers).json()["code"] == "no-member"
    )
    client.force_login(User.objects.get(email="owner@hengxin.example"))
    new = client.post(f"{API}/tokens", body, content_type=kind)
    assert new.json()["token"].startswith(f"zh_{company.id.hex}_")
    listed = client.get(f"{API}/tokens").json()["items"]
    assert {each["name"] for each in listed} == {"t", "x"}
    assert "secret" not in str(listed)
    assert client.delete(f"{API}/tokens/{new.json()['id']}").status_code == 204


def test_another_companys_member_is_not_found(client, other_company, token):
    make_member(other_company, "owner")
    with tenant_context(other_company.id):
        theirs = Membership.objects.get()
        their_role = Role.objects.get()
    headers = token()
    assert client.get(f"{API}/members/{theirs.id}", headers=headers).status_code == 404
    assert client.post(f"{API}/members/{theirs.id}/deactivate", headers=headers).status_code == 404
    assert client.get(f"{API}/roles/{their_role.id}", headers=headers).status_code == 404
