"""The result of reading one cell: a value, and notes on what is wrong or was put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """One remark on a cell; see :class:`zhiheng.dataimport.calc.issue.Issue` for the meaning of the parts."""

    severity: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    proposed: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A converted value (None: empty or not convertible) and its notes."""

    value: Any = None
    notes: tuple[Note, ...] = ()


def error(code: str, **params: Any) -> Parsed:
    """No value, because of an error."""
    return Parsed(None, (Note("error", code, params),))


def repaired(value: Any, code: str, proposed: str, **params: Any) -> Parsed:
    """A value read from a text that should better be written as ``proposed``."""
    return Parsed(value, (Note("repair", code, params, proposed),))
