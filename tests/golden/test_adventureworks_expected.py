"""The demo's input files are the ones described, and the expected figures follow from them."""

import csv
import importlib.util
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "adventureworks"
EXPECTED = json.loads((HERE / "adventureworks_expected.json").read_text(encoding="utf-8"))


def table(name: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    with (EXAMPLE / name).open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("name", "encoding", "rows"),
    [
        ("org_units.csv", "utf-8", 27),
        ("employees.csv", "utf-8", 290),
        ("assignments.csv", "utf-8", 296),
        ("shifts.csv", "utf-8", 3),
        ("territories.csv", "utf-8", 10),
        ("salespeople.csv", "utf-8", 17),
        ("customers.csv", "utf-8", 635),
        ("orders.csv", "utf-8", 1994),
        ("targets.csv", "utf-16", 95),
    ],
)
def test_files_have_the_rows_of_the_source(name, encoding, rows):
    assert len(table(name, encoding)) == rows


def test_expected_figures_follow_from_the_files():
    spec = importlib.util.spec_from_file_location("expected", HERE / "adventureworks_expected.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.expected() == EXPECTED


def test_every_order_belongs_to_exactly_one_expected_row():
    counted = Counter(order for row in EXPECTED["rows"] for order in row["order_ids"])

    assert counted == Counter(int(row["order_id"]) for row in table("orders.csv"))


def test_expected_revenue_is_the_sum_of_all_orders():
    total = sum(Decimal(row["subtotal"]) for row in table("orders.csv"))

    assert sum(Decimal(row["revenue"]) for row in EXPECTED["rows"]) == total == Decimal("44210112.2798")


def test_one_row_by_hand():
    """Employee 280, summer 2012: 428,595.8025 of 210,000 passes the cap; 12 of 19 customers are new."""
    row = next(r for r in EXPECTED["rows"] if (r["period"], r["employee_id"]) == ("2012-05-30", "280"))

    assert (row["revenue"], row["target"], row["customers"], row["new_customers"]) == (
        "428595.8025",
        "210000",
        19,
        12,
    )
    assert row["attainment"] == "2.040932"
    assert row["score"] == "1.3263"  # 1.5 x 0.8 + 12/19 x 0.2 = 1.2 + 0.12631...
    assert row["is_capped"] is True


def test_every_org_unit_and_manager_named_by_a_file_exists():
    units = {row["code"] for row in table("org_units.csv")}
    people = {row["employee_id"] for row in table("employees.csv")}

    assert {row["org_unit_code"] for row in table("assignments.csv")} <= units
    assert {row["employee_id"] for row in table("assignments.csv")} == people
    assert {row["manager_id"] for row in table("employees.csv")} - {""} <= people
    assert {row["salesperson_id"] for row in table("orders.csv")} <= people
