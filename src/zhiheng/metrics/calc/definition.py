"""What a metric is, apart from any database."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Filter:
    """A condition on a field of a record: ``op`` is eq, ne, in, ge or le."""

    field: str
    op: str
    value: object


@dataclass(frozen=True)
class Definition:
    """One version of a metric. ``inputs`` maps the names in a formula to codes of metrics."""

    code: str
    kind: str
    stream: str = ""
    aggregate: str = ""
    field: str = ""
    filters: tuple[Filter, ...] = ()
    formula: str = ""
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields of the stream that it reads."""
        used = [self.field, *(each.field for each in self.filters)]
        return tuple(dict.fromkeys(name for name in used if name))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of everything that decides the value."""
        content = {
            "kind": self.kind,
            "stream": self.stream,
            "aggregate": self.aggregate,
            "field": self.field,
            "filters": [[each.field, each.op, each.value] for each in self.filters],
            "formula": self.formula,
            "inputs": dict(self.inputs),
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
