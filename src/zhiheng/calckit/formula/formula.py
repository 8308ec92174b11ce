"""A formula and what it comes to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from zhiheng.calckit.formula import columnar
from zhiheng.calckit.formula.fixed import ENGINE, Cell, Outcome, from_value, to_text
from zhiheng.calckit.formula.lexer import plain
from zhiheng.calckit.formula.parser import Vocabulary, parse
from zhiheng.calckit.formula.program import Program, canonical, compute
from zhiheng.calckit.formula.scalar import ScalarKernel
from zhiheng.calckit.formula.trace import Trace, make_trace

Value = Decimal | int | bool | Outcome | None


@dataclass(frozen=True, slots=True)
class Result:
    """``value`` is None unless ``outcome`` is OK; ``trace`` tells how it came about."""

    value: Decimal | None
    outcome: Outcome
    trace: Trace


@dataclass(frozen=True)
class Formula:
    """A formula that has been read without error. Make one with `Formula.parse`."""

    text: str
    program: Program

    @classmethod
    def parse(cls, text: str, names: Iterable[str] | None = None, *, others: bool = False) -> Formula:
        """Read a formula that may use ``names``, or any if None. Raises FormulaError pointing at the place.

        With ``others`` any name may be used too, and ``names`` only tell how to spell these.
        """
        return cls(text, parse(text, Vocabulary.of(names, others=others)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names used, each once, in order of appearance, spelled as given to `parse`."""
        return tuple(dict.fromkeys(node.name for node in self.program if node.op == "name"))

    def canonical(self) -> str:
        """Return the normal form: formulas that differ only in spelling have the same."""
        return canonical(self.program)

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex over the engine version and the normal form."""
        return hashlib.sha256(f"{ENGINE}\n{self.canonical()}".encode()).hexdigest()

    def evaluate(self, values: Mapping[str, Value]) -> Result:
        """Compute one row. Raises KeyError for an absent name, TypeError or ValueError for no number."""
        inputs = {name: _input(name, values) for name in self.names}
        cells = compute(self.program, _SCALAR, inputs)
        value, outcome = _result(cells[-1])
        return Result(value, outcome, make_trace(self.text, self.digest, self.program, cells))

    def evaluate_frame(
        self, frame: pl.DataFrame, outcomes: Mapping[str, pl.Series] | None = None
    ) -> pl.DataFrame:
        """Compute every row: columns ``value``, Decimal(38, 12), null unless OK, and ``outcome``, an Enum.

        Inputs are Decimal, integer or Boolean columns called like the names. ``outcomes`` may tell for an
        input why its values are null, as the ``outcome`` of an earlier frame does. Raises KeyError for an
        absent column and TypeError for one of another type, floats above all.
        """
        columns = {name: frame[_key(name, frame.columns)] for name in self.names}
        return columnar.evaluate(self.program, columns, outcomes or {}, frame.height)


_SCALAR = ScalarKernel()


def _input(name: str, values: Mapping[str, Value]) -> Cell:
    try:
        return from_value(values[name] if name in values else values[_key(name, values)])
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: {error}") from None


def _key(name: str, keys: Iterable[str]) -> str:
    """Find the key that is the name but for full-width and half-width signs."""
    for key in keys:
        if key == name or plain(key).strip() == plain(name).strip():
            return key
    raise KeyError(name)


def _result(cell: Cell) -> tuple[Decimal | None, Outcome]:
    if isinstance(cell, Outcome):
        return None, cell
    return Decimal(to_text(cell)), Outcome.OK
