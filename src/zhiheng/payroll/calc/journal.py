"""Vouchers of a payroll: accrued, paid and remitted so that every clearing account ends at nothing.

Accounts are those of the Chinese standards (ASBE; 企业会计准则第9号——职工薪酬, 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhiheng.calckit.money import round_money

ZERO = Decimal(0)
WAGES, INSURANCE, FUND = "2211.01", "2211.03", "2211.04"
OWN_INSURANCE, OWN_FUND, TAX = "2241.01", "2241.02", "2221.07"
BANK, EXCHANGE = "1002", "6603"
CLEARING = (WAGES, INSURANCE, FUND, OWN_INSURANCE, OWN_FUND, TAX)


@dataclass(frozen=True)
class Line:
    """A line of a voucher; one of the sides is zero."""

    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO


@dataclass(frozen=True)
class Voucher:
    """Lines that balance; ValueError for ones that do not, for negative amounts, and for lines of both sides."""

    title: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        for each in self.lines:
            if each.debit < 0 or each.credit < 0 or (each.debit and each.credit):
                raise ValueError(f"{self.title}: {each.account} needs one side that is not negative")
        if sum(each.debit for each in self.lines) != sum(each.credit for each in self.lines):
            raise ValueError(f"{self.title}: debit and credit differ")

    @property
    def total(self) -> Decimal:
        """Return the sum of each side."""
        return sum((each.debit for each in self.lines), ZERO)


@dataclass(frozen=True)
class PayrollTotals:
    """The sums of a pay run; costs by the account of who benefits: 5001, 5101, 5301, 6601, 6602 …

    Own shares and tax are inside the gross wages; the employer's shares come on top.
    """

    gross: Mapping[str, Decimal]
    employer_insurance: Mapping[str, Decimal]
    employer_fund: Mapping[str, Decimal]
    own_insurance: Decimal
    own_fund: Decimal
    tax: Decimal


def payroll_vouchers(totals: PayrollTotals) -> list[Voucher]:
    """Return the vouchers of a month: accrue wages and shares, pay, remit insurance, fund and tax.

    Lines of nothing are left out.
    """
    wages, insurance, fund = (
        sum(each.values(), ZERO) for each in (totals.gross, totals.employer_insurance, totals.employer_fund)
    )
    shares: dict[str, Decimal] = dict(totals.employer_insurance)
    for account, amount in totals.employer_fund.items():
        shares[account] = shares.get(account, ZERO) + amount
    net = wages - totals.own_insurance - totals.own_fund - totals.tax
    return [
        _voucher("计提工资", totals.gross, {WAGES: wages}),
        _voucher("计提单位社保公积金", shares, {INSURANCE: insurance, FUND: fund}),
        _voucher(
            "发放工资", {WAGES: wages},
            {OWN_INSURANCE: totals.own_insurance, OWN_FUND: totals.own_fund, TAX: totals.tax, BANK: net},
        ),
        _voucher(
            "缴纳社保", {INSURANCE: insurance, OWN_INSURANCE: totals.own_insurance},
            {BANK: insurance + totals.own_insurance},
        ),
        _voucher("缴纳公积金", {FUND: fund, OWN_FUND: totals.own_fund}, {BANK: fund + totals.own_fund}),
        _voucher("缴纳个税", {TAX: totals.tax}, {BANK: totals.tax}),
    ]  # fmt: skip


def foreign_vouchers(
    account: str, amount: Decimal, *, accrued_at: Decimal, closed_at: Decimal, paid_at: Decimal
) -> list[Voucher]:
    """Return the vouchers of wages in a foreign currency: accrued, revalued at the month's end, paid, gains apart.

    CAS 19: the transaction's rate for the expense, the closing rate for what is still owed, the rate of payment.
    """
    expense, owed, paid = (round_money(amount * rate) for rate in (accrued_at, closed_at, paid_at))
    return [
        _voucher("计提外币工资", {account: expense}, {WAGES: expense}),
        _voucher("期末调汇", *_gain(owed - expense, WAGES)),
        _voucher("发放外币工资", *_settled(owed, paid)),
    ]


def _gain(more: Decimal, account: str) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return the sides that raise a liability by an amount, at a loss, or lower it at a gain."""
    return ({EXCHANGE: more}, {account: more}) if more >= 0 else ({account: -more}, {EXCHANGE: -more})


def _settled(owed: Decimal, paid: Decimal) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    if paid <= owed:
        return {WAGES: owed}, {BANK: paid, EXCHANGE: owed - paid}
    return {WAGES: owed, EXCHANGE: paid - owed}, {BANK: paid}


def _voucher(title: str, debit: Mapping[str, Decimal], credit: Mapping[str, Decimal]) -> Voucher:
    lines = [Line(account, debit=amount) for account, amount in debit.items() if amount]
    lines += [Line(account, credit=amount) for account, amount in credit.items() if amount]
    return Voucher(title, tuple(lines))


def balances(vouchers: Iterable[Voucher]) -> dict[str, Decimal]:
    """Return debit less credit by account."""
    found: dict[str, Decimal] = {}
    for voucher in vouchers:
        for each in voucher.lines:
            found[each.account] = found.get(each.account, ZERO) + each.debit - each.credit
    return found
