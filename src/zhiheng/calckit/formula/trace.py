"""The trace of one evaluation: every node with its text, inputs and value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhiheng.calckit.formula.fixed import ENGINE, Cell, Outcome, to_text
from zhiheng.calckit.formula.program import ATOM, Node, Program, binding_of, write_node


class Step(NamedTuple):
    """One node: ``value`` is a decimal as text, a truth, or None with the reason in ``outcome``."""

    op: str
    text: str
    start: int
    end: int
    inputs: tuple[int, ...]
    value: str | bool | None
    outcome: str


class Working(NamedTuple):
    """A step as a user reads it: ``达成率×80%`` = ``0.95 × 0.8`` = ``0.76``."""

    text: str
    working: str
    value: str


@dataclass(frozen=True, slots=True)
class Trace:
    """All steps in the order of computing; the last one is the result."""

    text: str
    digest: str
    program: Program
    steps: tuple[Step, ...]

    def as_dict(self) -> dict[str, object]:
        """Return plain JSON data; ``inputs`` are the values of the names, enough to compute again."""
        inputs = {
            node.name: step for node, step in zip(self.program, self.steps, strict=True) if node.op == "name"
        }
        return {
            "engine": ENGINE,
            "formula": self.text,
            "digest": self.digest,
            "inputs": {name: _value(step) for name, step in inputs.items()},
            "steps": [
                {
                    "op": op,
                    "text": text,
                    "span": [start, end],
                    "inputs": list(args),
                    **_value_of(value, outcome),
                }
                for op, text, start, end, args, value, outcome in self.steps
            ],
            **_value(self.steps[-1]),
        }

    def to_json(self) -> str:
        """Return the same text for the same formula and inputs, always."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def workings(self, lang: str = "zh") -> tuple[Working, ...]:
        """Tell a user how the result came about, leaving out constants and branches not taken."""
        reached = self._reached()
        shown = [_shown(step, lang) for step in self.steps]
        lines = []
        for position, node in enumerate(self.program):
            if position in reached and node.op != "number":
                step = self.steps[position]
                lines.append(Working(step.text, _working(node, shown), shown[position]))
        return tuple(lines)

    def _reached(self) -> set[int]:
        reached = {len(self.steps) - 1}
        for position in reversed(range(len(self.steps))):
            if position in reached:
                reached.update(self._deciding(self.steps[position]))
        return reached

    def _deciding(self, step: Step) -> Sequence[int]:
        """Return the inputs that had a say in a step: of an IF, the condition and the branch taken."""
        if step.op != "if":
            return step.inputs
        condition, a, b = step.inputs
        truth = self.steps[condition].value
        if truth is None:
            return (condition,)
        return (condition, b if truth in (False, "0") else a)


def make_trace(text: str, digest: str, program: Program, cells: Sequence[Cell]) -> Trace:
    """Join the nodes of a program with what they came to."""
    steps = tuple(
        [
            Step(node.op, text[node.start : node.end], node.start, node.end, node.args, *_plain(cell))
            for node, cell in zip(program, cells, strict=True)
        ]
    )
    return Trace(text, digest, program, steps)


def _plain(cell: Cell) -> tuple[str | bool | None, str]:
    if isinstance(cell, Outcome):
        return None, cell.name
    return (cell if isinstance(cell, bool) else to_text(cell)), "OK"


def _value(step: Step) -> dict[str, object]:
    return _value_of(step.value, step.outcome)


def _value_of(value: str | bool | None, outcome: str) -> dict[str, object]:
    return {"value": value, "outcome": outcome}


def _shown(step: Step, lang: str) -> str:
    if step.value is None:
        return Outcome[step.outcome].label(lang)
    if isinstance(step.value, bool):
        yes, no = ("Yes", "No") if lang.startswith("en") else ("是", "否")
        return yes if step.value else no
    return step.value


def _working(node: Node, shown: Sequence[str]) -> str:
    """Write a node with the values of its inputs in their places; a name has no working."""
    if node.op == "name":
        return ""
    bindings = [
        binding_of(Node("number", (), 0, 0, -1)) if shown[arg][0] == "-" else ATOM for arg in node.args
    ]
    return write_node(node, [shown[arg] for arg in node.args], bindings).translate(_SIGNS_FOR_PEOPLE)


_SIGNS_FOR_PEOPLE = str.maketrans("*/", "×÷")
