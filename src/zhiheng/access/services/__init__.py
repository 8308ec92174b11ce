"""Writes of access, one function a verb."""

from zhiheng.access.services.accounts import choose_tenant, update_account
from zhiheng.access.services.companies import found_company, sign_up_company, update_company
from zhiheng.access.services.invitations import (
    accept_invitation,
    invite_member,
    link_of,
    offer_of,
    person_of_number,
    resend_invitation,
    revoke_invitation,
)
from zhiheng.access.services.members import (
    activate_member,
    add_role,
    create_member,
    create_user,
    deactivate_member,
    link_person,
    remove_role,
)
from zhiheng.access.services.roles import create_role, delete_role, update_role
from zhiheng.access.services.tokens import create_token, revoke_token

__all__ = [
    "accept_invitation", "activate_member", "add_role", "choose_tenant", "create_member", "create_role",
    "create_token", "create_user", "deactivate_member", "delete_role", "found_company", "invite_member",
    "link_of", "link_person", "offer_of", "person_of_number", "remove_role", "resend_invitation",
    "revoke_invitation", "revoke_token", "sign_up_company", "update_account", "update_company",
    "update_role",
]  # fmt: skip
