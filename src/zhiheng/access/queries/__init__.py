"""Reads of access."""

from zhiheng.access.queries.actors import Place, actor_at, actor_for, actor_of_token, places_of_user
from zhiheng.access.queries.companies import company_of
from zhiheng.access.queries.invitations import invitation_for_actor, invitation_of, invitations_for_actor
from zhiheng.access.queries.members import (
    assignable_roles,
    check_may_assign,
    check_may_change,
    member_for_actor,
    members_for_actor,
    members_of_role,
    other_owner_exists,
    person_is_visible,
    person_of_number,
)
from zhiheng.access.queries.roles import kinds_of, role_for_actor, role_names, roles_for_actor
from zhiheng.access.queries.tokens import permissions_of_actor, token_for_actor, tokens_for_actor

__all__ = [
    "Place", "actor_at", "actor_for", "actor_of_token", "assignable_roles", "check_may_assign",
    "check_may_change", "company_of", "invitation_for_actor", "invitation_of", "invitations_for_actor",
    "kinds_of", "member_for_actor", "members_for_actor", "members_of_role", "other_owner_exists",
    "permissions_of_actor", "person_is_visible", "person_of_number", "places_of_user", "role_for_actor",
    "role_names", "roles_for_actor", "token_for_actor", "tokens_for_actor",
]  # fmt: skip
