"""Metrics that are formulas over other metrics."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter

import polars as pl

from zhiheng.calckit.formula import Formula, Outcome
from zhiheng.metrics.calc.aggregate import SCHEMA, digest_of
from zhiheng.metrics.calc.definition import Definition

_OUTCOME = pl.Enum([each.name for each in Outcome])


def combine(definition: Definition, values: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the values of a formula metric; ``values`` holds those of its inputs, by code, same people."""
    formula = Formula.parse(definition.formula, definition.inputs)
    used = {name: values[definition.inputs[name]] for name in formula.names}
    people = next(iter(values.values()))["person_id"]
    frame = pl.DataFrame([people, *(each["value"].alias(name) for name, each in used.items())])
    outcomes = {name: each["outcome"].cast(_OUTCOME) for name, each in used.items()}
    result = formula.evaluate_frame(frame, outcomes)
    digests = zip(*(each["digest"] for each in used.values()), strict=True)
    return pl.DataFrame(
        {
            "person_id": people,
            "value": result["value"],
            "outcome": result["outcome"].cast(pl.String),
            "record_count": 0,
            "record_ids": [[] for _ in people],
            "digest": [digest_of(definition.digest, list(each)) for each in digests],
        },
        schema=SCHEMA,
    )


def order_of(definitions: Mapping[str, Definition]) -> list[str]:
    """Return the codes with inputs before what uses them; graphlib.CycleError for a circle."""
    uses = {code: sorted(set(each.inputs.values()) & set(definitions)) for code, each in definitions.items()}
    return list(TopologicalSorter(uses).static_order())
