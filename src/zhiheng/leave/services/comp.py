"""Time off in lieu: overtime that becomes leave."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.http import Http404

from zhiheng.access.actor import Actor, system_actor
from zhiheng.leave.calc.ledger import ZERO, take
from zhiheng.leave.choices import EntryKind
from zhiheng.leave.models import LeaveAccount, LeaveEntry, LeaveType
from zhiheng.leave.queries.types import type_with_code
from zhiheng.leave.services.catalogue import load_leave_types
from zhiheng.leave.services.ledger import Line, lock_account, standing_of, write_lines
from zhiheng.people.public import persons_by_id

CODE = "comp_time"


def credit_comp_time(
    *, actor: Actor, person_id: UUID, on: dt.date, minutes: int, expires_on: dt.date, source_id: UUID
) -> None:
    """Credit the minutes of one piece of overtime; the same source again replaces what it credited.

    Fewer minutes than were used already leave the balance overdrawn. Checks no permission: the caller settles overtime.
    """
    person = persons_by_id([person_id]).get(person_id)
    if person is None:
        raise Http404
    account = lock_account(person.id, person.legal_entity_id, _kind(actor))
    mine = LeaveEntry.objects.filter(account=account, source_id=source_id, kind=EntryKind.CREDIT)
    rows = list(mine.order_by("id"))
    change = Decimal(minutes) - sum((row.amount for row in rows), ZERO)
    lots = [row for row in rows if row.lot_id is None and row.amount > 0]
    if change > 0:
        lot = next((row for row in lots if row.expires_on == expires_on), None)
        line = Line(
            EntryKind.CREDIT, change, on, expires_on=expires_on, source_id=source_id, lot_id=lot.id if lot else None
        )  # fmt: skip
        write_lines(actor, account, [line])
    elif change < 0:
        write_lines(actor, account, _less(account, -change, on, source_id, {row.id for row in lots}))


def _kind(actor: Actor) -> LeaveType:
    found = type_with_code(CODE)
    if found is None:
        load_leave_types(actor=system_actor(actor.tenant_id))
        found = type_with_code(CODE)
    if found is None:
        raise LookupError(f"the package has no type {CODE}")
    return found


def _less(
    account: LeaveAccount, amount: Decimal, on: dt.date, source_id: UUID, mine: set[UUID]
) -> list[Line]:
    """Take back a credit: of its own lots first, then of others; the rest is overdrawn."""
    lines, rest = [], amount
    lots = standing_of(account).lots
    for lot in lots:
        part = min(rest, max(ZERO, lot.left)) if lot.id in mine else ZERO
        rest -= part
        lines.append(Line(EntryKind.CREDIT, -part, on, lot_id=lot.id, source_id=source_id))
    others = [lot for lot in lots if lot.id not in mine]
    lines += [
        Line(EntryKind.CREDIT, -use.amount, on, lot_id=use.lot_id, source_id=source_id)
        for use in take(others, [(on, rest)]).uses
        if rest
    ]
    return lines
