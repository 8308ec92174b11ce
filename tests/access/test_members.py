"""Members: nobody gives, or touches, more than they hold; an owner always stays."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.access.conftest import GOOD
from tests.access.people import make_person
from tests.factories import (
    actor_for,
    make_legal_entity,
    make_member,
    make_org_unit,
    make_role,
    make_user,
    system_actor,
)

from zhiheng.access import queries, services
from zhiheng.access.errors import Forbidden
from zhiheng.access.models import Membership, RoleAssignment, User
from zhiheng.access.policies import Escalation
from zhiheng.audit.models import AuditEntry
from zhiheng.tenancy.context import tenant_context


@pytest.fixture
def hr(company):
    return actor_for(make_member(company, "hr"), company)


def only_role(member: Membership) -> RoleAssignment:
    return RoleAssignment.objects.get(membership=member)


def test_the_system_makes_members_with_and_without_a_known_user(company, inside):
    known = make_user(email="known@a.example")
    system = system_actor(company)
    first = services.create_member(
        actor=system, email="New@A.example", name="新人", role="employee", password=GOOD
    )
    second = services.create_member(
        actor=system, email="known@a.example", name="x", role="finance", password=GOOD
    )
    assert (first.user.email, first.user.name, first.user.check_password(GOOD)) == (
        "new@a.example",
        "新人",
        True,
    )
    assert second.user == known
    assert not second.user.check_password(GOOD)
    assert only_role(second).role.code == "finance"
    with pytest.raises(ValidationError, match="已经是本公司的成员"):
        services.create_member(actor=system, email="known@a.example", name="x", role="hr")


def test_what_was_done_is_recorded(company, owner):
    with tenant_context(company.id):
        member = services.create_member(actor=owner, email="n@a.example", name="新", role="hr", password=GOOD)
        services.deactivate_member(actor=owner, membership_id=member.id)
    with tenant_context(company.id):
        verbs = list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["access.company.found", "access.member.create", "access.member.deactivate"]


def test_hr_gives_the_roles_they_hold_and_not_the_owners(company, hr, inside):
    member = services.create_member(actor=hr, email="n@a.example", name="新", role="employee", password=GOOD)
    services.add_role(actor=hr, membership_id=member.id, role="hr")
    with pytest.raises(Escalation):
        services.add_role(actor=hr, membership_id=member.id, role="owner")
    with pytest.raises(Escalation):
        services.add_role(actor=hr, membership_id=hr.membership_id, role="owner")
    with pytest.raises(Escalation):
        services.create_member(actor=hr, email="o@a.example", name="x", role="owner")
    assert not User.objects.filter(email="o@a.example").exists()
    assert "owner" not in {role.code for role in queries.assignable_roles(hr)}


def test_hr_touches_no_owner(company, owner, hr, inside):
    owners = queries.member_for_actor(hr, owner.membership_id)
    for act in (
        lambda: services.deactivate_member(actor=hr, membership_id=owners.id),
        lambda: services.remove_role(actor=hr, membership_id=owners.id, assignment_id=only_role(owners).id),
        lambda: services.link_person(actor=hr, membership_id=owners.id, person_id=None),
    ):
        with pytest.raises(Escalation):
            act()
    assert queries.actor_for(User.objects.get(id=owner.user_id), company.id) is not None


def test_an_employee_manages_nobody(company, inside):
    employee = actor_for(make_member(company, "employee"), company)
    with pytest.raises(Forbidden):
        services.create_member(actor=employee, email="n@a.example", name="x", role="employee")
    with pytest.raises(Forbidden):
        services.deactivate_member(actor=employee, membership_id=uuid4())
    with pytest.raises(Forbidden):
        queries.members_for_actor(employee)


def test_the_last_owner_stays(company, owner, inside):
    mine = queries.member_for_actor(owner, owner.membership_id)
    with pytest.raises(ValidationError, match="至少要有一位所有者"):
        services.deactivate_member(actor=owner, membership_id=mine.id)
    with pytest.raises(ValidationError, match="至少要有一位所有者"):
        services.remove_role(actor=owner, membership_id=mine.id, assignment_id=only_role(mine).id)
    second = make_member(company, "owner")
    services.deactivate_member(actor=owner, membership_id=mine.id)
    assert queries.actor_for(User.objects.get(id=owner.user_id), company.id) is None
    left = actor_for(second, company)
    with pytest.raises(ValidationError, match="至少要有一位所有者"):
        services.deactivate_member(actor=left, membership_id=left.membership_id)
    services.activate_member(actor=left, membership_id=mine.id)
    services.deactivate_member(actor=left, membership_id=left.membership_id)


def test_an_owner_confined_to_a_unit_does_not_count_as_owner(company, owner, inside):
    unit = make_org_unit(make_legal_entity(company))
    make_member(company, "owner", within_org_unit=unit)
    with pytest.raises(ValidationError, match="至少要有一位所有者"):
        services.deactivate_member(actor=owner, membership_id=owner.membership_id)


def test_another_company_is_out_of_reach(company, owner, other_company):
    stranger = make_member(other_company, "employee")
    with tenant_context(other_company.id):
        theirs = Membership.objects.get(user=stranger)
        their_role = make_role(other_company, "hr")
    with tenant_context(company.id):
        with pytest.raises(Http404):
            queries.member_for_actor(owner, theirs.id)
        with pytest.raises(Http404):
            services.deactivate_member(actor=owner, membership_id=theirs.id)
        with pytest.raises(ValidationError, match="没有这个角色"):
            services.add_role(actor=owner, membership_id=owner.membership_id, role=their_role.id)
        assert stranger.email not in {each.user.email for each in queries.members_for_actor(owner)}


@pytest.fixture
def two_subsidiaries(company):
    """HR of the north, with a member of the north and one of the south."""
    north, south = make_legal_entity(company, "北方"), make_legal_entity(company, "南方")
    north_unit, south_unit = make_org_unit(north, "北方部"), make_org_unit(south, "南方部")
    hr = actor_for(make_member(company, "hr", within_legal_entity=north), company)
    persons = {unit.name: make_person(unit.legal_entity, unit) for unit in (north_unit, south_unit)}
    members = {name: make_member(company, "employee", person=person) for name, person in persons.items()}
    return hr, north, south, north_unit, south_unit, members


def test_hr_of_a_subsidiary_sees_its_members_only(company, two_subsidiaries, membership_of):
    hr, *_, members = two_subsidiaries
    theirs = membership_of(members["南方部"])
    with tenant_context(company.id, hr.legal_entity_ids):
        assert [each.user for each in queries.members_for_actor(hr)] == [members["北方部"]]
        for act in (
            queries.member_for_actor,
            lambda a, b: services.deactivate_member(actor=a, membership_id=b),
        ):
            with pytest.raises(Http404):
                act(hr, theirs.id)


def test_hr_of_a_subsidiary_gives_nothing_beyond_it(company, two_subsidiaries, membership_of):
    hr, north, south, north_unit, south_unit, members = two_subsidiaries
    member = membership_of(members["北方部"])
    spare = make_person(south, south_unit)
    with tenant_context(company.id, hr.legal_entity_ids):
        for confines, refusal in (
            ({}, Escalation),
            ({"within_legal_entity_id": south.id}, Escalation),
            ({"within_org_unit_id": south_unit.id}, ValidationError),
            ({"within_org_unit_id": north_unit.id, "within_legal_entity_id": north.id}, ValidationError),
            ({"within_legal_entity_id": uuid4()}, ValidationError),
        ):
            with pytest.raises(refusal):
                services.add_role(actor=hr, membership_id=member.id, role="hr", **confines)
        services.add_role(actor=hr, membership_id=member.id, role="hr", within_org_unit_id=north_unit.id)
        with pytest.raises(ValidationError, match="没有这名员工"):
            services.link_person(actor=hr, membership_id=member.id, person_id=spare.id)
        with pytest.raises(ValidationError, match="没有这名员工"):
            services.create_member(
                actor=hr, email="n@a.example", name="x", role="employee", person_id=spare.id, password=GOOD
            )


def test_nobody_says_who_they_are_themselves(company, hr, owner, inside):
    person = make_person(make_legal_entity(company))
    with pytest.raises(ValidationError, match="自己关联的员工"):
        services.link_person(actor=hr, membership_id=hr.membership_id, person_id=person.id)
    services.link_person(actor=owner, membership_id=hr.membership_id, person_id=person.id)
    with pytest.raises(ValidationError, match="已关联另一个成员"):
        services.link_person(actor=owner, membership_id=owner.membership_id, person_id=person.id)
    services.link_person(actor=owner, membership_id=hr.membership_id, person_id=None)
    services.link_person(actor=owner, membership_id=owner.membership_id, person_id=person.id)


def test_a_role_is_given_once(company, owner, hr, inside):
    with pytest.raises(ValidationError, match="已有这个角色"):
        services.add_role(actor=owner, membership_id=hr.membership_id, role="hr")
    assignment = only_role(queries.member_for_actor(owner, hr.membership_id))
    services.remove_role(actor=owner, membership_id=hr.membership_id, assignment_id=assignment.id)
    with pytest.raises(Http404):
        services.remove_role(actor=owner, membership_id=hr.membership_id, assignment_id=assignment.id)
