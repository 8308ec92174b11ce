"""The kernel for one row: Python integers in units of 10**-12."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from zhiheng.calckit.formula.fixed import LIMIT, ONE, PLACES, Cell, Outcome, round_half_even


def _strict(operation: Callable[..., int | bool]) -> Callable[..., Cell]:
    """Let a reason among the cells be the result, and turn what cannot be computed into a reason."""

    @wraps(operation)
    def guarded(self: ScalarKernel, *cells: Cell) -> Cell:
        reasons = [cell for cell in cells if cell.__class__ is Outcome]
        if reasons:
            return max(reasons, key=lambda reason: reason.value)
        try:
            result = operation(self, *cells)
        except ZeroDivisionError:
            return Outcome.TARGET_ZERO
        return result if -LIMIT < result < LIMIT else Outcome.OVERFLOW

    return guarded


class ScalarKernel:
    """See `operations.Kernel`."""

    def number(self, units: int) -> Cell:
        return units

    def failure(self, outcome: Outcome) -> Cell:
        return outcome

    @_strict
    def add(self, a: int, b: int) -> int:
        return a + b

    @_strict
    def subtract(self, a: int, b: int) -> int:
        return a - b

    @_strict
    def multiply(self, a: int, b: int) -> int:
        return round_half_even(a * b, ONE)

    @_strict
    def divide(self, a: int, b: int) -> int:
        return round_half_even(a * ONE, b) if b >= 0 else round_half_even(-a * ONE, -b)

    @_strict
    def round(self, a: int, places: int, mode: str) -> int:
        unit = 10 ** (PLACES - places)
        added = {"half_up": unit // 2, "up": unit - 1, "down": 0}[mode]
        size = (abs(a) + added) // unit * unit
        return -size if a < 0 else size

    @_strict
    def less(self, a: int, b: int) -> bool:
        return a < b

    @_strict
    def equal(self, a: int, b: int) -> bool:
        return a == b

    @_strict
    def negation(self, a: int | bool) -> bool:
        return not a

    def select(self, condition: Cell, a: Cell, b: Cell) -> Cell:
        if condition.__class__ is Outcome:
            return condition
        return a if condition else b

    def default(self, a: Cell, b: Cell) -> Cell:
        return b if a is Outcome.MISSING else a
