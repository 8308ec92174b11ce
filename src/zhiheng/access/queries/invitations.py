"""Invitations that wait, and the one behind a link."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.access.models import Invitation
from zhiheng.access.policies import WRITE_MEMBER
from zhiheng.access.queries.members import PERSON_COLUMNS
from zhiheng.access.secrets import Credential


def invitations_for_actor(actor: Actor) -> QuerySet[Invitation]:
    """Return the open invitations the actor may see: their own and those of persons in scope."""
    in_scope = actor.scope(WRITE_MEMBER).q(**PERSON_COLUMNS) | Q(invited_by=actor.membership_id)
    return (
        Invitation.objects.filter(in_scope, accepted_at=None, revoked_at=None)
        .select_related("role", "within_legal_entity", "within_org_unit", "person")
        .order_by("-created_at")
    )


def invitation_for_actor(actor: Actor, invitation_id: object) -> Invitation:
    """Return an open invitation; raises `Http404` for one that is not there or not the actor's to see."""
    invitation = invitations_for_actor(actor).filter(id=invitation_id).first()
    if invitation is None:
        raise Http404
    return invitation


def invitation_of(credential: Credential | None) -> Invitation | None:
    """Return the invitation of a link if it can still be accepted; runs inside its tenant's context."""
    if credential is None:
        return None
    found = Invitation.objects.select_related("role").filter(id=credential.id).first()
    is_usable = (
        found is not None
        and credential.matches(found.secret_hash)
        and found.accepted_at is None
        and found.revoked_at is None
        and found.expires_at > timezone.now()
    )
    return found if is_usable else None
