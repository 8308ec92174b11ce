"""A kept trace as a tree that a reader can follow, from the score down to its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhiheng.calckit.rounding import round_half_up

PLACES = 6
"""Decimals shown of a value on its way; the last rounding is the scorecard's."""


@dataclass(frozen=True)
class Node:
    """A step of the calculation.

    ``kind`` is "score", "step" (derived), "operation" or "input"; ``title`` the name, "" for an operation;
    ``text`` the formula as written, ``working`` the same with values in place of names; ``shown`` the value
    as a reader wants it, "" where there is none (``outcome`` then says why).
    """

    kind: str
    title: str
    text: str
    working: str
    shown: str
    outcome: str
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Term:
    """A summand of the score: formula, names in it, value, its share of the whole and that before it."""

    text: str
    names: tuple[str, ...]
    value: Decimal
    share: Decimal
    before: Decimal

    @property
    def points(self) -> str:
        """Return the value in points: a hundred for 1."""
        return f"{round_half_up(self.value * 100, 2):,f}"

    @property
    def x(self) -> str:
        """Return where the part begins in a bar 1000 wide."""
        return str(round_half_up(self.before * 1000, 1))

    @property
    def width(self) -> str:
        """Return how wide the part is in a bar 1000 wide."""
        return str(round_half_up(self.share * 1000, 1))


def explain(trace: Sequence[Mapping[str, Any]]) -> Node:
    """Return the tree of a score; ``trace`` holds its derived steps and, at last, its formula."""
    formulas = {each["name"]: each for each in trace}
    last = trace[-1]
    return _formula(last, formulas, "score")


def _formula(formula: Mapping[str, Any], formulas: Mapping[str, Mapping[str, Any]], kind: str) -> Node:
    steps = formula["steps"]
    root = len(steps) - 1
    name = formula["name"]
    return Node(
        kind, name, formula["formula"].strip(), _working(steps, root, formulas),
        shown(formula["value"], name), formula["outcome"], _children(steps, root, formulas),
    )  # fmt: skip


def _node(steps: Sequence[Mapping[str, Any]], at: int, formulas: Mapping[str, Mapping[str, Any]]) -> Node:
    step = steps[at]
    if step["op"] == "name":
        name = _name(step)
        if name in formulas:
            return _formula(formulas[name], formulas, "step")
        return Node("input", name, name, "", shown(step["value"], name), step["outcome"])
    return Node(
        "operation", "", step["text"], _working(steps, at, formulas), shown(step["value"]), step["outcome"],
        _children(steps, at, formulas),
    )  # fmt: skip


def _name(step: Mapping[str, Any]) -> str:
    return step["text"].strip("[]【】「」 ")


def _children(
    steps: Sequence[Mapping[str, Any]], at: int, formulas: Mapping[str, Mapping[str, Any]]
) -> tuple[Node, ...]:
    """Return the parts that had a say, without constants; of equal ones only the first."""
    step = steps[at]
    if step["op"] == "name":
        return (_node(steps, at, formulas),)
    parts = [_node(steps, each, formulas) for each in _deciding(steps, at) if steps[each]["op"] != "number"]
    return tuple(dict.fromkeys(parts))


def _deciding(steps: Sequence[Mapping[str, Any]], at: int) -> Sequence[int]:
    """Return the inputs of a step that decide; of an IF the condition and the branch taken."""
    step = steps[at]
    if step["op"] != "if":
        return step["inputs"]
    condition, yes, no = step["inputs"]
    truth = steps[condition]["value"]
    if truth is None:
        return (condition,)
    return (condition, no if truth in (False, "0") else yes)


def _working(steps: Sequence[Mapping[str, Any]], at: int, formulas: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a step's text with the value of each part in its place; constants stay as written."""
    step = steps[at]
    if step["op"] == "name":
        return ""
    start, _end = step["span"]
    text = step["text"]
    for each in sorted(step["inputs"], key=lambda part: steps[part]["span"][0], reverse=True):
        part = steps[each]
        if part["op"] != "number" and part["value"] is not None:
            name = _name(part) if part["op"] == "name" else ""
            low, high = part["span"][0] - start, part["span"][1] - start
            text = text[:low] + shown(part["value"], name) + text[high:]
    return text


def shown(value: str | bool | None, name: str = "") -> str:
    """Return a value for readers: a rate as a percentage, a number with six decimals at most."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    number = Decimal(value)
    if is_rate(name):
        return f"{_trimmed(round_half_up(number * 100, 2))}%"
    return _trimmed(round_half_up(number, PLACES))


def is_rate(name: str) -> bool:
    """Tell by its name whether a number is a rate: 达成率, 占比, conversion rate."""
    return name.endswith(("率", "占比")) or name.lower().endswith("rate")


def _trimmed(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def terms(trace: Sequence[Mapping[str, Any]]) -> tuple[Term, ...]:
    """Return the summands of the score where it is a sum of positive parts; else nothing."""
    steps = trace[-1]["steps"]
    parts = _summands(steps, len(steps) - 1)
    values = [steps[part]["value"] for part in parts]
    if len(parts) < 2 or any(value is None or isinstance(value, bool) for value in values):
        return ()
    numbers = [Decimal(value) for value in values]
    whole = sum(numbers, Decimal(0))
    if any(number < 0 for number in numbers) or not whole:
        return ()
    found: list[Term] = []
    for part, number in zip(parts, numbers, strict=True):
        before = sum((each.share for each in found), Decimal(0))
        share = round_half_up(number / whole, 6)
        found.append(Term(steps[part]["text"], _names(steps, part), number, share, before))
    return tuple(found)


def _summands(steps: Sequence[Mapping[str, Any]], at: int) -> list[int]:
    if steps[at]["op"] != "add":
        return [at]
    return [found for part in steps[at]["inputs"] for found in _summands(steps, part)]


def _names(steps: Sequence[Mapping[str, Any]], at: int) -> tuple[str, ...]:
    step = steps[at]
    if step["op"] == "name":
        return (_name(step),)
    found = [name for part in step["inputs"] for name in _names(steps, part)]
    return tuple(dict.fromkeys(found))
