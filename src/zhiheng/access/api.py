"""Members, roles, tokens and oneself in the API."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from zhiheng.access import queries, services
from zhiheng.access.http import requires, signed_in
from zhiheng.access.models import User
from zhiheng.access.policies import READ_MEMBER, READ_ROLE, WRITE_MEMBER, WRITE_ROLE, WRITE_TOKEN
from zhiheng.access.schemas import (
    InvitationIn,
    InvitationOut,
    MemberOut,
    MeOut,
    NewTokenOut,
    RoleAssignmentIn,
    RoleIn,
    RoleOut,
    TokenIn,
    TokenOut,
)
from zhiheng.webkit.api import CursorPage, Paging, cursor_page

router = Router(tags=["access"])


@router.get("/me", response=MeOut)
@signed_in
def get_me(request: HttpRequest):
    """Say who is asking and what they may do."""
    actor = request.actor
    return {
        **{
            name: getattr(actor, name)
            for name in ("name", "tenant_id", "tenant_name", "membership_id", "person_id")
        },
        "email": User.objects.get(id=actor.user_id).email,
        "permissions": sorted(actor.grants),
    }


@router.get("/members", response=CursorPage[MemberOut])
@requires(READ_MEMBER)
def list_members(request: HttpRequest, page: Paging):
    """List the members of the company."""
    return cursor_page(queries.members_for_actor(request.actor), page)


@router.get("/members/{uuid:membership_id}", response=MemberOut)
@requires(READ_MEMBER)
def get_member(request: HttpRequest, membership_id: UUID):
    """Get a member."""
    return queries.member_for_actor(request.actor, membership_id)


@router.post("/members/{uuid:membership_id}/roles", response={201: MemberOut})
@requires(WRITE_MEMBER)
def add_member_role(request: HttpRequest, membership_id: UUID, body: RoleAssignmentIn):
    """Give a member a role."""
    services.add_role(actor=request.actor, membership_id=membership_id, **body.dict())
    return Status(201, queries.member_for_actor(request.actor, membership_id, WRITE_MEMBER))


@router.delete("/members/{uuid:membership_id}/roles/{uuid:assignment_id}", response={204: None})
@requires(WRITE_MEMBER)
def remove_member_role(request: HttpRequest, membership_id: UUID, assignment_id: UUID):
    """Take a role from a member."""
    services.remove_role(actor=request.actor, membership_id=membership_id, assignment_id=assignment_id)
    return Status(204, None)


@router.post("/members/{uuid:membership_id}/deactivate", response=MemberOut)
@requires(WRITE_MEMBER)
def deactivate_member(request: HttpRequest, membership_id: UUID):
    """Keep a member out from now on."""
    services.deactivate_member(actor=request.actor, membership_id=membership_id)
    return queries.member_for_actor(request.actor, membership_id, WRITE_MEMBER)


@router.post("/members/{uuid:membership_id}/activate", response=MemberOut)
@requires(WRITE_MEMBER)
def activate_member(request: HttpRequest, membership_id: UUID):
    """Let a deactivated member in again."""
    services.activate_member(actor=request.actor, membership_id=membership_id)
    return queries.member_for_actor(request.actor, membership_id, WRITE_MEMBER)


@router.post("/invitations", response={201: InvitationOut})
@requires(WRITE_MEMBER)
def invite_member(request: HttpRequest, body: InvitationIn):
    """Invite somebody by e-mail; the answer holds the link, this once."""
    invitation, credential = services.invite_member(actor=request.actor, **body.dict())
    return Status(
        201,
        {
            "id": invitation.id,
            "email": invitation.email,
            "expires_at": invitation.expires_at,
            "link": services.link_of(credential),
        },
    )


@router.delete("/invitations/{uuid:invitation_id}", response={204: None})
@requires(WRITE_MEMBER)
def revoke_invitation(request: HttpRequest, invitation_id: UUID):
    """Take an invitation back."""
    services.revoke_invitation(actor=request.actor, invitation_id=invitation_id)
    return Status(204, None)


@router.get("/roles", response=CursorPage[RoleOut])
@requires(READ_ROLE)
def list_roles(request: HttpRequest, page: Paging):
    """List the roles."""
    return cursor_page(queries.roles_for_actor(request.actor), page)


@router.get("/roles/{uuid:role_id}", response=RoleOut)
@requires(READ_ROLE)
def get_role(request: HttpRequest, role_id: UUID):
    """Get a role."""
    return queries.role_for_actor(request.actor, role_id)


@router.post("/roles", response={201: RoleOut})
@requires(WRITE_ROLE)
def create_role(request: HttpRequest, body: RoleIn):
    """Make a custom role."""
    role = services.create_role(actor=request.actor, name=body.name, kinds=body.permissions)
    return Status(201, queries.role_for_actor(request.actor, role.id))


@router.put("/roles/{uuid:role_id}", response=RoleOut)
@requires(WRITE_ROLE)
def update_role(request: HttpRequest, role_id: UUID, body: RoleIn):
    """Change a custom role."""
    services.update_role(actor=request.actor, role_id=role_id, name=body.name, kinds=body.permissions)
    return queries.role_for_actor(request.actor, role_id)


@router.delete("/roles/{uuid:role_id}", response={204: None})
@requires(WRITE_ROLE)
def delete_role(request: HttpRequest, role_id: UUID):
    """Delete a custom role that is not used."""
    services.delete_role(actor=request.actor, role_id=role_id)
    return Status(204, None)


@router.get("/tokens", response=CursorPage[TokenOut])
@requires(WRITE_TOKEN)
def list_tokens(request: HttpRequest, page: Paging):
    """List one's own tokens, or everybody's for who manages them."""
    return cursor_page(queries.tokens_for_actor(request.actor), page)


@router.post("/tokens", response={201: NewTokenOut})
@requires(WRITE_TOKEN)
def create_token(request: HttpRequest, body: TokenIn):
    """Make a token for oneself; needs a session, a token cannot make tokens."""
    token, text = services.create_token(actor=request.actor, **body.dict())
    return Status(201, {"id": token.id, "token": text})


@router.delete("/tokens/{uuid:token_id}", response={204: None})
@requires(WRITE_TOKEN)
def revoke_token(request: HttpRequest, token_id: UUID):
    """End a token now."""
    services.revoke_token(actor=request.actor, token_id=token_id)
    return Status(204, None)
