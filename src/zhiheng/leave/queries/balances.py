"""Balances: what is left, as sums of the ledger."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.leave.calc.ledger import ZERO, Lot
from zhiheng.leave.calc.yearly import add_months
from zhiheng.leave.choices import EntryKind, LeaveState
from zhiheng.leave.models import LeaveAccount, LeaveEntry, LeaveRequest, LeaveType, ServiceRecord
from zhiheng.leave.policies import READ_BALANCE

ADDING = (
    EntryKind.GRANT, EntryKind.ACCRUE, EntryKind.CREDIT, EntryKind.CARRY, EntryKind.ADJUST, EntryKind.OPEN,
)  # fmt: skip
USING = (EntryKind.TAKE, EntryKind.GIVE_BACK)
_NUMBER = DecimalField(max_digits=12, decimal_places=2)
PERSON_COLUMNS = {"person": "person_id", "org_unit": "person__org_unit_id", "legal_entity": "legal_entity_id"}


@dataclass(frozen=True)
class Standing:
    """The lots of an account, and what was taken beyond them."""

    lots: tuple[Lot, ...] = ()
    overdrawn: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return the sum of the ledger."""
        return sum((lot.left for lot in self.lots), ZERO) - self.overdrawn


def standings_of(accounts: Iterable[LeaveAccount]) -> dict[UUID, Standing]:
    """Return the lots of accounts, which come with their ``leave_type``."""
    types = {account.id: account.leave_type for account in accounts}
    entries = LeaveEntry.objects.filter(account_id__in=types).order_by("on", "id")
    lots: dict[UUID, list[LeaveEntry]] = defaultdict(list)
    used: dict[UUID, Decimal] = defaultdict(Decimal)
    overdrawn: dict[UUID, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if entry.lot_id:
            used[entry.lot_id] += entry.amount
        elif entry.amount > 0 and entry.kind != EntryKind.GIVE_BACK:
            lots[entry.account_id].append(entry)
        else:
            overdrawn[entry.account_id] -= entry.amount
    return {
        key: Standing(
            tuple(_lot(each, each.amount + used[each.id], leave_type) for each in lots[key]), overdrawn[key]
        )
        for key, leave_type in types.items()
    }


def _lot(entry: LeaveEntry, left: Decimal, leave_type: LeaveType) -> Lot:
    usable_to = entry.expires_on
    if usable_to and leave_type.carry_months and entry.kind != EntryKind.CARRY:
        usable_to = add_months(usable_to, leave_type.carry_months)
    return Lot(entry.id, left, entry.on, entry.expires_on, usable_to)


def accounts_for_actor(actor: Actor) -> QuerySet[LeaveAccount]:
    """Return the balances that the actor may see."""
    scope = actor.scope(READ_BALANCE).q(**PERSON_COLUMNS)
    return LeaveAccount.objects.filter(scope).select_related("person", "person__org_unit", "leave_type")


def account_for_actor(actor: Actor, account_id: UUID) -> LeaveAccount:
    """Return a balance; 404 when it is not there or not the actor's to see."""
    found = with_sums(accounts_for_actor(actor), dt.date.max).filter(id=account_id).first()
    if found is None:
        raise Http404
    return found


def with_sums(accounts: QuerySet[LeaveAccount], on: dt.date) -> QuerySet[LeaveAccount]:
    """Add what the ledger says as of a day: granted, taken, expired, balance, upcoming, pending, available."""
    until = Q(entries__on__lte=on)
    pending = (
        LeaveRequest.objects.filter(
            person_id=OuterRef("person_id"), leave_type_id=OuterRef("leave_type_id"), state=LeaveState.PENDING
        )
        .order_by()
        .values("person_id")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    return accounts.annotate(
        granted=_sum(until & Q(entries__kind__in=ADDING)),
        taken=-_sum(until & Q(entries__kind__in=USING)),
        expired=-_sum(until & Q(entries__kind=EntryKind.EXPIRE)),
        balance=_sum(until),
        upcoming=-_sum(~until & Q(entries__kind__in=USING)),
        pending=Coalesce(Subquery(pending, output_field=_NUMBER), ZERO, output_field=_NUMBER),
    ).annotate(available=F("balance") - F("upcoming") - F("pending"))


def _sum(condition: Q) -> Coalesce:
    return Coalesce(Sum("entries__amount", filter=condition), ZERO, output_field=_NUMBER)


def ledger_of(account: LeaveAccount) -> list[LeaveEntry]:
    """Return the lines of an account that the actor may already see, oldest first, each with its ``balance_after``."""
    lines = list(
        LeaveEntry.objects.filter(account=account).select_related("lot", "request").order_by("on", "id")
    )
    total = ZERO
    for line in lines:
        total += line.amount
        line.balance_after = total
    return lines


def accounts_of_person(person_id: UUID, codes: Collection[str] = ()) -> QuerySet[LeaveAccount]:
    """Return somebody's balances. Checks no permission."""
    rows = LeaveAccount.objects.filter(person_id=person_id, leave_type__is_active=True)
    if codes:
        rows = rows.filter(leave_type__code__in=codes)
    return rows.select_related("leave_type").order_by("leave_type__position", "leave_type__code")


@dataclass(frozen=True)
class Balance:
    """A balance as other domains and pages see it; amounts are days, or minutes where ``unit`` is hour.

    ``left`` is what can still be asked for on the day; ``expires_on`` is when the next part of it ends.
    """

    account_id: UUID
    type_code: str
    label: str
    unit: str
    entitled: Decimal
    taken: Decimal
    pending: Decimal
    left: Decimal
    expires_on: dt.date | None

    @property
    def is_hourly(self) -> bool:
        """Whether amounts are minutes."""
        return self.unit == "hour"


def balances_of(person_id: UUID, on: dt.date) -> list[Balance]:
    """Return somebody's balances on a day. Checks no permission."""
    accounts = list(with_sums(accounts_of_person(person_id), on))
    standings = standings_of(accounts)
    return [_balance(account, standings[account.id], on) for account in accounts]


def _balance(account: LeaveAccount, standing: Standing, on: dt.date) -> Balance:
    kind = account.leave_type
    usable = [lot for lot in standing.lots if lot.is_usable(on)]
    ends = [lot.usable_to for lot in usable if lot.usable_to]
    left = sum((lot.left for lot in usable), ZERO) - standing.overdrawn - account.pending
    return Balance(
        account.id, kind.code, kind.label, kind.unit, account.granted - account.expired,
        account.taken + account.upcoming, account.pending, left, min(ends, default=None),
    )  # fmt: skip


def service_record_of(person_id: UUID) -> ServiceRecord | None:
    """Return what is known of somebody's work before. Checks no permission."""
    return ServiceRecord.objects.filter(person_id=person_id).first()


@dataclass(frozen=True)
class Unused:
    """What ended without being used and has to be paid: days, or minutes where ``unit`` is hour."""

    person_id: UUID
    type_code: str
    unit: str
    on: dt.date
    amount: Decimal
    multiple: Decimal


def expired_unused(first: dt.date, last: dt.date) -> list[Unused]:
    """Return what ended unused between two days, both included, and has to be paid. Checks no permission."""
    rows = LeaveEntry.objects.filter(
        kind=EntryKind.EXPIRE, on__range=(first, last), payout_multiple__isnull=False
    ).select_related("account__leave_type")
    return [
        Unused(
            row.person_id, row.account.leave_type.code, row.account.leave_type.unit, row.on, -row.amount,
            row.payout_multiple,
        )
        for row in rows.order_by("on", "id")
    ]  # fmt: skip
