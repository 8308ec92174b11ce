"""The minimum wage as a guard: what is compared with it, and how far a deduction may go."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhiheng.calckit.money import round_money

ZERO = Decimal(0)
DAMAGE_SHARE = Decimal("0.2")


@dataclass(frozen=True)
class WageParts:
    """A month's wage and what of it does not count towards the minimum wage."""

    gross: Decimal
    overtime: Decimal = ZERO
    special_allowances: Decimal = ZERO
    statutory_benefits: Decimal = ZERO
    personal_contributions: Decimal = ZERO


@dataclass(frozen=True)
class GuardResult:
    """The wage that was compared, and what has to be added to it."""

    compared: Decimal
    top_up: Decimal

    @property
    def is_enough(self) -> bool:
        """Whether the minimum wage was reached without adding anything."""
        return not self.top_up


def guard_minimum_wage(
    parts: WageParts, minimum_wage: Decimal, *, are_contributions_excluded: bool
) -> GuardResult:
    """Compare a wage with the minimum: without overtime, allowances for hard conditions and statutory benefits.

    最低工资规定 第十二条 (2004-03-01). ``are_contributions_excluded``: the place's minimum wage is meant without the
    employee's own insurance and housing fund (Beijing; Shanghai to be checked), so they are taken off too.
    """
    compared = parts.gross - parts.overtime - parts.special_allowances - parts.statutory_benefits
    if are_contributions_excluded:
        compared -= parts.personal_contributions
    return GuardResult(round_money(compared), round_money(max(ZERO, minimum_wage - compared)))


def deduction_limit(month_wage: Decimal, minimum_wage: Decimal) -> Decimal:
    """Return how much may be taken off a month's wage for damage: 20 %, and never below the minimum wage.

    工资支付暂行规定 第十六条 (1995-01-01).
    """
    return round_money(max(ZERO, min(month_wage * DAMAGE_SHARE, month_wage - minimum_wage)))
