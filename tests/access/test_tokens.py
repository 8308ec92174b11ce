"""API tokens: never more than their member, never longer than asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from tests.factories import actor_for, make_member

from zhiheng.access import queries, services
from zhiheng.access.actor import WHOLE_TENANT
from zhiheng.access.models import ApiToken, Membership, User
from zhiheng.access.secrets import parse_credential, parse_token
from zhiheng.tenancy.context import tenant_context

CODES = ["access.member.read"]


@pytest.fixture
def token(company, owner):
    with tenant_context(company.id):
        return services.create_token(actor=owner, name="ERP", codes=CODES, expires_at=None)


def test_a_token_acts_as_its_member_within_its_codes(company, owner, token):
    row, text = token
    actor = queries.actor_of_token(parse_token(text))
    assert actor.grants == {"access.member.read": WHOLE_TENANT}
    assert (actor.membership_id, actor.tenant_id, actor.token_id) == (owner.membership_id, company.id, row.id)
    assert text == f"zh_{company.id.hex}_{row.id.hex}_{text[-64:]}"
    assert text[-64:] not in (row.secret_hash, str(row.__dict__))


def test_a_token_loses_what_its_member_loses(company, owner):
    user = make_member(company, "hr")
    with tenant_context(company.id):
        _row, text = services.create_token(
            actor=actor_for(user, company),
            name="x",
            codes=["access.member.read", "access.role.read"],
            expires_at=None,
        )
        member = Membership.objects.get(user=user)
        member.assignments.all().delete()
    assert queries.actor_of_token(parse_token(text)).grants == {}
    with tenant_context(company.id):
        services.deactivate_member(actor=owner, membership_id=member.id)
    assert queries.actor_of_token(parse_token(text)) is None


def test_ended_tokens_are_nobody(company, owner, token):
    row, text = token
    credential = parse_token(text)
    with tenant_context(company.id):
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert queries.actor_of_token(credential) is None
    with tenant_context(company.id):
        ApiToken.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert queries.actor_of_token(credential) is not None
    with tenant_context(company.id):
        services.revoke_token(actor=owner, token_id=row.id)
    assert queries.actor_of_token(credential) is None


def test_wrong_secrets_tenants_and_users_are_nobody(company, other_company, token):
    _row, text = token
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    assert queries.actor_of_token(parse_token(wrong)) is None
    assert queries.actor_of_token(parse_token(text.replace(company.id.hex, other_company.id.hex))) is None
    User.objects.update(is_active=False)
    assert queries.actor_of_token(parse_token(text)) is None


@pytest.mark.parametrize("text", ["", "zh_", "zh_1_2_3", "abc", "zh_" + "0" * 130, "zh_٠" + "0" * 127])
def test_nonsense_is_no_token(text):
    assert parse_token(text) is None
    assert parse_credential(text) is None


def test_its_use_is_noted_once_a_minute(company, token):
    _row, text = token
    queries.actor_of_token(parse_token(text))
    with tenant_context(company.id):
        first = ApiToken.objects.get().last_used_at
    assert first is not None
    queries.actor_of_token(parse_token(text))
    with tenant_context(company.id):
        assert ApiToken.objects.get().last_used_at == first
        ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    queries.actor_of_token(parse_token(text))
    with tenant_context(company.id):
        assert ApiToken.objects.get().last_used_at > first


def test_nobody_makes_a_token_stronger_than_themselves(company, token, inside):
    hr = actor_for(make_member(company, "hr"), company)
    for codes in (
        ["access.company.write"],
        ["access.member.read", "access.role.write"],
        [],
        ["no.such.code"],
    ):
        with pytest.raises(ValidationError):
            services.create_token(actor=hr, name="x", codes=codes, expires_at=None)
    with pytest.raises(ValidationError):
        services.create_token(actor=hr, name=" ", codes=CODES, expires_at=None)
    with pytest.raises(ValidationError):
        services.create_token(actor=hr, name="x", codes=CODES, expires_at=timezone.now())


def test_a_token_makes_no_tokens(company, owner, inside):
    codes = ["access.token.write", *CODES]
    _row, text = services.create_token(actor=owner, name="x", codes=codes, expires_at=None)
    actor = queries.actor_of_token(parse_token(text))
    with pytest.raises(ValidationError, match="令牌不能创建令牌"):
        services.create_token(actor=actor, name="y", codes=CODES, expires_at=None)


def test_members_see_their_own_tokens_and_owners_all(company, owner, token, inside):
    row, _text = token
    hr = actor_for(make_member(company, "hr"), company)
    mine, _text = services.create_token(actor=hr, name="HR", codes=CODES, expires_at=None)
    assert list(queries.tokens_for_actor(hr)) == [mine]
    assert set(queries.tokens_for_actor(owner)) == {row, mine}
    with pytest.raises(Http404):
        services.revoke_token(actor=hr, token_id=row.id)
    services.revoke_token(actor=owner, token_id=mine.id)
    assert list(queries.tokens_for_actor(hr)) == []
