"""Schemas of the API."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from zhiheng.access.models import ApiToken, Membership, Role, RoleAssignment
from zhiheng.access.queries import kinds_of


class MeOut(Schema):
    """Who is asking, where, and what they may do."""

    name: str
    email: str
    tenant_id: UUID
    tenant_name: str
    membership_id: UUID
    person_id: UUID | None
    permissions: list[str]


class RoleAssignmentOut(Schema):
    """A role of a member."""

    id: UUID
    role_id: UUID
    role: str
    within_legal_entity_id: UUID | None
    within_org_unit_id: UUID | None

    @staticmethod
    def resolve_role(row: RoleAssignment) -> str:
        return row.role.code


class MemberOut(Schema):
    """A member of the company."""

    id: UUID
    name: str
    email: str
    person_id: UUID | None
    is_active: bool
    created_at: datetime
    roles: list[RoleAssignmentOut]

    @staticmethod
    def resolve_name(row: Membership) -> str:
        return str(row.user)

    @staticmethod
    def resolve_email(row: Membership) -> str:
        return row.user.email

    @staticmethod
    def resolve_roles(row: Membership) -> list[RoleAssignment]:
        return list(row.assignments.all())


class RoleAssignmentIn(Schema):
    """A role to give; ``role`` is its code."""

    role: str
    within_legal_entity_id: UUID | None = None
    within_org_unit_id: UUID | None = None


class InvitationIn(RoleAssignmentIn):
    """Somebody to invite."""

    email: str
    employee_number: str = ""


class InvitationOut(Schema):
    """An invitation; ``link`` is shown this once."""

    id: UUID
    email: str
    expires_at: datetime
    link: str


class RoleOut(Schema):
    """A role; ``permissions`` maps codes to the scope they hold over."""

    id: UUID
    code: str
    name: str
    is_builtin: bool
    member_count: int
    permissions: dict[str, str]

    @staticmethod
    def resolve_permissions(row: Role) -> dict[str, str]:
        return {code: str(kind) for code, kind in sorted(kinds_of(row).items())}


class RoleIn(Schema):
    """A custom role to make or to change."""

    name: str
    permissions: dict[str, str]


class TokenOut(Schema):
    """A token, without its secret."""

    id: UUID
    name: str
    member: str
    codes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None

    @staticmethod
    def resolve_member(row: ApiToken) -> str:
        return row.membership.user.email


class TokenIn(Schema):
    """A token to make."""

    name: str
    codes: list[str]
    expires_at: datetime | None = None


class NewTokenOut(Schema):
    """A new token with its text, shown this once."""

    id: UUID
    token: str
