"""Terminals that an actor may see, and what they have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.tenancy.models import LegalEntity
from zhiheng.terminals.choices import CommandState
from zhiheng.terminals.models import (
    Terminal,
    TerminalCommand,
    TerminalEvent,
    TerminalKnock,
    TerminalUpload,
    TerminalUser,
    UnknownPunch,
)
from zhiheng.terminals.policies import MANAGE_TERMINAL, READ_TERMINAL, in_scope

ONLINE_WITHIN = dt.timedelta(minutes=5)


def terminals_for_actor(actor: Actor) -> QuerySet[Terminal]:
    """Return the terminals that the actor may see."""
    mine = Terminal.objects.filter(in_scope(actor, READ_TERMINAL))
    return mine.select_related("site", "device", "legal_entity")


def terminal_rows(actor: Actor) -> QuerySet[Terminal]:
    """Return the terminals with how much waits for each: commands, punches of nobody known, unseen alarms."""
    commands = TerminalCommand.objects.filter(state__in=[CommandState.QUEUED, CommandState.SENT])
    unknown = UnknownPunch.objects.filter(person=None)
    alarms = TerminalEvent.objects.filter(is_alarming=True, seen_at=None)
    return terminals_for_actor(actor).annotate(
        waiting_commands=_count(commands), unknown=_count(unknown), alarms=_count(alarms)
    )


def _count(rows: QuerySet) -> Coalesce:
    """Return how many of some rows a terminal has, counted apart: joins would multiply each other."""
    mine = rows.filter(terminal_id=OuterRef("pk")).order_by().values("terminal_id")
    return Coalesce(Subquery(mine.annotate(count=Count("id")).values("count")), 0)


def terminal_for_actor(actor: Actor, terminal_id: UUID) -> Terminal:
    """Return one terminal; 404 when it is not there or not the actor's to see."""
    found = terminal_rows(actor).filter(id=terminal_id).first()
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


def is_online(terminal: Terminal) -> bool:
    """Tell whether a terminal asked for commands within the last minutes."""
    return terminal.last_seen_at is not None and terminal.last_seen_at > timezone.now() - ONLINE_WITHIN


def last_knock(terminal: Terminal) -> dt.datetime | None:
    """Return when a terminal that is not let in yet last asked for entry."""
    found = TerminalKnock.objects.filter(serial_number=terminal.serial_number)
    return found.values_list("last_at", flat=True).first()


def entity_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the subsidiaries whose terminals the actor may manage."""
    rows = LegalEntity.objects.filter(is_active=True)
    scope = actor.scope(MANAGE_TERMINAL)
    if not scope.is_tenant:
        rows = rows.filter(id__in=scope.legal_entity_ids)
    return [(str(each.id), each.name) for each in rows]


# --- What belongs to terminals ------------------------------------------------------------------------------------


def _mine(actor: Actor, model: type[Model], needed: Permission = READ_TERMINAL) -> QuerySet[Any]:
    return model.objects.filter(in_scope(actor, needed))


def users_for_actor(actor: Actor, terminal_id: UUID) -> QuerySet[TerminalUser]:
    """Return the people of a terminal."""
    return _mine(actor, TerminalUser).filter(terminal_id=terminal_id).select_related("person__org_unit")


def commands_for_actor(actor: Actor, terminal_id: UUID) -> QuerySet[TerminalCommand]:
    """Return the commands of a terminal, latest first."""
    return _mine(actor, TerminalCommand).filter(terminal_id=terminal_id).select_related("user__person")


def uploads_for_actor(actor: Actor, terminal_id: UUID) -> QuerySet[TerminalUpload]:
    """Return the uploads of a terminal without their bodies, latest first."""
    return _mine(actor, TerminalUpload).filter(terminal_id=terminal_id).defer("body")


def events_for_actor(actor: Actor, terminal_id: UUID) -> QuerySet[TerminalEvent]:
    """Return what happened at a terminal, latest first."""
    return _mine(actor, TerminalEvent).filter(terminal_id=terminal_id)


def unknown_pins_for_actor(actor: Actor) -> QuerySet[TerminalUser]:
    """Return the PINs of nobody that punches wait for, with how many and from when to when."""
    waiting = UnknownPunch.objects.filter(
        terminal_id=OuterRef("terminal_id"), pin=OuterRef("pin"), person=None
    )
    grouped = waiting.order_by().values("pin")
    return (
        _mine(actor, TerminalUser)
        .filter(person=None)
        .select_related("terminal")
        .annotate(
            waiting=Subquery(grouped.annotate(count=Count("id")).values("count")),
            first_at=Subquery(grouped.annotate(first=Min("punched_at")).values("first")),
            last_at=Subquery(grouped.annotate(last=Max("punched_at")).values("last")),
        )
        .filter(waiting__gt=0)
    )


def user_for_actor(actor: Actor, user_id: UUID) -> TerminalUser:
    """Return a PIN of a terminal that the actor may manage; else 404."""
    found = (
        _mine(actor, TerminalUser, MANAGE_TERMINAL).select_related("terminal", "person").filter(id=user_id)
    )
    return _one(found)


def upload_for_actor(actor: Actor, upload_id: UUID) -> TerminalUpload:
    """Return an upload with its body, of a terminal that the actor may manage; else 404."""
    return _one(_mine(actor, TerminalUpload, MANAGE_TERMINAL).select_related("terminal").filter(id=upload_id))


def event_for_actor(actor: Actor, event_id: UUID) -> TerminalEvent:
    """Return an event of a terminal that the actor may manage; else 404."""
    return _one(_mine(actor, TerminalEvent, MANAGE_TERMINAL).select_related("terminal").filter(id=event_id))


def _one(rows: QuerySet) -> Any:
    found = rows.first()
    if found is None:
        raise Http404
    return found


def counts_of(terminal: Terminal) -> dict[str, int]:
    """Return how many people of a terminal are where on their way, in one query."""
    rows = TerminalUser.objects.filter(terminal=terminal).exclude(person=None)
    found = dict(rows.order_by().values_list("state").annotate(count=Count("id")))
    return {str(key): value for key, value in found.items()}


def recent_events(terminal: Terminal, limit: int = 8) -> Sequence[TerminalEvent]:
    """Return the latest events for the overview."""
    rows = TerminalEvent.objects.filter(terminal=terminal).order_by(F("received_at").desc(), "id")
    return list(rows[:limit])
