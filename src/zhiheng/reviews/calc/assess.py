"""From inputs to scores and ranks, by column and by row, both of which must agree."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from zhiheng.calckit.formula import FormulaSet, Outcome
from zhiheng.calckit.rounding import round_half_up

SCORE = "得分"
"""Name of the last formula of a scorecard: no input or derived step may be called so."""

_NUMBER = pl.Decimal(38, 12)
_OUTCOME = pl.Enum([each.name for each in Outcome])


class PathsDisagree(AssertionError):
    """The columnar and the single-row evaluation came to different results; nothing may be written."""


@dataclass(frozen=True)
class Given:
    """One input of one person; ``outcome`` other than OK says why there is no value."""

    name: str
    value: Decimal | None
    outcome: Outcome = Outcome.OK


@dataclass(frozen=True)
class Subject:
    """A person to assess with their inputs; ``unit`` is where they are ranked."""

    person: str
    unit: str
    inputs: tuple[Given, ...]


@dataclass(frozen=True)
class Assessed:
    """What a person scored. ``exact`` has all digits, ``value`` those of the scorecard; None without a score.

    ``trace`` holds, in order of computation, the derived steps and at last the formula, as plain data.
    """

    person: str
    unit: str
    outcome: Outcome
    exact: Decimal | None
    value: Decimal | None
    rank: int | None
    rank_in_unit: int | None
    trace: tuple[dict[str, Any], ...]


def parse_scorecard(formula: str, derived: Mapping[str, str], inputs: Sequence[str]) -> FormulaSet:
    """Return the formulas of a scorecard, the score last. Raises FormulaError, also for a circle."""
    parsed = FormulaSet.parse({**derived, SCORE: formula}, inputs)
    last = parsed.formulas[SCORE]
    others = {name: each for name, each in parsed.formulas.items() if name != SCORE}
    return FormulaSet({**others, SCORE: last})


def assess(
    formulas: FormulaSet, subjects: Sequence[Subject], places: int, *, traced: Collection[str] | None = None
) -> list[Assessed]:
    """Score and rank ``subjects``, in their order; equal exact scores share a rank, the next is skipped.

    Everybody is computed by column; those ``traced`` (None: all) a second time by row, for the trace, and
    both must agree. The others' trace has the names and values of the steps only.
    """
    columns = _by_column(formulas, subjects)
    rows = {name: list(zip(each["value"], each["outcome"], strict=True)) for name, each in columns.items()}
    traces = [
        _traced(formulas, subject, {name: each[at] for name, each in rows.items()})
        if traced is None or subject.person in traced
        else tuple({"name": name, "value": _text(each[at][0])} for name, each in rows.items())
        for at, subject in enumerate(subjects)
    ]
    exact = [value for value, _outcome in rows[SCORE]]
    ranks, ranks_in_unit = _ranks(subjects, exact)
    return [
        Assessed(
            subject.person, subject.unit, Outcome[outcome], number,
            None if number is None else round_half_up(number, places), rank, rank_in_unit, trace,
        )
        for subject, trace, (number, outcome), rank, rank_in_unit
        in zip(subjects, traces, rows[SCORE], ranks, ranks_in_unit, strict=True)
    ]  # fmt: skip


def _traced(
    formulas: FormulaSet, subject: Subject, by_column: Mapping[str, tuple[Decimal | None, str]]
) -> tuple[dict[str, Any], ...]:
    """Compute one person by row and return the trace; `PathsDisagree` where the columns say otherwise."""
    results = formulas.evaluate(
        {each.name: each.value if each.outcome is Outcome.OK else each.outcome for each in subject.inputs}
    )
    for name, result in results.items():
        value, outcome = by_column[name]
        if (value, outcome) != (result.value, result.outcome.name):
            raise PathsDisagree(
                f"{subject.person} {name}: {value} {outcome} by column, {result.value} by row"
            )
    return tuple({"name": name, **result.trace.as_dict()} for name, result in results.items())


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _by_column(formulas: FormulaSet, subjects: Sequence[Subject]) -> dict[str, pl.DataFrame]:
    names = formulas.names
    given = [{each.name: each for each in subject.inputs} for subject in subjects]
    frame = pl.DataFrame(
        {name: [each[name].value for each in given] for name in names},
        schema=dict.fromkeys(names, _NUMBER),
    )
    outcomes = {name: pl.Series([_outcome(each[name]) for each in given], dtype=_OUTCOME) for name in names}
    results = {}
    for name, formula in formulas.formulas.items():
        result = results[name] = formula.evaluate_frame(frame, outcomes)
        outcomes[name] = result["outcome"]
        frame = frame.with_columns(result["value"].alias(name))
    return results


def _outcome(given: Given) -> str:
    if given.outcome is Outcome.OK and given.value is None:
        return Outcome.MISSING.name
    return given.outcome.name


def _ranks(
    subjects: Sequence[Subject], exact: Sequence[Decimal | None]
) -> tuple[list[int | None], list[int | None]]:
    """Return each one's place among all and in their unit; None without a score."""
    everybody = sorted(number for number in exact if number is not None)
    by_unit: dict[str, list[Decimal]] = defaultdict(list)
    for subject, number in sorted(zip(subjects, exact, strict=True), key=lambda each: each[1] or 0):
        if number is not None:
            by_unit[subject.unit].append(number)
    ranks = [_rank(everybody, number) for number in exact]
    in_unit = [_rank(by_unit[subject.unit], number) for subject, number in zip(subjects, exact, strict=True)]
    return ranks, in_unit


def _rank(ascending: Sequence[Decimal], number: Decimal | None) -> int | None:
    """Return one more than how many numbers are greater."""
    return None if number is None else len(ascending) - bisect_right(ascending, number) + 1


def digest(content: object) -> str:
    """Return the SHA-256 of plain data in one canonical form."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
