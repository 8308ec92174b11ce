"""Writing to the ledger: every line by one of these functions, under the lock of its account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.access.errors import Forbidden
from zhiheng.audit.public import record
from zhiheng.leave.calc.ledger import Taking, take
from zhiheng.leave.choices import EntryKind
from zhiheng.leave.models import LeaveAccount, LeaveEntry, LeaveType
from zhiheng.leave.policies import ADJUST_BALANCE
from zhiheng.leave.queries.balances import Standing, account_for_actor, standings_of


@dataclass(frozen=True)
class Line:
    """A line to write."""

    kind: EntryKind
    amount: Decimal
    on: dt.date
    year: int = 0
    expires_on: dt.date | None = None
    lot_id: UUID | None = None
    request_id: UUID | None = None
    source_id: UUID | None = None
    batch_id: UUID | None = None
    key: str | None = None
    reason: str = ""
    payout_multiple: Decimal | None = None


def lock_account(person_id: UUID, legal_entity_id: UUID, leave_type: LeaveType) -> LeaveAccount:
    """Return somebody's account of a type, locked; made if it is not there."""
    mine = LeaveAccount.objects.select_related("leave_type").filter(
        person_id=person_id, leave_type=leave_type
    )
    found = mine.select_for_update(of=("self",)).first()
    if found is None:
        try:
            with transaction.atomic():
                LeaveAccount.objects.create(
                    person_id=person_id, legal_entity_id=legal_entity_id, leave_type=leave_type
                )
        except IntegrityError:
            pass  # another transaction made it; it is locked next
        found = mine.select_for_update(of=("self",)).get()
    return found


def standing_of(account: LeaveAccount) -> Standing:
    """Return the lots of one account."""
    return standings_of([account])[account.id]


def write_lines(actor: Actor, account: LeaveAccount, lines: Iterable[Line]) -> None:
    """Write lines of a locked account."""
    LeaveEntry.objects.bulk_create(rows_of(actor, account, lines))


def rows_of(actor: Actor, account: LeaveAccount, lines: Iterable[Line]) -> list[LeaveEntry]:
    """Return lines as rows, to be written together with those of other locked accounts."""
    return [
        LeaveEntry(
            account=account, person_id=account.person_id, legal_entity_id=account.legal_entity_id, kind=line.kind,
            amount=line.amount, on=line.on, year=line.year or line.on.year, expires_on=line.expires_on,
            lot_id=line.lot_id, request_id=line.request_id, source_id=line.source_id, batch_id=line.batch_id,
            key=line.key, reason=line.reason, payout_multiple=line.payout_multiple, written_by=actor.name,
        )
        for line in lines
        if line.amount
    ]  # fmt: skip


def write_taking(actor: Actor, account: LeaveAccount, taking: Taking, request_id: UUID) -> None:
    """Write what a request uses."""
    lines = [
        Line(EntryKind.TAKE, -use.amount, use.on, lot_id=use.lot_id, request_id=request_id)
        for use in taking.uses
    ]
    write_lines(actor, account, lines)


def give_back(actor: Actor, request_id: UUID, since: dt.date | None = None, reason: str = "") -> None:
    """Return to their lots what a request used, from a day on."""
    entries = LeaveEntry.objects.filter(request_id=request_id).select_related("account__leave_type")
    used: dict[tuple[UUID | None, dt.date], Decimal] = {}
    account = None
    for entry in entries:
        if since is None or entry.on >= since:
            account = entry.account
            used[entry.lot_id, entry.on] = used.get((entry.lot_id, entry.on), Decimal(0)) - entry.amount
    if account is not None:
        lock_account(account.person_id, account.legal_entity_id, account.leave_type)
        lines = [
            Line(EntryKind.GIVE_BACK, amount, on, lot_id=lot_id, request_id=request_id, reason=reason)
            for (lot_id, on), amount in used.items()
        ]
        write_lines(actor, account, lines)


def adjust_balance(
    *,
    actor: Actor,
    account_id: UUID,
    amount: Decimal,
    on: dt.date,
    reason: str,
    expires_on: dt.date | None = None,
) -> Decimal:
    """Add to a balance, or take away, for a reason; returns the balance afterwards.

    `Forbidden` for somebody outside the scope. ValidationError without a reason, for nothing, or when more is taken
    than is there.
    """
    account = account_for_actor(actor, account_id)
    person = account.person
    if not actor.scope(ADJUST_BALANCE).has(
        person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=person.legal_entity_id
    ):
        raise Forbidden(ADJUST_BALANCE)
    if not reason.strip():
        raise ValidationError({"reason": _("请填写调整原因，它会一直留在流水里。")}, code="no_reason")
    if not amount:
        raise ValidationError({"amount": _("请填写要增加或减少的数量。")}, code="nothing")
    account = lock_account(account.person_id, account.legal_entity_id, account.leave_type)
    if amount > 0:
        lines = [Line(EntryKind.ADJUST, amount, on, expires_on=expires_on, reason=reason.strip())]
    else:
        lines = _less(account, -amount, on, reason.strip())
    write_lines(actor, account, lines)
    payload = {"amount": amount, "on": on, "reason": reason.strip(), "type": account.leave_type.code}
    record(actor, "leave.leaveaccount.correct", subject=("leave.leaveaccount", account.id), payload=payload)
    return standing_of(account).total


def _less(account: LeaveAccount, amount: Decimal, on: dt.date, reason: str) -> list[Line]:
    taking = take(standing_of(account).lots, [(on, amount)])
    if taking.short:
        raise ValidationError(
            {"amount": _("余额只够减少 {left}，请改小数量。").format(left=_plain(amount - taking.short))},
            code="too_much",
        )
    return [Line(EntryKind.ADJUST, -use.amount, on, lot_id=use.lot_id, reason=reason) for use in taking.uses]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
