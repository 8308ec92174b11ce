"""Capacity models: the stories they tell, and inputs as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhiheng.calckit.formula import Formula
from zhiheng.goals.capacity import capacity_models, number_of

MODELS = capacity_models()


def value(code: str, **given: str) -> Decimal | None:
    model = MODELS[code]
    return model.value({each.name: each.default for each in model.inputs} | given)


def test_a_failure_rate_of_5_percent_makes_950_of_1000_machines():
    assert value("machines", 设备故障率="0") == 1000
    assert value("machines") == 950


def test_conversion_repurchase_and_budget_allow_15_percent_where_30_were_wanted():
    last_month = Decimal(1_000_000)
    assert value("conversion") / last_month - 1 == Decimal("0.15")
    assert value("conversion", 营销预算="200,000") > last_month * Decimal("1.3")
    assert value("conversion", 转化周期="60") == 825_000  # half of the leads close later


def test_more_effective_time_allows_20_percent():
    assert value("effective_time") == 120


@pytest.mark.parametrize("code", MODELS)
def test_every_model_uses_just_its_inputs(code):
    model = MODELS[code]
    assert set(Formula.parse(model.formula).names) == {each.name for each in model.inputs}
    assert all([model.label, model.shown_note, *(each.label for each in model.inputs)])


def test_what_is_no_number_gives_no_capacity():
    assert value("machines", 人数="五") is None
    assert value("conversion", 线索成本="0") is None
    assert MODELS["machines"].value({}) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000", Decimal(1000)), ("5%", Decimal("0.05")), ("5％", Decimal("0.05")), (" 8 ", Decimal(8)), ("", None),
        ("abc", None), ("NaN", None), ("1e99", None), ("-3", Decimal(-3)),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, number):
    assert number_of(text) == number
