"""Ready-made metrics over the standard streams, as data: `library.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zhiheng.metrics.choices import Direction
from zhiheng.tenancy.naming import in_reader_language

FILE = Path(__file__).with_name("library.json")
_INPUT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class LibraryMetric:
    """A metric as `create_metric` takes it; ``formula`` names its inputs by code: ``{a} ÷ {b}``."""

    code: str
    name: str
    name_en: str
    places: int
    unit: str = ""
    direction: str = Direction.HIGHER.value
    stream: str = ""
    aggregate: str = ""
    field: str = ""
    formula: str = ""

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.name_en)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the codes that the formula uses, each once."""
        return tuple(dict.fromkeys(_INPUT.findall(self.formula)))

    def formula_with(self, names: Mapping[str, str]) -> str:
        """Return the formula with names in place of codes."""
        return _INPUT.sub(lambda match: f"[{names[match[1]]}]", self.formula)


@cache
def library() -> Mapping[str, LibraryMetric]:
    """Return all ready-made metrics by code; inputs come before what uses them."""
    return {each["code"]: LibraryMetric(**each) for each in json.loads(FILE.read_text(encoding="utf-8"))}


def with_inputs(code: str) -> list[LibraryMetric]:
    """Return a metric and before it all that it uses."""
    metric = library()[code]
    return [*(each for name in metric.inputs for each in with_inputs(name)), metric]


def streams_of(code: str) -> set[str]:
    """Return the streams that a metric needs."""
    return {each.stream for each in with_inputs(code) if each.stream}
