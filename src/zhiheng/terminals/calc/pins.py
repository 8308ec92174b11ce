"""Which number somebody types or is known by at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TypeVar

Key = TypeVar("Key")
LONGEST = 9  # what every terminal takes
ASSIGNED_FROM = 900_001
"""PINs that come from no employee number start here."""


def default_pin(employee_number: str) -> str:
    """Return the PIN that follows from an employee number: its digits without leading zeros; "" for none."""
    digits = "".join(char for char in employee_number if char.isascii() and char.isdigit()).lstrip("0")
    return digits if len(digits) <= LONGEST else ""


def assign_pins(
    numbers: Mapping[Key, str], known: Mapping[Key, str], taken: Collection[str]
) -> dict[Key, str]:
    """Return a PIN for everybody in ``numbers`` (their employee numbers).

    Somebody who has one (``known``) keeps it. The default one is given when nobody else has or wants it,
    else the next free number from `ASSIGNED_FROM`. ``taken`` are PINs in use by others.
    """
    wanted = {key: default_pin(number) for key, number in numbers.items() if key not in known}
    used = {*taken, *known.values()}
    counts = Counter(wanted.values())
    found = {key: known[key] for key in numbers if key in known}
    following = ASSIGNED_FROM
    for key, pin in wanted.items():
        if not pin or pin in used or counts[pin] > 1:
            while str(following) in used or str(following) in counts:
                following += 1
            pin = str(following)
        used.add(pin)
        found[key] = pin
    return found
