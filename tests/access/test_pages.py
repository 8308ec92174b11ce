"""The settings pages, through the whole stack of middleware."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.access.conftest import GOOD
from tests.factories import PASSWORD, make_member, make_user

from zhiheng.access import services
from zhiheng.access.models import ApiToken, Invitation, Membership, Role, User
from zhiheng.access.sessions import TENANT_SESSION_KEY
from zhiheng.tenancy.choices import TenantStatus
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
MEMBERS = "/settings/members/"


@pytest.fixture
def as_owner(company, client):
    client.force_login(User.objects.get(email="owner@hengxin.example"))
    return client


def text(answer) -> str:
    return answer.content.decode()


def rows(company, model):
    with tenant_context(company.id):
        return list(model.objects.all())


# --- Request to actor -----------------------------------------------------------------------------------------


def test_a_stranger_is_sent_to_sign_in_and_back(client):
    asked = client.get(MEMBERS, {"q": "王"})
    assert asked.url == "/accounts/login/?next=/settings/members/%3Fq%3D%25E7%258E%258B"
    htmx = client.get(MEMBERS, headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (200, "/accounts/login/?next=/settings/members/")


def test_a_missing_permission_is_named(company, client):
    client.force_login(make_member(company, "employee"))
    answer = client.get(MEMBERS)
    assert answer.status_code == 403
    assert "查看成员" in text(answer)


def test_a_user_without_a_company_is_told_so(client):
    client.force_login(make_user())
    answer = client.get(MEMBERS)
    assert answer.status_code == 403
    assert "没有可进入的公司" in text(answer)


def test_a_deactivated_member_and_a_suspended_company_are_out(company, as_owner):
    assert as_owner.get(MEMBERS).status_code == 200
    company.status = TenantStatus.SUSPENDED
    company.save()
    assert "没有可进入的公司" in text(as_owner.get(MEMBERS))
    company.status = TenantStatus.ACTIVE
    company.save()
    with tenant_context(company.id):
        Membership.objects.update(is_active=False)
    assert as_owner.get(MEMBERS).status_code == 403


def test_the_session_cannot_choose_another_company(company, other_company, as_owner):
    make_member(other_company, "owner", user=make_user("外人"))
    session = as_owner.session
    session[TENANT_SESSION_KEY] = str(other_company.id)
    session.save()
    answer = as_owner.get(MEMBERS)
    assert "王芳" in text(answer)
    assert "外人" not in text(answer)
    assert as_owner.post("/settings/company/switch/", {"tenant": str(other_company.id)}).status_code == 404
    assert as_owner.post("/settings/company/switch/", {"tenant": "x"}).status_code == 404


def test_a_user_of_two_companies_switches_and_comes_back_to_the_last(company, other_company, client):
    user = User.objects.get(email="owner@hengxin.example")
    make_member(other_company, "owner", user=user)
    client.force_login(user)
    assert "恒信贸易" in text(client.get("/settings/company/"))
    assert client.post("/settings/company/switch/", {"tenant": str(other_company.id)}).status_code == 302
    assert 'value="别家公司"' in text(client.get("/settings/company/"))
    client.logout()
    client.force_login(user)
    assert 'value="别家公司"' in text(client.get("/settings/company/"))


def reads(captured) -> list[str]:
    """Return the queries that ask tables for something; opening transactions and scopes aside."""
    return [each["sql"] for each in captured if each["sql"].startswith("SELECT") and "FROM" in each["sql"]]


def test_the_cost_of_knowing_who_asks_is_bounded(as_owner):
    with CaptureQueriesContext(connection) as captured:
        as_owner.get("/theme/")
    assert len(reads(captured)) == 4  # session, user, memberships, roles


# --- Members --------------------------------------------------------------------------------------------------


def test_the_list_finds_and_filters(company, as_owner):
    make_member(company, "finance", user=make_user("赵出纳"))
    page = text(as_owner.get(MEMBERS))
    assert "赵出纳" in page
    assert "王芳" in page
    assert "赵出纳" not in text(as_owner.get(MEMBERS, {"q": "owner@heng"}))
    (finance,) = [role for role in rows(company, Role) if role.code == "finance"]
    filtered = text(as_owner.get(MEMBERS, {"role": str(finance.id)}, headers={"HX-Request": "true"}))
    assert "赵出纳" in filtered
    assert "owner@hengxin.example" not in filtered
    assert "这里还没有内容" not in filtered
    assert "没有符合条件的结果" in text(as_owner.get(MEMBERS, {"active": "false"}))


def test_a_list_of_members_costs_a_bounded_number_of_queries(company, as_owner):
    for _number in range(20):
        make_member(company, "employee")
    as_owner.get(MEMBERS)
    with CaptureQueriesContext(connection) as captured:
        as_owner.get(MEMBERS)
    assert len(reads(captured)) == 8  # who asks (4), roles of the filter, count, page, roles of the page


def test_roles_are_given_and_taken_on_the_members_page(company, as_owner, membership_of):
    member = membership_of(make_member(company, "employee"))
    page = f"{MEMBERS}{member.id}/"
    (hr,) = [role for role in rows(company, Role) if role.code == "hr"]
    assert as_owner.post(f"{page}roles/", {"role": str(hr.id)}).url == page
    again = as_owner.post(f"{page}roles/", {"role": str(hr.id)})
    assert again.status_code == 422
    assert "已有这个角色" in text(again)
    with tenant_context(company.id):
        assignment = member.assignments.get(role=hr)
    assert as_owner.post(f"{page}roles/{assignment.id}/remove/").url == page
    assert as_owner.post(f"{page}deactivate/").url == page
    assert "已停用" in text(as_owner.get(page))
    assert as_owner.post(f"{page}activate/").url == page
    assert as_owner.post(f"{page}person/", {"employee_number": "NONE"}).status_code == 422
    assert as_owner.post(f"{page}person/", {"employee_number": ""}).url == page


def test_the_page_says_why_the_last_owner_stays(company, owner, as_owner):
    page = f"{MEMBERS}{owner.membership_id}/"
    as_owner.post(f"{page}deactivate/")
    assert "公司至少要有一位所有者" in text(as_owner.get(page))
    assert rows(company, Membership)[0].is_active


# --- Roles, tokens, company, account -----------------------------------------------------------------------------


def test_a_role_is_copied_edited_and_deleted(company, as_owner):
    (hr,) = [role for role in rows(company, Role) if role.code == "hr"]
    assert "人事（副本）" in text(as_owner.get("/settings/roles/new/", {"from": str(hr.id)}))
    data = {"name": "招聘专员", "access.member.read": "tenant"}
    made = as_owner.post("/settings/roles/new/", data)
    (role,) = [each for each in rows(company, Role) if not each.is_builtin]
    assert made.url == f"/settings/roles/{role.id}/"
    assert "查看成员" in text(as_owner.get(made.url))
    assert as_owner.get(f"{made.url}edit/").status_code == 200
    assert as_owner.post(f"{made.url}edit/", {"name": "招聘", "access.role.read": "tenant"}).url == made.url
    assert (
        as_owner.post("/settings/roles/new/", {"name": "招聘", "access.role.read": "tenant"}).status_code
        == 422
    )
    assert as_owner.post(f"{made.url}delete/").url == "/settings/roles/"
    assert as_owner.post(f"/settings/roles/{hr.id}/delete/").url == f"/settings/roles/{hr.id}/"
    assert "招聘" not in text(as_owner.get("/settings/roles/"))


def test_a_token_is_shown_once(company, as_owner):
    shown = as_owner.post(
        "/settings/tokens/new/", {"name": "ERP 同步", "days": "30", "codes": ["access.member.read"]}
    )
    token = re.search(r"zh_[0-9a-f]{32}_[0-9a-f]{32}_[0-9a-f]{64}", text(shown))[0]
    assert "no-store" in shown["Cache-Control"]
    listed = text(as_owner.get("/settings/tokens/"))
    assert "ERP 同步" in listed
    assert token not in listed
    (row,) = rows(company, ApiToken)
    assert as_owner.post(f"/settings/tokens/{row.id}/revoke/").status_code == 302
    assert "ERP 同步" not in text(as_owner.get("/settings/tokens/"))
    assert as_owner.post("/settings/tokens/new/", {"name": "x", "days": "30"}).status_code == 422


def test_profile_and_account_are_kept(company, as_owner):
    saved = as_owner.post("/settings/company/", {"name": "恒信集团", "time_zone": "Asia/Urumqi"})
    assert saved.url == "/settings/company/"
    assert "恒信集团" in text(as_owner.get("/settings/company/"))
    assert as_owner.post("/settings/company/", {"name": "", "time_zone": "Asia/Urumqi"}).status_code == 422
    answer = as_owner.post("/settings/account/", {"name": "王芳芳", "language": "en", "theme": "dark"})
    assert (answer.cookies["django_language"].value, answer.cookies["hr_theme"].value) == ("en", "dark")
    user = User.objects.get(email="owner@hengxin.example")
    assert (user.name, user.language, user.theme) == ("王芳芳", "en", "dark")
    del as_owner.cookies["django_language"]
    assert 'lang="en"' in text(as_owner.get("/settings/account/"))
    assert (
        as_owner.post("/settings/account/", {"name": "", "language": "xx", "theme": "dark"}).status_code
        == 422
    )


# --- Invitations ------------------------------------------------------------------------------------------------


def invite(client, company, email="new@a.example", role="employee"):
    """Invite on the page; return the path of the link."""
    (held,) = [each for each in rows(company, Role) if each.code == role]
    answer = client.post("/settings/invitations/new/", {"email": email, "role": str(held.id)})
    return re.search(r"/settings/join/[0-9a-f_]+/", text(answer))[0]


def test_somebody_new_joins_by_the_link_and_is_signed_in(
    company, as_owner, client, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        link = invite(as_owner, company)
    (mail,) = mailoutbox
    assert mail.to == ["new@a.example"]
    assert mail.subject == "王芳 邀请您加入恒信贸易"
    assert link in mail.body
    client.logout()
    page = text(client.get(link))
    assert "加入恒信贸易" in page
    assert client.post(link, {"name": "新人", "password": "short"}).status_code == 422
    assert client.post(link, {"name": "新人", "password": GOOD}).url == "/"
    assert client.get("/settings/account/").status_code == 200
    assert client.get(link).status_code == 404
    assert User.objects.get(email="new@a.example").name == "新人"


def test_somebody_known_signs_in_first(company, as_owner, client):
    known = make_user(email="known@a.example")
    link = invite(as_owner, company, known.email)
    client.logout()
    assert client.get(link).url == f"/accounts/login/?next={link}"
    assert client.post(link, {"name": "x", "password": GOOD}).status_code == 302
    client.force_login(known)
    assert "known@a.example" in text(client.get(link))
    assert client.post(link).url == "/"
    assert client.get("/settings/account/").status_code == 200
    known.refresh_from_db()
    assert known.check_password(PASSWORD)


def test_links_end_by_resending_and_revoking(company, as_owner):
    first = invite(as_owner, company)
    (row,) = rows(company, Invitation)
    second = re.search(
        r"/settings/join/[0-9a-f_]+/", text(as_owner.post(f"/settings/invitations/{row.id}/resend/"))
    )[0]
    assert as_owner.get(first).status_code == 404
    assert as_owner.get(second).status_code == 200
    assert "new@a.example" in text(as_owner.get("/settings/invitations/"))
    assert as_owner.post(f"/settings/invitations/{row.id}/revoke/").status_code == 302
    assert as_owner.get(second).status_code == 404
    assert as_owner.get("/settings/join/nonsense/").status_code == 404


# --- The doors ---------------------------------------------------------------------------------------------------


def test_a_company_signs_up_and_in(client, mailoutbox):
    data = {"company_name": "新公司", "name": "老板", "email": "boss@new.example", "password1": GOOD}
    assert client.post("/accounts/signup/", data).url == reverse("dashboard")
    assert "新公司" in text(client.get("/settings/company/"))
    client.logout()
    assert (
        client.post("/accounts/login/", {"login": "boss@new.example", "password": "wrong"}).status_code == 200
    )
    assert client.post("/accounts/login/", {"login": "Boss@new.example", "password": GOOD}).url == "/"


def test_an_email_signs_up_once(company, client):
    data = {"company_name": "冒名", "name": "x", "email": "Owner@hengxin.example", "password1": GOOD}
    answer = client.post("/accounts/signup/", data)
    assert answer.status_code == 200
    assert "已被其他用户注册" in text(answer)
    assert User.objects.count() == 1


def test_sign_up_refuses_weak_passwords(client):
    data = {"company_name": "新公司", "name": "老板", "email": "boss@new.example", "password1": "12345678901"}
    assert client.post("/accounts/signup/", data).status_code == 200
    assert not User.objects.exists()


def test_guessing_passwords_is_slowed_down(company, client):
    answers = [
        text(client.post("/accounts/login/", {"login": "owner@hengxin.example", "password": f"wrong{n}"}))
        for n in range(11)
    ]
    right = client.post("/accounts/login/", {"login": "owner@hengxin.example", "password": GOOD})
    assert right.status_code != 302
    assert len(answers) == 11


def test_a_broken_mail_server_stops_no_sign_up(client, settings):
    settings.EMAIL_BACKEND = "tests.access.mail.BrokenBackend"
    data = {"company_name": "新公司", "name": "老板", "email": "boss@new.example", "password1": GOOD}
    assert client.post("/accounts/signup/", data).status_code == 302
    assert User.objects.filter(email="boss@new.example").exists()


def test_hr_is_told_why_an_invitation_is_refused(company, client):
    client.force_login(make_member(company, "hr"))
    (owner_role,) = [each for each in rows(company, Role) if each.code == "owner"]
    refused = client.post("/settings/invitations/new/", {"email": "o@a.example", "role": str(owner_role.id)})
    assert refused.status_code == 422
    again = {"email": "new@a.example"}
    invite(client, company)
    (employee,) = [each for each in rows(company, Role) if each.code == "employee"]
    refused = client.post("/settings/invitations/new/", {**again, "role": str(employee.id)})
    assert "已邀请过这个邮箱" in text(refused)


def test_hr_cannot_send_an_owners_invitation_again(company, as_owner):
    invite(as_owner, company, role="owner")
    (row,) = rows(company, Invitation)
    as_owner.force_login(make_member(company, "hr"))
    for verb in ("resend", "revoke"):
        assert as_owner.post(f"/settings/invitations/{row.id}/{verb}/").url == "/settings/invitations/"
    assert "不能授予或更改" in text(as_owner.get("/settings/invitations/"))
    assert rows(company, Invitation)[0].revoked_at is None


def test_a_link_does_nothing_for_a_member(company, as_owner):
    link = invite(as_owner, company)
    refused = as_owner.post(link)
    assert refused.status_code == 422
    assert "已经是本公司的成员" in text(refused)
    assert as_owner.get(link).status_code == 200


def test_the_editor_says_what_is_missing(company, owner, client):
    with tenant_context(company.id):
        kinds = {"access.role.read": "tenant", "access.role.write": "tenant"}
        role = services.create_role(actor=owner, name="编辑", kinds=kinds)
        strong = services.create_role(actor=owner, name="强", kinds={"access.company.write": "tenant"})
    client.force_login(make_member(company, role))
    assert client.get("/settings/roles/new/?from=nonsense").status_code == 200
    refused = client.post(f"/settings/roles/{strong.id}/edit/", {"name": "弱", "access.role.read": "tenant"})
    assert refused.status_code == 422
    assert "您没有「维护公司资料」权限" in text(refused)
