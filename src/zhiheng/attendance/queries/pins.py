"""PINs for the door, and PINs of terminals."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from zhiheng.access.actor import Actor
from zhiheng.attendance.models import PinOwner, PunchPin
from zhiheng.attendance.policies import MANAGE_SITE
from zhiheng.people.public import person_ids_by_number


def pins_for_actor(actor: Actor) -> QuerySet[PunchPin]:
    """Return who has a PIN for the door."""
    actor.scope(MANAGE_SITE)
    return PunchPin.objects.select_related("person__org_unit")


def has_pin(person_id: UUID) -> bool:
    """Tell whether somebody has a PIN."""
    return PunchPin.objects.filter(person_id=person_id).exists()


def pin_owners_for_actor(actor: Actor) -> QuerySet[PinOwner]:
    """Return the PINs of terminals that are no employee numbers."""
    actor.scope(MANAGE_SITE)
    return PinOwner.objects.select_related("person__org_unit")


def owned_pins(pins: Collection[str]) -> dict[str, UUID]:
    """Return whose numbers these PINs are, as far as somebody said so."""
    return dict(PinOwner.objects.filter(pin__in=pins).values_list("pin", "person_id"))


def persons_of_pins(pins: Collection[str]) -> dict[str, UUID]:
    """Return whose numbers these PINs are: as somebody said, else as employee numbers, also without leading zeros."""
    found = owned_pins(pins)
    left = [pin for pin in pins if pin not in found]
    by_number = person_ids_by_number({*left, *(pin.lstrip("0") for pin in left)} - {""})
    for pin in left:
        person_id = by_number.get(pin) or by_number.get(pin.lstrip("0"))
        if person_id:
            found[pin] = person_id
    return found
