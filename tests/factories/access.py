"""Members and actors."""

from __future__ import annotations

from itertools import count

from zhiheng.access import actor as actors
from zhiheng.access import queries
from zhiheng.access.actor import Actor
from zhiheng.access.choices import BuiltinRole
from zhiheng.access.models import Membership, Role, RoleAssignment, User
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import LegalEntity, OrgUnit, Tenant

_number = count(1)
PASSWORD = "test-Passw0rd-47"


def make_user(name: str = "张三", password: str | None = PASSWORD, **fields: object) -> User:
    """Make a user without any tenant."""
    return User.objects.create_user(
        fields.pop("email", f"user{next(_number)}@example.com"), password, name=name, **fields
    )


def make_role(tenant: Tenant, code: str = "hr") -> Role:
    """Return a built-in role of the tenant, making it if it is not there."""
    with tenant_context(tenant.id):
        label = BuiltinRole(code).label
        return Role.objects.get_or_create(code=code, defaults={"name": str(label), "is_builtin": True})[0]


def make_member(
    tenant: Tenant,
    role: str | Role | None = "hr",
    person=None,
    within_legal_entity: LegalEntity | None = None,
    within_org_unit: OrgUnit | None = None,
    user: User | None = None,
) -> User:
    """Make a member of the tenant with one role (a built-in code, a `Role`, or none); returns the user."""
    user = user or make_user()
    held = make_role(tenant, role) if isinstance(role, str) else role
    with tenant_context(tenant.id):
        membership = Membership.objects.create(user=user, person=person)
        if held is not None:
            RoleAssignment.objects.create(
                membership=membership,
                role=held,
                within_legal_entity=within_legal_entity,
                within_org_unit=within_org_unit,
            )
    return user


def actor_for(user: User, tenant: Tenant) -> Actor:
    """Return the user as an actor in the tenant; fails if they have no usable membership there."""
    actor = queries.actor_for(user, tenant.id)
    assert actor is not None
    return actor


def system_actor(tenant: Tenant) -> Actor:
    """Return the actor of work that nobody asked for."""
    return actors.system_actor(tenant.id)
