"""Invitations: single use, for a few days, never beyond the inviter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone, translation
from tests.access.conftest import GOOD
from tests.access.people import make_person
from tests.factories import actor_for, make_legal_entity, make_member, make_user

from zhiheng.access import queries, services
from zhiheng.access.models import Invitation, Membership, User
from zhiheng.access.policies import Escalation
from zhiheng.access.secrets import Credential, new_credential
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.keys import uuid7


@pytest.fixture
def invited(company, owner):
    with tenant_context(company.id):
        return services.invite_member(actor=owner, email="New@a.example", role="employee")


def accept(credential: Credential, **fields) -> User:
    fields = {"user": None, "name": "新人", "password": GOOD, **fields}
    return services.accept_invitation(credential=credential, **fields)


def test_the_secret_is_kept_as_a_hash(company, invited):
    invitation, credential = invited
    assert len(credential.secret) == 64
    assert credential.secret not in str(invitation.__dict__)
    assert timedelta(days=6) < invitation.expires_at - timezone.now() <= timedelta(days=7)


def test_it_makes_one_member_once(company, invited):
    _invitation, credential = invited
    user = accept(credential)
    assert (user.email, user.name, user.check_password(GOOD)) == ("new@a.example", "新人", True)
    with tenant_context(company.id):
        member = Membership.objects.get(user=user)
        assert [each.role.code for each in member.assignments.all()] == ["employee"]
    with pytest.raises(ValidationError, match="无效、已被使用或已过期"):
        accept(credential, user=make_user())


def test_expired_revoked_resent_and_wrong_links_do_nothing(company, owner, other_company, invited):
    invitation, credential = invited
    wrong = Credential(credential.tenant_id, credential.id, "0" * 64)
    foreign = Credential(other_company.id, credential.id, credential.secret)
    for bad in (wrong, foreign, new_credential(company.id, uuid7())):
        assert services.offer_of(bad) is None
        with pytest.raises(ValidationError, match="无效、已被使用或已过期"):
            accept(bad)
    with tenant_context(company.id):
        _same, second = services.resend_invitation(actor=owner, invitation_id=invitation.id)
    with pytest.raises(ValidationError):
        accept(credential)
    with tenant_context(company.id):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValidationError):
        accept(second)
    with tenant_context(company.id):
        _same, third = services.resend_invitation(actor=owner, invitation_id=invitation.id)
        services.revoke_invitation(actor=owner, invitation_id=invitation.id)
        with pytest.raises(Http404):
            services.resend_invitation(actor=owner, invitation_id=invitation.id)
    with pytest.raises(ValidationError):
        accept(third)
    assert not User.objects.filter(email="new@a.example").exists()


def test_a_known_email_must_sign_in(company, invited):
    _invitation, credential = invited
    known = make_user(email="new@a.example")
    with pytest.raises(ValidationError, match="请先登录"):
        accept(credential)
    assert accept(credential, user=known, password=None) == known


def test_a_weak_password_leaves_the_invitation_open(company, invited):
    _invitation, credential = invited
    for password in (None, "", "short"):
        with pytest.raises(ValidationError):
            accept(credential, password=password)
    assert accept(credential).email == "new@a.example"


def test_hr_invites_to_no_role_above_them(company, inside):
    hr = actor_for(make_member(company, "hr"), company)
    with pytest.raises(Escalation):
        services.invite_member(actor=hr, email="o@a.example", role="owner")
    assert not Invitation.objects.exists()


def test_nobody_is_invited_twice(company, owner, invited, inside):
    make_person(make_legal_entity(company), number="E7")
    for fields in (
        {"email": "new@a.example"},
        {"email": "owner@hengxin.example"},
        {"email": "nonsense"},
        {"email": "b@a.example", "employee_number": "NONE"},
        {"email": "b@a.example", "role": "no-such-role"},
    ):
        with pytest.raises(ValidationError):
            services.invite_member(actor=owner, **{"role": "employee", **fields})
    invitation, _credential = services.invite_member(
        actor=owner, email="b@a.example", role="employee", employee_number=" e7 "
    )
    assert invitation.person.employee_number == "E7"
    accept(_credential)
    with pytest.raises(ValidationError, match="已关联另一个成员"):
        services.invite_member(actor=owner, email="c@a.example", role="employee", employee_number="E7")


def test_hr_of_a_subsidiary_invites_its_own_people(company):
    north, south = make_legal_entity(company, "北方"), make_legal_entity(company, "南方")
    make_person(north, number="N1"), make_person(south, number="S1")
    hr = actor_for(make_member(company, "hr", within_legal_entity=north), company)
    with tenant_context(company.id, hr.legal_entity_ids):
        with pytest.raises(ValidationError, match="没有找到这个工号"):
            services.invite_member(actor=hr, email="s@a.example", role="employee", employee_number="S1")
        with pytest.raises(ValidationError, match="请填写工号"):
            services.invite_member(actor=hr, email="s@a.example", role="employee")
        mine, _credential = services.invite_member(
            actor=hr, email="n@a.example", role="employee", employee_number="N1"
        )
        assert list(queries.invitations_for_actor(hr)) == [mine]


def test_the_mail_speaks_the_inviters_language(
    company, owner, mailoutbox, django_capture_on_commit_callbacks
):
    with (
        translation.override("en"),
        django_capture_on_commit_callbacks(execute=True),
        tenant_context(company.id),
    ):
        services.invite_member(actor=owner, email="en@a.example", role="employee")
    (mail,) = mailoutbox
    assert mail.subject == "王芳 invites you to join 恒信贸易"
    assert "The link works once" in mail.body
