"""Giving PINs to people: by their employee numbers as long as that is certain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from zhiheng.people.public import PersonRef, person_ids_by_digits, persons_by_id
from zhiheng.terminals.choices import PinOrigin
from zhiheng.terminals.models import Terminal, TerminalUser
from zhiheng.terminals.queries.users import PinOwner


def adopt_pins(terminal: Terminal, pins: Collection[str]) -> dict[str, PinOwner]:
    """Put PINs that are not on record on it; return the owners found by employee number.

    A PIN is an employee's when it is the digits of their number and of no other's.
    """
    refs = refs_of_pins(terminal, pins)
    rows = [
        TerminalUser(
            terminal=terminal, legal_entity_id=terminal.legal_entity_id, pin=pin,
            person_id=refs[pin].id if pin in refs else None,
            origin=PinOrigin.NUMBER if pin in refs else PinOrigin.DEVICE, is_on_device=True,
        )
        for pin in sorted(pins)
    ]  # fmt: skip
    TerminalUser.objects.bulk_create(rows, ignore_conflicts=True)
    return {pin: PinOwner(ref.id, ref.legal_entity_id) for pin, ref in refs.items()}


def refs_of_pins(terminal: Terminal, pins: Collection[str]) -> dict[str, PersonRef]:
    """Return the persons whose employee numbers have these digits, the terminal's own subsidiary first."""
    found = person_ids_by_digits(pins, terminal.legal_entity_id)
    rest = [pin for pin in pins if pin not in found]
    found |= person_ids_by_digits(rest) if rest else {}
    refs = persons_by_id(list(found.values()))
    return {pin: refs[person_id] for pin, person_id in found.items()}


def same_name(device_name: str, ref: PersonRef) -> bool:
    """Tell whether the name on a terminal can be that person's; no name can be anybody's."""
    return not device_name.strip() or "".join(device_name.split()) == "".join(ref.name.split())


def names_of(terminal: Terminal, names: Mapping[str, str]) -> dict[str, UUID]:
    """Return who the PINs belong to of users that a terminal itself reported, by number and name together."""
    refs = refs_of_pins(terminal, list(names))
    return {pin: ref.id for pin, ref in refs.items() if same_name(names[pin], ref)}
