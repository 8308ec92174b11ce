"""Whose PIN it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from zhiheng.terminals.models import Terminal, TerminalUser


@dataclass(frozen=True)
class PinOwner:
    """Who a PIN of a terminal belongs to."""

    person_id: UUID
    legal_entity_id: UUID


def owners_of_pins(terminal: Terminal, pins: Collection[str]) -> tuple[dict[str, PinOwner], set[str]]:
    """Return the owners of those PINs that have one, and the PINs that are not on record at all."""
    rows = TerminalUser.objects.filter(terminal=terminal, pin__in=pins).order_by()
    owners, known = {}, set()
    for pin, person_id, entity_id in rows.values_list("pin", "person_id", "person__legal_entity_id"):
        known.add(pin)
        if person_id is not None:
            owners[pin] = PinOwner(person_id, entity_id)
    return owners, set(pins) - known
