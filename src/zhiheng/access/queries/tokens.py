"""API tokens."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.models import ApiToken
from zhiheng.access.permissions import Permission, all_permissions
from zhiheng.access.policies import MANAGE_TOKEN, WRITE_TOKEN


def tokens_for_actor(actor: Actor) -> QuerySet[ApiToken]:
    """Return the tokens that are not revoked: the actor's own, or everybody's for who manages them."""
    actor.scope(WRITE_TOKEN)
    tokens = ApiToken.objects.filter(revoked_at=None).select_related("membership__user")
    if not actor.can(MANAGE_TOKEN):
        tokens = tokens.filter(membership_id=actor.membership_id)
    return tokens.order_by("-created_at", "id")


def token_for_actor(actor: Actor, token_id: object) -> ApiToken:
    """Return a token; raises `Http404` for one that is not there or not the actor's to see."""
    token = tokens_for_actor(actor).filter(id=token_id).first()
    if token is None:
        raise Http404
    return token


def permissions_of_actor(actor: Actor) -> list[Permission]:
    """Return the permissions the actor holds, the most a token of theirs can have."""
    return [each for each in all_permissions() if actor.can(each)]
