"""Custom roles: only of what the editor holds, and kept while in use."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from tests.factories import actor_for, make_legal_entity, make_member, make_role

from zhiheng.access import queries, services
from zhiheng.access.actor import WHOLE_TENANT, DataScope
from zhiheng.access.errors import Forbidden
from zhiheng.access.models import Role
from zhiheng.access.permissions import all_permissions
from zhiheng.access.policies import Escalation
from zhiheng.tenancy.context import tenant_context

EDITOR = {"access.role.read": "tenant", "access.role.write": "tenant", "access.member.read": "self"}


@pytest.fixture
def editor(company, owner):
    """A member who edits roles and holds little else."""
    with tenant_context(company.id):
        role = services.create_role(actor=owner, name="角色管理员", kinds=EDITOR)
    return actor_for(make_member(company, role), company)


def test_an_owner_makes_any_role(company, owner, inside):
    kinds = {each.code: "tenant" for each in all_permissions()}
    role = services.create_role(actor=owner, name=" 全能 ", kinds=kinds)
    assert (role.name, role.is_builtin) == ("全能", False)
    assert queries.kinds_of(queries.role_for_actor(owner, role.id)) == kinds
    actor = actor_for(make_member(company, role), company)
    assert actor.grants == dict.fromkeys(kinds, WHOLE_TENANT)


def test_an_editor_grants_nothing_they_lack(editor, inside):
    for kinds in (
        {"access.company.write": "tenant"},
        {"access.member.read": "tenant"},
        {"access.member.read": "org_subtree"},
        {**EDITOR, "access.member.write": "self"},
    ):
        with pytest.raises(Escalation):
            services.create_role(actor=editor, name="偷偷", kinds=kinds)
    own = Role.objects.get(name="角色管理员")
    with pytest.raises(Escalation):
        services.update_role(
            actor=editor, role_id=own.id, name="x", kinds={**EDITOR, "access.company.write": "tenant"}
        )
    made = services.create_role(actor=editor, name="只读", kinds={"access.member.read": "self"})
    assert queries.kinds_of(made) == {"access.member.read": "self"}


def test_an_editor_does_not_cut_a_role_above_them(owner, editor, inside):
    strong = services.create_role(actor=owner, name="强", kinds={"access.company.write": "tenant"})
    with pytest.raises(Escalation):
        services.update_role(actor=editor, role_id=strong.id, name="弱", kinds={"access.member.read": "self"})


def test_an_editor_of_one_subsidiary_makes_no_role_for_all(company, owner):
    north = make_legal_entity(company)
    with tenant_context(company.id):
        role = services.create_role(
            actor=owner, name="x", kinds={"access.role.write": "tenant", "access.member.read": "tenant"}
        )
    confined = actor_for(make_member(company, role, within_legal_entity=north), company)
    assert confined.grants["access.member.read"] == DataScope(legal_entity_ids=frozenset({north.id}))
    with tenant_context(company.id, confined.legal_entity_ids), pytest.raises(Escalation):
        services.create_role(actor=confined, name="宽", kinds={"access.member.read": "tenant"})


def test_changing_a_role_changes_its_members_at_once(company, owner, inside):
    role = services.create_role(actor=owner, name="查看", kinds={"access.member.read": "tenant"})
    user = make_member(company, role)
    services.update_role(actor=owner, role_id=role.id, name="查看", kinds={"access.role.read": "self"})
    assert actor_for(user, company).grants == {"access.role.read": WHOLE_TENANT}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("", {"access.role.read": "tenant"}), ("人事", {"access.role.read": "tenant"}), ("x", {}),
     ("x", {"no.such.code": "tenant"}), ("x", {"access.role.read": "galaxy"})],
)  # fmt: skip
def test_bad_roles_are_refused(owner, inside, name, kinds):
    with pytest.raises(ValidationError):
        services.create_role(actor=owner, name=name, kinds=kinds)
    assert Role.objects.filter(is_builtin=False).count() == 0


def test_a_role_in_use_stays(company, owner, inside):
    kinds = {"access.role.read": "tenant"}
    held = services.create_role(actor=owner, name="有人", kinds=kinds)
    make_member(company, held)
    offered = services.create_role(actor=owner, name="邀请中", kinds=kinds)
    invitation, _credential = services.invite_member(actor=owner, email="n@a.example", role=offered.id)
    for role in (held, offered):
        with pytest.raises(ValidationError, match="仍有成员或邀请"):
            services.delete_role(actor=owner, role_id=role.id)
    services.revoke_invitation(actor=owner, invitation_id=invitation.id)
    services.delete_role(actor=owner, role_id=offered.id)
    assert not Role.objects.filter(name="邀请中").exists()


def test_built_in_and_foreign_roles_are_not_edited(owner, other_company, inside):
    hr = Role.objects.get(code="hr")
    with pytest.raises(ValidationError, match="内置角色"):
        services.update_role(actor=owner, role_id=hr.id, name="x", kinds={"access.role.read": "tenant"})
    with pytest.raises(ValidationError, match="内置角色"):
        services.delete_role(actor=owner, role_id=hr.id)
    theirs = make_role(other_company, "hr")
    with pytest.raises(Http404):
        services.delete_role(actor=owner, role_id=theirs.id)


def test_hr_edits_no_roles(company, inside):
    hr = actor_for(make_member(company, "hr"), company)
    with pytest.raises(Forbidden):
        services.create_role(actor=hr, name="x", kinds={"access.role.read": "tenant"})
