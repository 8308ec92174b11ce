"""Roles, what they permit and who has them."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.choices import ScopeKind
from zhiheng.access.grants import kinds_of_role
from zhiheng.access.models import Invitation, Role, RolePermission
from zhiheng.access.policies import READ_MEMBER, READ_ROLE


def roles_for_actor(actor: Actor) -> QuerySet[Role]:
    """Return the tenant's roles, built-in ones first, with how many active members have each."""
    actor.scope(READ_ROLE)
    return _with_counts(Role.objects.all()).order_by("-is_builtin", "id")


def role_names(actor: Actor) -> list[Role]:
    """Return the roles for a filter of members."""
    actor.scope(READ_MEMBER)
    return list(Role.objects.order_by("-is_builtin", "id"))


def role_for_actor(actor: Actor, role_id: object) -> Role:
    """Return a role; raises `Http404` for one that is not there."""
    role = roles_for_actor(actor).filter(id=role_id).first()
    if role is None:
        raise Http404
    return role


def _with_counts(roles: QuerySet[Role]) -> QuerySet[Role]:
    active = Q(assignments__membership__is_active=True)
    open_invitations = (
        Invitation.objects.filter(role_id=OuterRef("id"), accepted_at=None, revoked_at=None)
        .order_by().values("role_id").annotate(count=Count("id")).values("count")
    )  # fmt: skip
    return roles.annotate(
        member_count=Count("assignments__membership", filter=active, distinct=True),
        invitation_count=Coalesce(Subquery(open_invitations), 0),
    ).prefetch_related(Prefetch("permissions", RolePermission.objects.order_by("code")))


def kinds_of(role: Role) -> dict[str, ScopeKind]:
    """Return what a role permits: codes with their scope kinds."""
    pairs = [] if role.is_builtin else [(each.code, each.scope_kind) for each in role.permissions.all()]
    return kinds_of_role(role.code, role.is_builtin, pairs)
