"""Punches with PINs of nobody: given to somebody, they become punches."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.public import record_punches
from zhiheng.audit.public import record
from zhiheng.people.public import persons_by_id, visible_person_ids
from zhiheng.terminals.choices import PinOrigin, TerminalState
from zhiheng.terminals.models import Terminal, TerminalUser, UnknownPunch
from zhiheng.terminals.queries.terminals import terminal_for_change
from zhiheng.terminals.queries.users import PinOwner
from zhiheng.terminals.services.pins import refs_of_pins
from zhiheng.terminals.services.punches import new_punch

SUBJECT = "terminals.terminal"


def assign_pin(*, actor: Actor, terminal_id: UUID, pin: str, person_id: UUID) -> int:
    """Give a PIN of a terminal to somebody, and its punches so far with it; returns how many these were.

    A PIN that was somebody else's goes over from now on; punches recorded for them stay theirs. `Http404` for a
    PIN the terminal never sent, ValidationError for somebody the actor may not see.
    """
    terminal = terminal_for_change(actor, terminal_id)
    row = TerminalUser.objects.select_for_update().filter(terminal=terminal, pin=pin).first()
    if row is None:
        raise Http404
    person = persons_by_id([person_id]).get(person_id)
    if person is None or person_id not in visible_person_ids(actor, {person_id}):
        raise ValidationError(_("没有找到这位员工。"), code="unknown_person")
    before = row.person_id
    row.person_id, row.origin = person_id, PinOrigin.MANUAL
    row.save(update_fields=["person", "origin"])
    count = hand_over(terminal, pin, PinOwner(person.id, person.legal_entity_id))
    payload = {"pin": pin, "before": before, "after": person_id, "punches": count}
    record(actor, "terminals.pin.assign", subject=(SUBJECT, terminal.id), payload=payload)
    return count


def hand_over(terminal: Terminal, pin: str, owner: PinOwner) -> int:
    """Record the punches kept for a PIN as its owner's."""
    rows = list(UnknownPunch.objects.select_for_update().filter(terminal=terminal, pin=pin, person=None))
    record_punches([_punch(terminal, each, owner) for each in rows])
    UnknownPunch.objects.filter(id__in=[each.id for each in rows]).update(
        person_id=owner.person_id, assigned_at=timezone.now()
    )
    return len(rows)


def _punch(terminal: Terminal, row: UnknownPunch, owner: PinOwner):
    wall = dt.datetime.fromisoformat(row.wall_time)
    return new_punch(
        terminal, pin=row.pin, wall=wall, at=row.punched_at, owner=owner, received_at=row.received_at,
        status=row.status, verify=row.verify,
    )  # fmt: skip


def settle_unknown() -> int:
    """Look again for the owners of PINs nobody had, since people are hired meanwhile; returns the punches recorded."""
    count = 0
    states = [TerminalState.EXPECTED, TerminalState.WAITING]
    for terminal in Terminal.objects.select_for_update().exclude(state__in=states).order_by("id"):
        rows = {each.pin: each for each in TerminalUser.objects.filter(terminal=terminal, person=None)}
        waiting = UnknownPunch.objects.filter(terminal=terminal, person=None, pin__in=rows)
        pins = set(waiting.values_list("pin", flat=True).distinct())
        names = {pin: rows[pin].device_name for pin in pins}
        for pin, ref in refs_of_pins(terminal, pins, names).items() if pins else ():
            rows[pin].person_id, rows[pin].origin = ref.id, PinOrigin.NUMBER
            rows[pin].save(update_fields=["person", "origin"])
            count += hand_over(terminal, pin, PinOwner(ref.id, ref.legal_entity_id))
    return count
