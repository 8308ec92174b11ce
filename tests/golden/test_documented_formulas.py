"""The examples of the user guide's formula chapters come to what the guide says."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from zhiheng.calckit.formula import Formula, Outcome

DOCS = Path(__file__).parents[2] / "docs"
REASONS = {
    "目标（除数）为零": Outcome.TARGET_ZERO,
    "缺少数据": Outcome.MISSING,
    "divisor is zero": Outcome.TARGET_ZERO,
    "missing": Outcome.MISSING,
}
ROW = re.compile(
    r"^\| `(?P<formula>[^`]+)` \| (?P<inputs>[^|]*=[^|]*) \| (?P<result>[^|]+) \|$", re.MULTILINE
)


def documented(language: str) -> list[tuple[str, str, str]]:
    return ROW.findall((DOCS / language / "formulas.md").read_text(encoding="utf-8"))


def read_inputs(text: str) -> dict[str, Decimal | None]:
    pairs = (each.split("=") for each in re.split("[，,] *", text))
    return {name: None if value in ("空", "none") else Decimal(value) for name, value in pairs}


def test_both_languages_document_examples():
    assert (len(documented("zh")), len(documented("en"))) == (13, 10)


@pytest.mark.parametrize(("formula", "inputs", "expected"), documented("zh") + documented("en"))
def test_documented_example(formula, inputs, expected):
    result = Formula.parse(formula).evaluate(read_inputs(inputs))

    if expected in REASONS:
        assert (result.value, result.outcome) == (None, REASONS[expected])
    else:
        assert (result.value, result.outcome) == (Decimal(expected), Outcome.OK)
