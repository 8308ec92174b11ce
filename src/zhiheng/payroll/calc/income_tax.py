"""Individual income tax of the Chinese mainland: wages by the cumulative method, bonuses, fees, severance.

Amounts are Decimals in yuan. Tables and amounts come from a rule pack (`payroll.rules`); nothing is set here. The
cumulative tax is rounded half up to the fen, then what was withheld is subtracted: so twelve months are the year to
the fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from zhiheng.calckit.money import round_money

ZERO = Decimal(0)
MONTHS = 12
HALF_YEAR = 6


@dataclass(frozen=True)
class Bracket:
    """A bracket of a table; ``upto`` is its upper bound, which still belongs to it, None for the last."""

    upto: Decimal | None
    rate: Decimal
    quick: Decimal


Table = tuple[Bracket, ...]


@dataclass(frozen=True)
class TaxRules:
    """What the law says at a time. Law: 个人所得税法 (2018-08-31); withholding: 国家税务总局公告2018年第61号."""

    year: Table
    month: Table
    labour: Table
    basic_month: Decimal
    fee_small_until: Decimal
    fee_small: Decimal
    fee_share: Decimal
    author_share: Decimal
    author_rate: Decimal
    severance_times: Decimal
    bonus_separate_until: dt.date


class BasicDeduction(Enum):
    """How many months' basic deduction counts.

    TENURE: the months employed here this year (公告2018年第61号 第六条). CALENDAR: from January, for whoever gets
    the first wage of the year here (公告2020年第13号). LUMP: the whole year's from January, for whoever was here all
    last year and earned no more than 60,000 then (公告2020年第19号).
    """

    TENURE = "tenure"
    CALENDAR = "calendar"
    LUMP = "lump"


@dataclass(frozen=True)
class Month:
    """What counts in a month: income, exempt income, social insurance and housing fund, special additional and other
    deductions, and tax relief.
    """

    income: Decimal = ZERO
    exempt: Decimal = ZERO
    insurance: Decimal = ZERO
    additional: Decimal = ZERO
    other: Decimal = ZERO
    relief: Decimal = ZERO


@dataclass(frozen=True)
class Withheld:
    """A month's tax: ``raw`` may be negative, then nothing is withheld and the annual settlement gives it back."""

    taxable: Decimal
    tax: Decimal
    raw: Decimal
    amount: Decimal


def tax_by(table: Table, taxable: Decimal | Fraction) -> Fraction:
    """Return the tax on an amount by a table, unrounded; nothing on nothing or less."""
    if taxable <= 0:
        return Fraction(0)
    bracket = next(each for each in table if each.upto is None or taxable <= each.upto)
    return Fraction(taxable) * Fraction(bracket.rate) - Fraction(bracket.quick)


def withhold_year(
    months: Sequence[Month],
    rules: TaxRules,
    *,
    first_month: int = 1,
    basic: BasicDeduction = BasicDeduction.TENURE,
) -> list[Withheld]:
    """Return what one employer withholds of a resident's wages month by month, from ``first_month`` (1 to 12) on.

    Cumulative withholding: 公告2018年第61号 第六条. A negative balance is neither refunded nor does it lower what
    counts as withheld.
    """
    found: list[Withheld] = []
    withheld = counted = relief = ZERO
    for place, each in enumerate(months):
        counted += each.income - each.exempt - each.insurance - each.additional - each.other
        relief += each.relief
        taxable = max(counted - _basic(place, first_month, rules, basic), ZERO)
        tax = round_money(tax_by(rules.year, taxable))
        raw = tax - relief - withheld
        amount = max(raw, ZERO)
        withheld += amount
        found.append(Withheld(taxable, tax, raw, amount))
    return found


def _basic(place: int, first_month: int, rules: TaxRules, basic: BasicDeduction) -> Decimal:
    months = {
        BasicDeduction.TENURE: place + 1,
        BasicDeduction.CALENDAR: first_month + place,
        BasicDeduction.LUMP: MONTHS,
    }
    return rules.basic_month * months[basic]


def annual_tax(taxable: Decimal, rules: TaxRules) -> Decimal:
    """Return the tax of a year on its comprehensive income after all deductions."""
    return round_money(tax_by(rules.year, taxable))


# --- Bonuses ----------------------------------------------------------------------------------------------------


def bonus_tax(bonus: Decimal, rules: TaxRules) -> Decimal:
    """Return the tax of the annual one-off bonus taxed separately: rate by a twelfth of it, one quick deduction.

    财政部 税务总局公告2023年第30号, until 2027-12-31, once a year. Unused deductions of the month are not set off.
    """
    if bonus <= 0:
        return round_money(ZERO)
    twelfth = Fraction(bonus) / MONTHS
    bracket = next(each for each in rules.month if each.upto is None or twelfth <= each.upto)
    return round_money(Fraction(bonus) * Fraction(bracket.rate) - Fraction(bracket.quick))


@dataclass(frozen=True)
class BonusChoice:
    """The year's tax either way; ``separate`` is None where the law no longer offers it."""

    separate: Decimal | None
    combined: Decimal

    @property
    def is_combined_better(self) -> bool:
        """Tell whether to combine: if it costs less, or there is no choice."""
        return self.separate is None or self.combined < self.separate


def bonus_choice(
    wage_taxable: Decimal, bonus: Decimal, rules: TaxRules, *, paid_on: dt.date | None = None
) -> BonusChoice:
    """Return the year's tax with the bonus apart and with it combined.

    ``wage_taxable`` is the year's taxable wage without the bonus, below zero where deductions are left over: only
    combining can use them.
    """
    separate = annual_tax(wage_taxable, rules) + bonus_tax(bonus, rules)
    is_offered = paid_on is None or paid_on <= rules.bonus_separate_until
    return BonusChoice(separate if is_offered else None, annual_tax(wage_taxable + bonus, rules))


# --- Fees -------------------------------------------------------------------------------------------------------


def fee_income(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return what counts of a fee for withholding: less 800 up to 4,000, else four fifths. 公告2018年第61号 第八条."""
    if amount <= rules.fee_small_until:
        return max(amount - rules.fee_small, ZERO)
    return amount * (1 - rules.fee_share)


def labour_tax(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return what is withheld of a resident's labour remuneration."""
    return round_money(tax_by(rules.labour, fee_income(amount, rules)))


def intern_tax(amounts: Sequence[Decimal], rules: TaxRules) -> list[Decimal]:
    """Return what is withheld of a full-time student intern's pay by month: cumulative. 公告2020年第13号 第二条."""
    months = [Month(income=amount * (1 - rules.fee_share)) for amount in amounts]
    return [each.amount for each in withhold_year(months, rules)]


def author_tax(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return what is withheld of a resident's author fee: seven tenths count, 20 %."""
    return round_money(
        Fraction(fee_income(amount, rules)) * Fraction(rules.author_share) * Fraction(rules.author_rate)
    )


def royalty_tax(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return what is withheld of a resident's royalty: 20 %."""
    return round_money(Fraction(fee_income(amount, rules)) * Fraction(rules.author_rate))


# --- Non-residents ----------------------------------------------------------------------------------------------


def nonresident_wage_tax(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return the tax of a non-resident's monthly wage: less 5,000, month table. Law art. 6, 11."""
    return round_money(tax_by(rules.month, amount - rules.basic_month))


def nonresident_labour_tax(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return the tax of a non-resident's labour remuneration: four fifths, month table."""
    return round_money(tax_by(rules.month, amount * (1 - rules.fee_share)))


def nonresident_author_tax(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return the tax of a non-resident's author fee: seven tenths of four fifths, month table."""
    return round_money(tax_by(rules.month, amount * (1 - rules.fee_share) * rules.author_share))


def nonresident_bonus_tax(amount: Decimal, rules: TaxRules) -> Decimal:
    """Return the tax of a non-resident's bonus of several months: a sixth by the month table, times six; once a year.

    财政部 税务总局公告2019年第35号.
    """
    return round_money(tax_by(rules.month, Fraction(amount) / HALF_YEAR) * HALF_YEAR)


# --- Severance --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeveranceTax:
    """What of a severance is free, what is taxed, and the tax."""

    exempt: Decimal
    taxed: Decimal
    tax: Decimal


def severance_tax(total: Decimal, local_average_year: Decimal, rules: TaxRules) -> SeveranceTax:
    """Return the tax of a severance: three times last year's local average **annual** wage is free, the rest alone by
    the year table, without the basic deduction. 财税〔2018〕164号 五(一).
    """
    exempt = min(total, rules.severance_times * local_average_year)
    return SeveranceTax(exempt, total - exempt, annual_tax(total - exempt, rules))
