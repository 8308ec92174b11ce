"""Balances in lots: what is used first, what expires, what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

ZERO = Decimal(0)


@dataclass(frozen=True)
class Lot:
    """Something granted, credited or carried over, and how much of it is left.

    Usable from ``from_on`` to ``usable_to`` (``None``: for ever); ``expires_on`` is when what is left leaves this lot,
    earlier than ``usable_to`` where it is then carried over.
    """

    id: UUID
    left: Decimal
    from_on: dt.date
    expires_on: dt.date | None = None
    usable_to: dt.date | None = None

    def is_usable(self, on: dt.date) -> bool:
        """Whether it can be used on a day."""
        return self.left > 0 and self.from_on <= on and (self.usable_to is None or on <= self.usable_to)


@dataclass(frozen=True)
class Use:
    """An amount taken of a lot for a day; ``lot_id`` is ``None`` for what goes beyond the balance."""

    lot_id: UUID | None
    on: dt.date
    amount: Decimal


@dataclass(frozen=True)
class Taking:
    """What is used, what is short, and the lots as they are afterwards."""

    uses: tuple[Use, ...]
    short: Decimal
    lots: tuple[Lot, ...]


def take(lots: Sequence[Lot], days: Iterable[tuple[dt.date, Decimal]]) -> Taking:
    """Take amounts of days from lots: what expires first is used first, of equal ones the older."""
    kept = {lot.id: lot for lot in sorted(lots, key=_urgency)}
    uses: list[Use] = []
    short = ZERO
    for on, amount in days:
        rest = amount
        for lot in list(kept.values()):
            if rest > 0 and lot.is_usable(on):
                part = min(lot.left, rest)
                kept[lot.id] = replace(lot, left=lot.left - part)
                uses.append(Use(lot.id, on, part))
                rest -= part
        if rest > 0:
            uses.append(Use(None, on, rest))
            short += rest
    return Taking(tuple(uses), short, tuple(kept.values()))


def _urgency(lot: Lot) -> tuple[dt.date, dt.date, str]:
    return lot.usable_to or dt.date.max, lot.from_on, str(lot.id)


def left_on(lots: Iterable[Lot], on: dt.date) -> Decimal:
    """Return what can be used on a day."""
    return sum((lot.left for lot in lots if lot.is_usable(on)), ZERO)


@dataclass(frozen=True)
class Ending:
    """A lot whose days are over: how much of it is carried over until when, and how much is lost or paid."""

    lot_id: UUID
    carried: Decimal
    carried_to: dt.date | None
    lost: Decimal


def end_lots(
    lots: Iterable[Lot], today: dt.date, overdrawn: Decimal = ZERO, carry_maximum: Decimal | None = None
) -> list[Ending]:
    """Return what happens to lots that are over: carried while ``usable_to`` is later, the rest expires.

    What was taken beyond the balance (``overdrawn``) is set off first: it is neither carried nor lost again.
    """
    found = []
    for lot in sorted(lots, key=_urgency):
        if lot.expires_on is None or lot.expires_on >= today or lot.left <= 0:
            continue
        left = lot.left - min(lot.left, overdrawn)
        overdrawn -= lot.left - left
        is_carried = lot.usable_to is not None and lot.usable_to > lot.expires_on
        most = left if carry_maximum is None else min(left, carry_maximum)
        carried = most if is_carried else ZERO
        if left:
            found.append(Ending(lot.id, carried, lot.usable_to if carried else None, left - carried))
    return found
