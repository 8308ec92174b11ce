"""Giving PINs to people: by their employee numbers as long as that is certain."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from zhiheng.attendance.public import owned_pins
from zhiheng.people.public import PersonRef, person_ids_by_digits, persons_by_id
from zhiheng.terminals.choices import PinOrigin
from zhiheng.terminals.models import Terminal, TerminalUser
from zhiheng.terminals.queries.users import PinOwner


def adopt_pins(terminal: Terminal, pins: Collection[str]) -> dict[str, PinOwner]:
    """Put PINs that are not on record on it; return the owners found by employee number.

    A PIN is an employee's when somebody said so, or when it is the digits of their number and of no other's.
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


def refs_of_pins(
    terminal: Terminal, pins: Collection[str], names: Mapping[str, str] | None = None
) -> dict[str, PersonRef]:
    """Return the persons with these PINs: as somebody said, else by the digits of their employee numbers.

    The terminal's own subsidiary comes first. Where ``names`` has the name on the terminal, one found by number must
    have it too.
    """
    said = owned_pins(pins)
    rest = [pin for pin in pins if pin not in said]
    found = person_ids_by_digits(rest, terminal.legal_entity_id)
    rest = [pin for pin in rest if pin not in found]
    found |= person_ids_by_digits(rest) if rest else {}
    refs = persons_by_id([*said.values(), *found.values()])
    by_number = {pin: refs[person_id] for pin, person_id in found.items()}
    known = {pin: refs[person_id] for pin, person_id in said.items()}
    return known | {pin: ref for pin, ref in by_number.items() if same_name((names or {}).get(pin, ""), ref)}


def same_name(device_name: str, ref: PersonRef) -> bool:
    """Tell whether the name on a terminal can be that person's; no name can be anybody's."""
    return not device_name.strip() or "".join(device_name.split()) == "".join(ref.name.split())
