"""Builders of test data; each returns the thing it makes and has sensible defaults."""

from tests.factories.access import PASSWORD, actor_for, make_member, make_role, make_user, system_actor
from tests.factories.people import make_person, make_position
from tests.factories.tenancy import make_legal_entity, make_org_unit, make_tenant

__all__ = [
    "PASSWORD",
    "actor_for",
    "make_legal_entity",
    "make_member",
    "make_org_unit",
    "make_person",
    "make_position",
    "make_role",
    "make_tenant",
    "make_user",
    "system_actor",
]
