"""Founding companies."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from tests.access.conftest import GOOD
from tests.factories import actor_for, make_member

from zhiheng.access import services
from zhiheng.access.choices import BuiltinRole
from zhiheng.access.errors import Forbidden
from zhiheng.access.models import Membership, Role, User
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant


def test_sign_up_makes_all_a_company_needs(company, owner, inside):
    assert [(each.code, each.name) for each in LegalEntity.objects.all()] == [("HQ", "恒信贸易")]
    (unit,) = OrgUnit.objects.all()
    assert (unit.code, unit.name, unit.path, unit.parent_id) == ("HQ", "恒信贸易", [unit.id], None)
    assert {role.code for role in Role.objects.all()} == set(BuiltinRole)
    assert all(role.is_builtin for role in Role.objects.all())
    assert [str(each) for each in Membership.objects.all()] == ["王芳"]
    assert owner.legal_entity_ids is None
    assert User.objects.get().check_password(GOOD)


def test_companies_of_one_name_have_slugs_of_their_own(company):
    second = services.sign_up_company(
        company_name="恒信贸易", name="李雷", email="second@hengxin.example", password=GOOD
    )
    assert second.slug != company.slug


@pytest.mark.parametrize(
    ("email", "password"),
    [("owner@hengxin.example", GOOD), ("OWNER@Hengxin.example", GOOD), ("new@a.example", "short"),
     ("new@a.example", "1234567890123"), ("new@a.example", "password123"), ("nonsense", GOOD)],
)  # fmt: skip
def test_a_refused_sign_up_leaves_nothing(company, email, password):
    with pytest.raises(ValidationError):
        services.sign_up_company(company_name="乙公司", name="乙", email=email, password=password)
    assert Tenant.objects.count() == 1
    assert User.objects.count() == 1


def test_a_company_needs_a_name(db):
    with pytest.raises(ValidationError):
        services.sign_up_company(company_name="  ", name="乙", email="b@b.example", password=GOOD)
    assert (Tenant.objects.count(), User.objects.count()) == (0, 0)


def test_the_owner_changes_the_profile(company, owner, inside):
    services.update_company(actor=owner, name=" 恒信集团 ", time_zone="Asia/Urumqi")
    company.refresh_from_db()
    assert (company.name, company.time_zone) == ("恒信集团", "Asia/Urumqi")
    with pytest.raises(ValidationError):
        services.update_company(actor=owner, name="x", time_zone="Mars/Base")
    with pytest.raises(ValidationError):
        services.update_company(actor=owner, name=" ", time_zone="Asia/Urumqi")


def test_others_do_not(company):
    hr = actor_for(make_member(company, "hr"), company)
    with tenant_context(company.id), pytest.raises(Forbidden):
        services.update_company(actor=hr, name="x", time_zone="Asia/Shanghai")
