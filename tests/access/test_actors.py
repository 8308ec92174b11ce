"""From users and their roles to actors: exact scopes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from tests.access.people import make_person
from tests.factories import (
    actor_for,
    make_legal_entity,
    make_member,
    make_org_unit,
    make_role,
    make_tenant,
    make_user,
)

from zhiheng.access import public, queries
from zhiheng.access.actor import WHOLE_TENANT, DataScope
from zhiheng.access.models import Membership, Role, RoleAssignment, RolePermission
from zhiheng.access.permissions import permission
from zhiheng.people.models import Person
from zhiheng.tenancy.choices import TenantStatus
from zhiheng.tenancy.context import tenant_context, user_context

pytestmark = pytest.mark.django_db

A, B, UNIT = uuid4(), uuid4(), uuid4()
READ = permission(
    "testing.note.read", "读便笺", {"hr": "tenant", "department_head": "org_subtree", "employee": "self"}
)
EDIT = permission("testing.note.edit", "改便笺", {"hr": "legal_entity"})
SETTINGS = permission("testing.setting.edit", "改设置", {"hr": "tenant"}, is_scoped=False)


@pytest.fixture
def tenant():
    return make_tenant("甲公司")


def scopes(actor):
    """Return the scopes of the test's own permissions."""
    return {code: scope for code, scope in actor.grants.items() if code.startswith("testing.")}


def test_owner_holds_everything_in_the_whole_tenant(tenant):
    actor = actor_for(make_member(tenant, "owner"), tenant)
    assert scopes(actor) == {each.code: WHOLE_TENANT for each in (READ, EDIT, SETTINGS)}
    assert actor.legal_entity_ids is None
    assert (actor.tenant_name, actor.name, actor.person_id) == ("甲公司", "张三", None)


def test_role_within_a_subsidiary_is_that_subsidiary(tenant):
    north = make_legal_entity(tenant)
    make_legal_entity(tenant)
    actor = actor_for(make_member(tenant, "hr", within_legal_entity=north), tenant)
    only_north = DataScope(legal_entity_ids=frozenset({north.id}))
    assert scopes(actor) == {READ.code: only_north, EDIT.code: only_north, SETTINGS.code: WHOLE_TENANT}
    assert actor.legal_entity_ids == {north.id}


def test_role_within_a_unit_covers_the_units_below_it(tenant):
    company = make_legal_entity(tenant)
    root = make_org_unit(company, "公司")
    sales = make_org_unit(company, "销售部", root)
    team = make_org_unit(company, "一组", sales)
    make_org_unit(company, "财务部", root)
    actor = actor_for(make_member(tenant, "department_head", within_org_unit=sales), tenant)
    assert scopes(actor) == {READ.code: DataScope(org_unit_ids=frozenset({sales.id, team.id}))}
    assert actor.legal_entity_ids == {company.id}


def test_role_without_confines_takes_those_of_the_person(tenant):
    company = make_legal_entity(tenant)
    sales = make_org_unit(company)
    person = make_person(company, sales)
    user = make_member(tenant, "department_head", person=person)
    assert scopes(actor_for(user, tenant)) == {READ.code: DataScope(org_unit_ids=frozenset({sales.id}))}
    with tenant_context(tenant.id):
        RoleAssignment.objects.create(membership=Membership.objects.get(), role=make_role(tenant, "employee"))
    both = DataScope(org_unit_ids=frozenset({sales.id}), person_id=person.id)
    assert scopes(actor_for(user, tenant)) == {READ.code: both}


def test_own_subsidiary_is_that_of_the_person(tenant):
    company = make_legal_entity(tenant)
    own = actor_for(make_member(tenant, "hr", person=make_person(company)), tenant)
    assert own.grants[EDIT.code] == DataScope(legal_entity_ids=frozenset({company.id}))
    nobody = actor_for(make_member(tenant, "hr"), tenant)
    assert nobody.grants[EDIT.code] == DataScope()


def test_employee_sees_the_own_subsidiary_at_most(tenant):
    company, other = make_legal_entity(tenant), make_legal_entity(tenant)
    person = make_person(company)
    make_person(other)
    actor = actor_for(make_member(tenant, "employee", person=person), tenant)
    assert scopes(actor) == {READ.code: DataScope(person_id=person.id)}
    assert actor.legal_entity_ids == {company.id}
    with tenant_context(tenant.id, actor.legal_entity_ids):
        assert list(Person.objects.filter(actor.scope(READ).q(person="id"))) == [person]
        assert Person.objects.count() == 1


def test_custom_role_grants_its_own_permissions_and_no_forgotten_ones(tenant):
    with tenant_context(tenant.id):
        role = Role.objects.create(code="custom", name="自定义")
        RolePermission.objects.create(role=role, code=READ.code, scope_kind="tenant")
        RolePermission.objects.create(role=role, code="gone.permission", scope_kind="tenant")
    assert actor_for(make_member(tenant, role), tenant).grants == {READ.code: WHOLE_TENANT}


def test_no_actor_without_a_usable_membership(tenant):
    user, other = make_member(tenant, "owner"), make_tenant("乙公司")
    assert queries.actor_for(user, other.id) is None
    assert queries.actor_for(make_user(), tenant.id) is None
    with tenant_context(tenant.id):
        Membership.objects.update(is_active=False)
    assert queries.actor_for(user, tenant.id) is None
    with tenant_context(tenant.id):
        Membership.objects.update(is_active=True)
    tenant.status = TenantStatus.SUSPENDED
    tenant.save()
    assert queries.actor_for(user, tenant.id) is None
    tenant.status = TenantStatus.TRIAL
    tenant.save()
    assert queries.actor_for(user, tenant.id) is not None
    user.is_active = False
    user.save()
    assert queries.actor_for(user, tenant.id) is None


def test_a_user_sees_own_memberships_only(tenant):
    other = make_tenant("乙公司")
    user = make_member(tenant, "owner")
    make_member(other, "hr", user=user)
    make_member(other, "owner")
    with user_context(user.id):
        assert {row.tenant_id for row in Membership.unguarded.all()} == {tenant.id, other.id}
        assert Membership.unguarded.update(is_active=False) == 0
    assert [place.tenant_name for place in queries.places_of_user(user)] == ["甲公司", "乙公司"]
    assert Membership.unguarded.count() == 0


def test_queries_are_bounded(tenant):
    company = make_legal_entity(tenant)
    sales = make_org_unit(company)
    for number in range(3):
        make_org_unit(company, str(number), sales)
    user = make_member(tenant, "department_head", within_org_unit=sales)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        actor_for(user, tenant)
    reads = [each["sql"] for each in captured if each["sql"].startswith("SELECT") and "FROM" in each["sql"]]
    assert len(reads) == 3


def test_other_domains_find_an_actor_by_ids(tenant):
    user = make_member(tenant, "hr")
    assert public.actor_of_user(user.id, tenant.id) == actor_for(user, tenant)
    assert public.actor_of_user(make_user().id, tenant.id) is None
    assert public.actor_of_user(tenant.id, tenant.id) is None


@pytest.mark.parametrize(
    ("held", "other", "is_covered"),
    [
        (WHOLE_TENANT, WHOLE_TENANT, True),
        (DataScope(), WHOLE_TENANT, False),
        (DataScope(legal_entity_ids=frozenset({A})), DataScope(legal_entity_ids=frozenset({A})), True),
        (DataScope(legal_entity_ids=frozenset({A})), DataScope(legal_entity_ids=frozenset({A, B})), False),
        (DataScope(legal_entity_ids=frozenset({A})), DataScope(org_unit_ids=frozenset({UNIT})), True),
        (DataScope(legal_entity_ids=frozenset({B})), DataScope(org_unit_ids=frozenset({UNIT})), False),
        (DataScope(org_unit_ids=frozenset({UNIT})), DataScope(org_unit_ids=frozenset({UNIT})), True),
        (DataScope(org_unit_ids=frozenset({UNIT})), DataScope(legal_entity_ids=frozenset({A})), False),
        (DataScope(), DataScope(person_id=A), True),
    ],
)
def test_what_covers_what(held, other, is_covered):
    assert held.covers(other, {UNIT: A}) is is_covered


def test_the_whole_tenant_stays_whole_beside_other_filters(tenant):
    for number in range(2):
        make_person(make_legal_entity(tenant), number=f"P{number}")
    none, everything = Q(pk__in=[]), WHOLE_TENANT.q(person="id")
    with tenant_context(tenant.id):
        assert Person.objects.filter(everything).count() == 2
        assert Person.objects.filter(everything | none).count() == 2
        assert Person.objects.filter(everything & Q(employee_number="P1")).count() == 1
        assert Person.objects.filter(DataScope().q(person="id")).count() == 0
        assert "IN" not in str(Person.objects.filter(everything).query)
