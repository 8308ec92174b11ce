"""What other domains may ask of access."""

from __future__ import annotations

from uuid import UUID

from zhiheng.access import queries
from zhiheng.access.actor import Actor
from zhiheng.access.models import User
from zhiheng.access.queries.holders import heads_along, persons_who_can_sign_in
from zhiheng.access.services import create_member, sign_up_company

__all__ = [
    "actor_of_user",
    "create_member",
    "heads_along",
    "persons_who_can_sign_in",
    "sign_up_company",
]


def actor_of_user(user_id: UUID, tenant_id: UUID) -> Actor | None:
    """Return a user as an actor in a tenant; ``None`` if they may not work there (any more)."""
    user = User.objects.filter(id=user_id).first()
    return user and queries.actor_for(user, tenant_id)
