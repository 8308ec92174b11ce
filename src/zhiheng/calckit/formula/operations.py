"""What every operation means, told once in the terms of a `Kernel`: plain numbers or whole columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from zhiheng.calckit.formula.fixed import ONE, Outcome

C = TypeVar("C")


class Kernel(Protocol[C]):
    """The primitives. A cell is a number, a truth, or a reason why there is none (see `Outcome`).

    All but `select` and `default` are strict: a reason among the cells is the reason of the result.
    """

    def number(self, units: int) -> C: ...
    def failure(self, outcome: Outcome) -> C: ...
    def add(self, a: C, b: C) -> C: ...
    def subtract(self, a: C, b: C) -> C: ...
    def multiply(self, a: C, b: C) -> C: ...
    def divide(self, a: C, b: C) -> C: ...
    def round(self, a: C, places: int, mode: str) -> C: ...
    def less(self, a: C, b: C) -> C: ...
    def equal(self, a: C, b: C) -> C: ...
    def negation(self, a: C) -> C: ...
    def select(self, condition: C, a: C, b: C) -> C: ...
    def default(self, a: C, b: C) -> C: ...


def negate(k: Kernel[C], a: C) -> C:
    return k.subtract(k.number(0), a)


def percent(k: Kernel[C], a: C) -> C:
    return k.multiply(a, k.number(ONE // 100))


def power(k: Kernel[C], a: C, exponent: int) -> C:
    """Multiply step by step, rounding each product; anything to the power of 0 is 1."""
    return reduce(k.multiply, [a] * (exponent - 1), a) if exponent else k.add(k.subtract(a, a), k.number(ONE))


def at_least(k: Kernel[C], a: C, b: C) -> C:
    return k.negation(k.less(a, b))


def both(k: Kernel[C], a: C, b: C) -> C:
    false = k.negation(k.number(ONE))
    return k.select(a, k.negation(k.negation(b)), false)


def either(k: Kernel[C], a: C, b: C) -> C:
    true = k.negation(k.number(0))
    return k.select(a, true, k.negation(k.negation(b)))


def minimum(k: Kernel[C], *cells: C) -> C:
    return reduce(lambda a, b: k.select(k.less(b, a), b, a), cells)


def maximum(k: Kernel[C], *cells: C) -> C:
    return reduce(lambda a, b: k.select(k.less(a, b), b, a), cells)


def absolute(k: Kernel[C], a: C) -> C:
    return k.select(k.less(a, k.number(0)), negate(k, a), a)


def total(k: Kernel[C], *cells: C) -> C:
    return reduce(k.add, cells)


def average(k: Kernel[C], *cells: C) -> C:
    return k.divide(total(k, *cells), k.number(len(cells) * ONE))


def clamp(k: Kernel[C], x: C, low: C, high: C) -> C:
    return minimum(k, maximum(k, x, low), high)


def step(k: Kernel[C], x: C, *table: C) -> C:
    """Return the value of the greatest bound that ``x`` reaches; the table falls and ends with the rest."""
    *pairs, result = table
    for bound, value in zip(reversed(pairs[::2]), reversed(pairs[1::2]), strict=True):
        result = k.select(k.less(x, bound), result, value)
    return result


def linear(k: Kernel[C], x: C, x0: C, x1: C, y0: C, y1: C) -> C:
    """Return the height at ``x`` of the line from (x0, y0) to (x1, y1), held level beyond both ends."""
    rising = k.less(x0, x1)
    before = k.select(rising, at_least(k, x0, x), at_least(k, x, x0))
    beyond = k.select(rising, at_least(k, x, x1), at_least(k, x1, x))
    rise = k.multiply(k.subtract(x, x0), k.subtract(y1, y0))
    inside = k.add(y0, k.divide(rise, k.subtract(x1, x0)))
    held = k.select(before, y0, k.select(beyond, y1, inside))
    return k.select(k.equal(x0, x1), k.failure(Outcome.TARGET_ZERO), held)


def veto(k: Kernel[C], score: C, condition: C, cap: C | None = None) -> C:
    """Return the score, or where the condition holds zero or at most the cap."""
    vetoed = k.number(0) if cap is None else minimum(k, score, cap)
    return k.select(condition, vetoed, score)


OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "add": lambda k, a, b: k.add(a, b),
        "subtract": lambda k, a, b: k.subtract(a, b),
        "multiply": lambda k, a, b: k.multiply(a, b),
        "divide": lambda k, a, b: k.divide(a, b),
        "negate": negate,
        "percent": percent,
        "power": power,
        "equal": lambda k, a, b: k.equal(a, b),
        "unequal": lambda k, a, b: k.negation(k.equal(a, b)),
        "less": lambda k, a, b: k.less(a, b),
        "more": lambda k, a, b: k.less(b, a),
        "at_most": lambda k, a, b: at_least(k, b, a),
        "at_least": at_least,
        "and": both,
        "or": either,
        "not": lambda k, a: k.negation(a),
        "min": minimum,
        "max": maximum,
        "abs": absolute,
        "sum": total,
        "average": average,
        "clamp": clamp,
        "round": lambda k, a, places: k.round(a, places, "half_up"),
        "roundup": lambda k, a, places: k.round(a, places, "up"),
        "rounddown": lambda k, a, places: k.round(a, places, "down"),
        "if": lambda k, condition, a, b: k.select(condition, a, b),
        "default": lambda k, a, b: k.default(a, b),
        "step": step,
        "linear": linear,
        "veto": veto,
    }
)
