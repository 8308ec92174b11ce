"""Webhooks and what became of their messages."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.connectors.models import Webhook, WebhookAttempt
from zhiheng.connectors.policies import MANAGE_CONNECTION, all_or_none


def webhooks_for_actor(actor: Actor) -> QuerySet[Webhook]:
    """Return the webhooks."""
    return Webhook.objects.filter(all_or_none(actor, MANAGE_CONNECTION))


def webhook_for_actor(actor: Actor, webhook_id: UUID) -> Webhook:
    """Return a webhook; 404 when it is not there."""
    found = webhooks_for_actor(actor).filter(id=webhook_id).first()
    if found is None:
        raise Http404
    return found


def attempts_of(webhook: Webhook, limit: int) -> list[WebhookAttempt]:
    """Return the latest attempts of a webhook that the actor was allowed to see, latest first."""
    return list(WebhookAttempt.objects.filter(webhook=webhook).order_by("-at", "-id")[:limit])


def health(webhook: Webhook) -> str:
    """Return how a webhook is: paused, stopped (after too many failures), failing, new or fresh."""
    if webhook.is_paused:
        return "stopped" if webhook.failures else "paused"
    if webhook.failures:
        return "failing"
    return "fresh" if webhook.delivered_at else "new"
