"""Social insurance and housing fund: what employer and employee pay on a wage, by the rules of a city and a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from zhiheng.calckit.rounding import round_half_up

HOUSING_FUND = "housing_fund"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class ContributionRule:
    """A row: one insurance of a city over some days, both included.

    Rates are (lowest, highest); where they differ the employer chooses in between. ``floor`` and ``ceiling`` bound the
    base; a ceiling of None is not known, so nothing can be computed. ``unit`` is what each side is rounded to, half up.
    """

    city: str
    insurance: str
    effective_from: dt.date
    effective_to: dt.date | None
    floor: Decimal | None
    ceiling: Decimal | None
    employer_rates: tuple[Decimal, Decimal]
    employee_rates: tuple[Decimal, Decimal]
    employee_fixed: Decimal = Decimal(0)
    unit: Decimal = Decimal("0.01")
    grade: str = ""
    source: str = ""

    def holds(self, on: dt.date) -> bool:
        """Tell whether the row is in force on a day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True)
class Contribution:
    """What both sides pay on a base."""

    base: Decimal
    employer: Decimal
    employee: Decimal


class MissingRule(LookupError):
    """No usable rule: the message names city, insurance and day. The calculation stops; nothing is guessed."""


class BadRate(ValueError):
    """A rate that the city does not allow, or none where the employer has to choose one."""


def check_rules(rules: Iterable[ContributionRule]) -> None:
    """ValueError for rows of one insurance that overlap or leave days out between them, and for rates upside down."""
    by_name: dict[tuple[str, str], list[ContributionRule]] = {}
    for each in rules:
        if each.floor is not None and each.ceiling is not None and each.floor > each.ceiling:
            raise ValueError(f"{each.city} {each.insurance} {each.effective_from}: floor above ceiling")
        by_name.setdefault((each.city, each.insurance), []).append(each)
    for (city, insurance), mine in by_name.items():
        ordered = sorted(mine, key=lambda each: each.effective_from)
        for before, after in pairwise(ordered):
            if before.effective_to is None or before.effective_to >= after.effective_from:
                raise ValueError(f"{city} {insurance}: two rows hold on {after.effective_from}")
            if before.effective_to + ONE_DAY < after.effective_from:
                raise ValueError(f"{city} {insurance}: no row holds on {before.effective_to + ONE_DAY}")


def insurances_on(rules: Iterable[ContributionRule], city: str, on: dt.date) -> list[str]:
    """Return the insurances of a city that have a row on a day, in the order of the rows."""
    return list(dict.fromkeys(each.insurance for each in rules if each.city == city and each.holds(on)))


def contribution(
    rules: Iterable[ContributionRule],
    city: str,
    insurance: str,
    on: dt.date,
    wage: Decimal,
    rate: Decimal | None = None,
) -> Contribution:
    """Return what both sides pay of one insurance on a reported wage; `MissingRule`, `BadRate`.

    ``rate`` is the one the employer chose, for both sides, where the city leaves a choice.
    """
    rule = next(
        (each for each in rules if (each.city, each.insurance) == (city, insurance) and each.holds(on)), None
    )
    if rule is None or rule.ceiling is None:
        raise MissingRule(f"{city} {insurance} {on}")
    base = min(max(wage, rule.floor or Decimal(0)), rule.ceiling)
    employer = _amount(base, _rate(rule.employer_rates, rate), rule.unit)
    employee = _amount(base, _rate(rule.employee_rates, rate), rule.unit) + rule.employee_fixed
    return Contribution(base, employer, employee)


def _rate(rates: tuple[Decimal, Decimal], chosen: Decimal | None) -> Decimal:
    low, high = rates
    if low == high:
        return low
    if chosen is None or not low <= chosen <= high:
        raise BadRate(f"a rate from {low} to {high} has to be chosen, not {chosen}")
    return chosen


def _amount(base: Decimal, rate: Decimal, unit: Decimal) -> Decimal:
    return round_half_up(Fraction(base) * Fraction(rate) / Fraction(unit), 0) * unit


def contributions(
    rules: Sequence[ContributionRule],
    city: str,
    on: dt.date,
    wage: Decimal,
    rates: Mapping[str, Decimal] | None = None,
) -> dict[str, Contribution]:
    """Return all that both sides pay on a wage by insurance; ``rates`` the chosen ones. Raises as `contribution`."""
    names = insurances_on(rules, city, on)
    if not names:
        raise MissingRule(f"{city} {on}")
    chosen = rates or {}
    return {name: contribution(rules, city, name, on, wage, chosen.get(name)) for name in names}


@dataclass(frozen=True)
class Difference:
    """What is to be paid later for a month, because its rule came after the payroll."""

    month: dt.date
    employer: Decimal
    employee: Decimal


def differences(
    paid: Mapping[dt.date, Contribution], due: Mapping[dt.date, Contribution]
) -> list[Difference]:
    """Return the difference lines of months, each tagged with its month; those without any are left out."""
    found = [
        Difference(month, each.employer - paid[month].employer, each.employee - paid[month].employee)
        for month, each in sorted(due.items())
    ]
    return [each for each in found if each.employer or each.employee]
