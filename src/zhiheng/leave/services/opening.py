"""Balances brought in from elsewhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.audit.public import record
from zhiheng.leave.calc.ledger import take
from zhiheng.leave.choices import EntryKind
from zhiheng.leave.models import LeaveEntry, LeaveType
from zhiheng.leave.policies import IMPORT_BALANCE
from zhiheng.leave.services.ledger import Line, lock_account, standing_of, write_lines
from zhiheng.people.public import persons_by_id


class UsedSince(Exception):
    """What a batch gave was used since."""


def open_balance(
    *,
    actor: Actor,
    person_id: UUID,
    kind: LeaveType,
    amount: Decimal,
    on: dt.date,
    batch_id: UUID,
    expires_on: dt.date | None = None,
) -> bool:
    """Bring a balance to an amount by one difference; tell whether there was any."""
    actor.scope(IMPORT_BALANCE)
    person = persons_by_id([person_id]).get(person_id)
    if person is None:
        raise Http404
    account = lock_account(person.id, person.legal_entity_id, kind)
    standing = standing_of(account)
    change = amount - standing.total
    reason = _("导入期初余额")
    if change > 0:
        lines = [Line(EntryKind.OPEN, change, on, expires_on=expires_on, batch_id=batch_id, reason=reason)]
    else:
        lines = [
            Line(EntryKind.OPEN, -use.amount, on, lot_id=use.lot_id, batch_id=batch_id, reason=reason)
            for use in take(standing.lots, [(on, -change)]).uses
        ]
    write_lines(actor, account, lines)
    return bool(change)


def reopen_batch(*, actor: Actor, batch_id: UUID) -> int:
    """Take back the lines of an import by opposite ones; returns how many. Raises `UsedSince`."""
    actor.scope(IMPORT_BALANCE)
    lines = list(LeaveEntry.objects.filter(batch_id=batch_id).select_related("account__leave_type"))
    lots = [line.id for line in lines if line.lot_id is None and line.amount > 0]
    if LeaveEntry.objects.filter(lot_id__in=lots).exists():
        raise UsedSince
    for line in lines:
        account = lock_account(line.person_id, line.legal_entity_id, line.account.leave_type)
        lot_id = line.lot_id or (line.id if line.amount > 0 else None)
        kind = EntryKind.OPEN if lot_id else EntryKind.GIVE_BACK
        back = Line(kind, -line.amount, line.on, lot_id=lot_id, year=line.year, reason=_("撤销导入"))
        write_lines(actor, account, [back])
    subject = ("dataimport.importbatch", batch_id)
    record(actor, "leave.leaveaccount.undo", subject=subject, payload={"lines": len(lines)})
    return len(lines)
