"""Capacity models: what is possible, as formulas over constraints that anybody can read and edit; `capacity.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from zhiheng.calckit.formula import Formula, Outcome
from zhiheng.tenancy.naming import in_reader_language

FILE = Path(__file__).with_name("capacity.json")


@dataclass(frozen=True)
class Input:
    """A constraint; ``default`` is the figure of the example it comes from, to be replaced by one's own."""

    name: str
    label_en: str
    default: str

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.label_en)


@dataclass(frozen=True)
class CapacityModel:
    """A formula over inputs; ``note`` says what it assumes."""

    code: str
    name: str
    name_en: str
    formula: str
    note: str
    note_en: str
    inputs: tuple[Input, ...]

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return in_reader_language(self.name, self.name_en)

    @property
    def shown_note(self) -> str:
        """Return what it assumes in the reader's language."""
        return in_reader_language(self.note, self.note_en)

    def value(self, given: Mapping[str, str], places: int = 2) -> Decimal | None:
        """Return what the inputs come to; None where one is no number or the formula gives none."""
        numbers = {each.name: number_of(given.get(each.name, "")) for each in self.inputs}
        if any(each is None for each in numbers.values()):
            return None
        result = Formula.parse(self.formula).evaluate(numbers)
        if result.outcome != Outcome.OK or result.value is None:
            return None
        return round(result.value, places)


def number_of(text: str) -> Decimal | None:
    """Return a number as people write it: ``1,000``, ``5%``; None for what is none or beyond all range."""
    plain = text.strip().replace(",", "").replace("，", "").replace("％", "%")
    try:
        number = Decimal(plain.removesuffix("%"))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return None
    return number / 100 if plain.endswith("%") else number


@cache
def capacity_models() -> Mapping[str, CapacityModel]:
    """Return the models by code."""
    return {each["code"]: _read(each) for each in json.loads(FILE.read_text(encoding="utf-8"))}


def _read(data: Mapping[str, Any]) -> CapacityModel:
    return CapacityModel(**{**data, "inputs": tuple(Input(**each) for each in data["inputs"])})
