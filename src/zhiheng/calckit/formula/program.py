"""A parsed formula: its nodes in the order in which they are computed, so that nothing need recurse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from zhiheng.calckit.formula.fixed import to_text
from zhiheng.calckit.formula.lexer import plain
from zhiheng.calckit.formula.operations import OPERATIONS, C, Kernel


class Node(NamedTuple):
    """One operation or operand; ``args`` are the positions in the program of its inputs, all before its own.

    ``number`` holds the units of a "number", the exponent of a "power" and the places of a rounding; ``name``
    the name of a "name". ``start`` and ``end`` bound its text in the source.
    """

    op: str
    args: tuple[int, ...]
    start: int
    end: int
    number: int = 0
    name: str = ""


Program = tuple[Node, ...]

WITH_NUMBER = frozenset({"power", "round", "roundup", "rounddown"})

# How tightly a sign binds; an argument printed below the binding of its operator is put in parentheses.
BINDING: Mapping[str, int] = MappingProxyType({
    "or": 1, "and": 2, "not": 3,
    "equal": 4, "unequal": 4, "less": 4, "at_most": 4, "more": 4, "at_least": 4,
    "add": 5, "subtract": 5, "multiply": 6, "divide": 6, "negate": 7, "power": 8, "percent": 9,
})  # fmt: skip
ATOM = 10

SIGNS: Mapping[str, str] = MappingProxyType({
    "or": "OR", "and": "AND", "not": "NOT ",
    "equal": "=", "unequal": "<>", "less": "<", "at_most": "<=", "more": ">", "at_least": ">=",
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "negate": "-", "power": "^", "percent": "%",
})  # fmt: skip


def compute(program: Program, kernel: Kernel[C], inputs: Mapping[str, C]) -> list[C]:
    """Return the cell of every node; the last one is the result."""
    cells: list[C] = []
    for op, args, _, _, number, name in program:
        if op == "number":
            cells.append(kernel.number(number))
        elif op == "name":
            cells.append(inputs[name])
        elif op in WITH_NUMBER:
            cells.append(OPERATIONS[op](kernel, cells[args[0]], number))
        else:
            cells.append(OPERATIONS[op](kernel, *[cells[arg] for arg in args]))
    return cells


def canonical(program: Program) -> str:
    """Write the formula in its one normal form, which differs in nothing but spelling from the source."""
    texts: list[str] = []
    bindings: list[int] = []
    for node in program:
        texts.append(
            write_node(node, [texts[arg] for arg in node.args], [bindings[arg] for arg in node.args])
        )
        bindings.append(binding_of(node))
    return texts[-1]


def binding_of(node: Node) -> int:
    """Tell how tightly the written form of a node holds together."""
    if node.op == "number" and node.number < 0:
        return BINDING["negate"]
    return BINDING.get(node.op, ATOM)


def write_node(node: Node, texts: Sequence[str], bindings: Sequence[int]) -> str:
    """Write one node, given the written inputs and how tightly each of them holds together."""
    if node.op == "number":
        return to_text(node.number)
    if node.op == "name":
        return f"[{plain(node.name)}]"
    if node.op not in SIGNS:
        places = (str(node.number),) if node.op in WITH_NUMBER else ()
        return f"{node.op.upper()}({', '.join((*texts, *places))})"
    own, sign = BINDING[node.op], SIGNS[node.op]
    least = (
        own,
        own + 1,
    )  # operators group to the left: on the right even an equal binding needs parentheses
    inner = [
        f"({text})" if binding < bound else text
        for text, binding, bound in zip(texts, bindings, least, strict=False)
    ]
    if node.op in ("negate", "not"):
        return sign + inner[0]
    if node.op == "percent":
        return inner[0] + sign
    if node.op == "power":
        return f"{inner[0]}^{node.number}"
    return f"{inner[0]} {sign} {inner[1]}"
