"""Terminals that an actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.terminals.models import Terminal
from zhiheng.terminals.policies import MANAGE_TERMINAL, READ_TERMINAL, in_scope


def terminals_for_actor(actor: Actor) -> QuerySet[Terminal]:
    """Return the terminals that the actor may see."""
    return Terminal.objects.filter(in_scope(actor, READ_TERMINAL)).select_related(
        "site", "device", "legal_entity"
    )


def terminal_for_actor(actor: Actor, terminal_id: UUID) -> Terminal:
    """Return one terminal; 404 when it is not there or not the actor's to see."""
    found = terminals_for_actor(actor).filter(id=terminal_id).first()
    if found is None:
        raise Http404
    return found


def terminal_for_change(actor: Actor, terminal_id: UUID) -> Terminal:
    """Return one terminal, locked; 404 when it is not there or not the actor's to manage."""
    mine = Terminal.objects.select_for_update().filter(in_scope(actor, MANAGE_TERMINAL), id=terminal_id)
    found = mine.first()
    if found is None:
        raise Http404
    return found
