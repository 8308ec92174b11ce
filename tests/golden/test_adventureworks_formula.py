"""The demo's scorecard, evaluated by the formula engine, gives the independently calculated scores."""

import json
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from zhiheng.calckit.formula import Formula

HERE = Path(__file__).parent
COMPANY = HERE.parents[1] / "examples" / "adventureworks" / "company.toml"


def test_scores_of_all_people_and_periods():
    scorecard = tomllib.loads(COMPANY.read_text(encoding="utf-8"))["scorecard"]
    derived = {each["name"]: Formula.parse(each["formula"]) for each in scorecard["derived"]}
    formula = Formula.parse(scorecard["formula"])
    rows = json.loads((HERE / "adventureworks_expected.json").read_text(encoding="utf-8"))["rows"]

    for row in rows:
        inputs = {
            "订单收入": Decimal(row["revenue"]),
            "目标值": Decimal(row["target"]),
            "下单客户数": row["customers"],
            "新客户数": row["new_customers"],
        }
        score = formula.evaluate({name: step.evaluate(inputs).value for name, step in derived.items()}).value
        assert str(score.quantize(Decimal("0.0001"), ROUND_HALF_UP)) == row["score"], row
