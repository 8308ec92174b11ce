"""The work of each day: accounts, yearly grants, and what ends. Doing it again changes nothing."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.leave.calc.ledger import ZERO, Lot, end_lots
from zhiheng.leave.calc.yearly import Career, due_by_service, due_fixed, spans_of
from zhiheng.leave.choices import GRANTED_YEARLY, WITH_BALANCE, Accrual, Basis, EntryKind
from zhiheng.leave.models import LeaveAccount, LeaveEntry, LeaveType, ServiceRecord
from zhiheng.leave.policies import MANAGE_TYPE
from zhiheng.leave.queries.balances import standings_of
from zhiheng.leave.queries.types import leave_types, limit_on, regions_of_entities
from zhiheng.leave.services.ledger import Line, rows_of
from zhiheng.people.public import EmploymentRef, employments_by_person

ONE_DAY = dt.timedelta(days=1)
YEARLY = (EntryKind.GRANT, EntryKind.ACCRUE)


@dataclass(frozen=True)
class Done:
    """How many accounts were opened, and lines written for grants and for what ended."""

    opened: int = 0
    granted: int = 0
    ended: int = 0


def run_leave_day(*, actor: Actor, today: dt.date) -> Done:
    """Bring all balances of the tenant up to a day."""
    actor.scope(MANAGE_TYPE)
    people = employments_by_person()
    here = {key: each for key, each in people.items() if _is_here(each, today)}
    kinds = [each for each in leave_types().filter(is_active=True) if each.basis in WITH_BALANCE]
    opened = _open_accounts(kinds, here)
    granted = sum(_grant(actor, kind, today, here) for kind in kinds if kind.basis in GRANTED_YEARLY)
    return Done(opened, granted, sum(_end(actor, kind, today) for kind in kinds))


def _is_here(person: EmploymentRef, today: dt.date) -> bool:
    """Whether somebody works, or worked earlier this year."""
    return person.hired_on <= today and (person.left_on is None or person.left_on.year >= today.year)


def _open_accounts(kinds: Iterable[LeaveType], people: Mapping[UUID, EmploymentRef]) -> int:
    known = set(LeaveAccount.objects.values_list("person_id", "leave_type_id"))
    rows = [
        LeaveAccount(person_id=person.person_id, legal_entity_id=person.legal_entity_id, leave_type=kind)
        for kind in kinds
        for person in people.values()
        if (person.person_id, kind.id) not in known
    ]
    LeaveAccount.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)


# --- Grants ------------------------------------------------------------------------------------------------------


def _grant(actor: Actor, kind: LeaveType, today: dt.date, people: Mapping[UUID, EmploymentRef]) -> int:
    """Grant what is due of this year and not granted yet; take back what no longer is, as far as it is left."""
    accounts = _locked(kind, people)
    regions, months = (
        regions_of_entities(),
        dict(ServiceRecord.objects.values_list("person_id", "months_before")),
    )
    granted, numbers = _granted(accounts, today.year)
    lines: dict[UUID, list[Line]] = {}
    less: dict[UUID, Decimal] = {}
    for account in accounts:
        person = people[account.person_id]
        career = Career(person.hired_on, person.left_on, months.get(account.person_id, 0))
        due = _due(kind, career, regions.get(person.legal_entity_id, "CN"), today)
        missing = due - granted.get(account.id, ZERO)
        if missing > 0:
            number = numbers.get(account.id, 0)
            lines[account.id] = [_grant_line(kind, account, career, today, missing, number)]
        elif missing < 0:
            less[account.id] = -missing
    by_id = {account.id: account for account in accounts}
    for key, standing in standings_of([by_id[each] for each in less]).items():
        mine = [lot for lot in standing.lots if lot.left > 0]
        lines[key] = _take_back(mine, less[key], today, _lots_of_year(by_id[key], today.year))
    return _write(actor, by_id, lines)


def _locked(kind: LeaveType, people: Mapping[UUID, EmploymentRef]) -> list[LeaveAccount]:
    rows = LeaveAccount.objects.filter(leave_type=kind, person_id__in=people).select_related("leave_type")
    return list(rows.select_for_update(of=("self",)).order_by("id"))


def _granted(accounts: Iterable[LeaveAccount], year: int) -> tuple[dict[UUID, Decimal], dict[UUID, int]]:
    """Return how much was granted for a year, and in how many lines, by account."""
    rows = LeaveEntry.objects.filter(account__in=list(accounts), year=year, kind__in=YEARLY)
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    numbers: dict[UUID, int] = defaultdict(int)
    for account_id, amount in rows.values_list("account_id", "amount"):
        sums[account_id] += amount
        numbers[account_id] += 1
    return sums, numbers


def _due(kind: LeaveType, career: Career, region: str, today: dt.date) -> Decimal:
    until = None
    if kind.accrual == Accrual.MONTHLY:
        until = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    if kind.basis == Basis.SERVICE:
        if _first_day(career, today.year) > today:
            return ZERO
        return due_by_service(career, today.year, until=until, policy=kind.step_change)
    rule = limit_on(kind, region, today)
    if rule is None or rule.amount is None:
        return ZERO
    return due_fixed(
        career, today.year, rule.amount, until=until, is_prorated=kind.is_prorated, step=kind.step
    )


def _first_day(career: Career, year: int) -> dt.date:
    """Return the first day of a year from which annual leave is due."""
    return next((begin for begin, _end, days in spans_of(career, year) if days), dt.date.max)


def _grant_line(
    kind: LeaveType, account: LeaveAccount, career: Career, today: dt.date, amount: Decimal, number: int
) -> Line:
    is_monthly = kind.accrual == Accrual.MONTHLY
    first = today.replace(day=1) if is_monthly else dt.date(today.year, 1, 1)
    if kind.basis == Basis.SERVICE:
        first = max(first, _first_day(career, today.year))
    return Line(
        EntryKind.ACCRUE if is_monthly else EntryKind.GRANT,
        amount,
        max(first, career.hired_on),
        year=today.year,
        expires_on=dt.date(today.year, 12, 31),
        key=f"grant:{account.id}:{today.year}:{number}",
    )


def _lots_of_year(account: LeaveAccount, year: int) -> set[UUID]:
    rows = LeaveEntry.objects.filter(
        account=account, year=year, kind__in=YEARLY, lot__isnull=True, amount__gt=0
    )
    return set(rows.values_list("id", flat=True))


def _take_back(lots: Iterable[Lot], amount: Decimal, today: dt.date, mine: set[UUID]) -> list[Line]:
    """Take back of this year's lots what is left of them: nobody gives back what was used (办法 第十二条)."""
    lines = []
    for lot in sorted(lots, key=lambda each: each.from_on, reverse=True):
        part = min(lot.left, amount) if lot.id in mine else ZERO
        amount -= part
        if part:
            lines.append(
                Line(
                    EntryKind.GRANT,
                    -part,
                    today,
                    lot_id=lot.id,
                    year=today.year,
                    reason=_("按任职和工龄重新折算"),
                )
            )
    return lines


# --- What ends ---------------------------------------------------------------------------------------------------


def _end(actor: Actor, kind: LeaveType, today: dt.date) -> int:
    """Carry over or end what is left of lots whose last day has passed; what has to be paid says so."""
    over = LeaveEntry.objects.filter(
        account__leave_type=kind, expires_on__lt=today, lot__isnull=True, amount__gt=0
    )
    open_lots = over.annotate(used=Sum("uses__amount")).values_list("account_id", "amount", "used")
    ids = {account_id for account_id, amount, used in open_lots if amount + (used or ZERO) > 0}
    rows = LeaveAccount.objects.filter(id__in=ids).select_related("leave_type")
    accounts = {each.id: each for each in rows.select_for_update(of=("self",)).order_by("id")}
    lines = {
        key: _endings(kind, standing.lots, today, standing.overdrawn)
        for key, standing in standings_of(accounts.values()).items()
    }
    return _write(actor, accounts, lines)


def _endings(kind: LeaveType, lots: tuple[Lot, ...], today: dt.date, overdrawn: Decimal) -> list[Line]:
    by_id = {lot.id: lot for lot in lots}
    lines = []
    for ending in end_lots(lots, today, overdrawn, kind.carry_maximum):
        lot = by_id[ending.lot_id]
        last = lot.expires_on or today
        common = {"lot_id": lot.id, "year": last.year}
        if ending.carried:
            lines.append(Line(EntryKind.CARRY, -ending.carried, last, **common))
            lines.append(
                Line(
                    EntryKind.CARRY, ending.carried, last + ONE_DAY, year=last.year, expires_on=ending.carried_to,
                    key=f"carry:{lot.id}",
                )
            )  # fmt: skip
        if ending.lost:
            lines.append(
                Line(
                    EntryKind.EXPIRE, -ending.lost, last, **common, payout_multiple=kind.payout_multiple,
                    reason=_("到期未休，转为支付") if kind.payout_multiple else _("到期未休"),
                )
            )  # fmt: skip
    return lines


def _write(actor: Actor, accounts: Mapping[UUID, LeaveAccount], lines: Mapping[UUID, list[Line]]) -> int:
    rows = [row for key, mine in lines.items() for row in rows_of(actor, accounts[key], mine)]
    LeaveEntry.objects.bulk_create(rows, batch_size=1000)
    return len(rows)
