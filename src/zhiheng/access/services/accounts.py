"""A user's own account, and the tenant they work in."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils import timezone

from zhiheng.access import queries
from zhiheng.access.actor import Actor
from zhiheng.access.models import Membership, User
from zhiheng.audit.public import record
from zhiheng.tenancy.context import tenant_context


def update_account(*, actor: Actor, name: str, language: str, theme: str) -> User:
    """Change the actor's own name, language ("" for the browser's) and theme."""
    user = User.objects.get(id=actor.user_id)
    before = user.name
    user.name, user.language, user.theme = name.strip(), language, theme
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "language", "theme"])
    if user.name != before:
        record(
            actor,
            "access.account.rename",
            subject=("access.user", user.id),
            payload={"before": before, "after": user.name},
        )
    return user


def choose_tenant(*, user: User, tenant_id: UUID) -> UUID:
    """Note that a user goes to work in another of their tenants; raises `Http404` if it is none of theirs."""
    place = next((each for each in queries.places_of_user(user) if each.tenant_id == tenant_id), None)
    if place is None:
        raise Http404
    with tenant_context(tenant_id):
        Membership.objects.filter(id=place.membership_id).update(chosen_at=timezone.now())
    return tenant_id
