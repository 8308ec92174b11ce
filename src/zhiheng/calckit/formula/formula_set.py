"""Formulas that refer to each other by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

import polars as pl

from zhiheng.calckit.formula.fixed import Outcome
from zhiheng.calckit.formula.formula import Formula, Result, Value
from zhiheng.calckit.formula.parser import Vocabulary, parse
from zhiheng.calckit.formula.problems import FormulaError, FormulaProblem


def order_formulas(texts: Mapping[str, str], names: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the names of the formulas so that each comes after those it refers to.

    ``names`` are the further names that may occur (None: any). Raises FormulaError, also for a circle.
    """
    return tuple(FormulaSet.parse(texts, names).formulas)


@dataclass(frozen=True)
class FormulaSet:
    """``formulas`` by name, each after those it refers to. Make one with `FormulaSet.parse`."""

    formulas: Mapping[str, Formula]

    @classmethod
    def parse(cls, texts: Mapping[str, str], names: Iterable[str] | None = None) -> FormulaSet:
        """Read formulas that may use each other and ``names`` (None: any). Raises FormulaError."""
        vocabulary = Vocabulary.of((*(names or ()), *texts), others=names is None)
        formulas = {name: _parse_named(name, text, vocabulary) for name, text in texts.items()}
        uses = {name: [used for used in formula.names if used in texts] for name, formula in formulas.items()}
        try:
            order = tuple(TopologicalSorter(uses).static_order())
        except CycleError as error:
            raise _circle(formulas, error.args[1]) from None
        return cls({name: formulas[name] for name in order})

    @property
    def names(self) -> tuple[str, ...]:
        """The names that must be given: all used that are no formulas."""
        used = (name for formula in self.formulas.values() for name in formula.names)
        return tuple(dict.fromkeys(name for name in used if name not in self.formulas))

    def evaluate(self, values: Mapping[str, Value]) -> dict[str, Result]:
        """Compute one row of every formula; a reason for no value passes on to the formulas that use it."""
        known = dict(values)
        results: dict[str, Result] = {}
        for name, formula in self.formulas.items():
            result = results[name] = formula.evaluate(known)
            known[name] = result.value if result.outcome is Outcome.OK else result.outcome
        return results

    def evaluate_frame(self, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """Compute every row of every formula; see `Formula.evaluate_frame`."""
        results: dict[str, pl.DataFrame] = {}
        outcomes: dict[str, pl.Series] = {}
        for name, formula in self.formulas.items():
            result = results[name] = formula.evaluate_frame(frame, outcomes)
            outcomes[name] = result["outcome"]
            frame = frame.with_columns(result["value"].alias(name))
        return results


def _parse_named(name: str, text: str, vocabulary: Vocabulary) -> Formula:
    try:
        return Formula(text, parse(text, vocabulary))
    except FormulaError as error:
        raise FormulaError(replace(error.problem, formula=name)) from None


def _circle(formulas: Mapping[str, Formula], circle: list[str]) -> FormulaError:
    """Name the circle in the direction of use, from its formula given first, and point at that use."""
    users = circle[:0:-1]  # graphlib lists what is used before its user, and the first once more at the end
    first = min(users, key=list(formulas).index)
    at = users.index(first)
    path = [*users[at:], *users[:at], first]
    formula = formulas[first]
    use = next(node for node in formula.program if node.name == path[1])
    params = {"cycle": " → ".join(path)}
    return FormulaError(FormulaProblem("cycle", formula.text, use.start, use.end, params, first))
