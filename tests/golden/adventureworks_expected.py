"""Expected figures of the AdventureWorks demo, calculated apart from the product.

    python tests/golden/adventureworks_expected.py        # writes adventureworks_expected.json beside itself

Standard library only, exact fractions throughout, no code of the product: what the product shows must equal
this file. Rounded values are half-up (away from zero at the midpoint; all values here are positive).
"""

import csv
import json
import tomllib
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "adventureworks"
RESULT = Path(__file__).with_name("adventureworks_expected.json")

Row = dict[str, str]

ATTAINMENT_CAP = Fraction(150, 100)
ATTAINMENT_WEIGHT, NEW_CUSTOMER_WEIGHT = Fraction(80, 100), Fraction(20, 100)


def table(name: str, encoding: str = "utf-8") -> list[Row]:
    with (EXAMPLE / name).open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def half_up(value: Fraction, places: int) -> str:
    """The value rounded half-up to ``places`` decimals; exact because only integers are divided."""
    scaled = value * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return str(Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def exact(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def period_of(day: str, starts: list[str]) -> str:
    """Start of the quota period that holds ``day``; ISO dates compare as text."""
    return max(start for start in starts if start <= day)


def unit_on(employee: str, day: str, assignments: list[Row]) -> str:
    """Org unit of an employee on a day; ``end_date`` is the last day of an assignment."""
    for row in assignments:
        if row["employee_id"] == employee and row["start_date"] <= day <= (row["end_date"] or "9999-12-31"):
            return row["org_unit_code"]
    raise LookupError(f"employee {employee} has no assignment on {day}")


def orders_by_cell(orders: list[Row], starts: list[str]) -> dict[tuple[str, str], list[Row]]:
    """(period, salesperson) -> orders."""
    cells = defaultdict(list)
    for order in orders:
        cells[period_of(order["order_date"], starts), order["salesperson_id"]].append(order)
    return cells


def first_orders(orders: list[Row]) -> dict[str, str]:
    """Customer -> id of the first order ever placed with the company (earliest date, then lowest number)."""
    found: dict[str, str] = {}
    for order in sorted(orders, key=lambda row: (row["order_date"], int(row["order_id"]))):
        found.setdefault(order["customer_id"], order["order_id"])
    return found


def score_cell(orders: list[Row], target: Fraction, first: dict[str, str]) -> dict:
    revenue = sum((Fraction(order["subtotal"]) for order in orders), Fraction(0))
    customers = {order["customer_id"] for order in orders}
    new = {order["customer_id"] for order in orders if first[order["customer_id"]] == order["order_id"]}
    attainment = revenue / target
    rate = Fraction(len(new), len(customers)) if customers else Fraction(0)
    score = min(attainment, ATTAINMENT_CAP) * ATTAINMENT_WEIGHT + rate * NEW_CUSTOMER_WEIGHT
    return {
        "orders": len(orders),
        "revenue": half_up(revenue, 4),
        "customers": len(customers),
        "new_customers": len(new),
        "target": half_up(target, 0),
        "attainment_exact": exact(attainment),
        "attainment": half_up(attainment, 6),
        "new_customer_rate_exact": exact(rate),
        "new_customer_rate": half_up(rate, 6),
        "score_exact": exact(score),
        "score": half_up(score, 4),
        "is_capped": attainment > ATTAINMENT_CAP,
        "order_ids": sorted(int(order["order_id"]) for order in orders),
    }


def rank(rows: list[dict]) -> None:
    """Give each row its place by exact score, in the company and in its org unit; equal scores share one."""
    for row in rows:
        rivals = [each for each in rows if each["period"] == row["period"]]
        better = [each for each in rivals if Fraction(each["score_exact"]) > Fraction(row["score_exact"])]
        row["rank"] = 1 + len(better)
        row["rank_in_unit"] = 1 + sum(each["org_unit_code"] == row["org_unit_code"] for each in better)


def period_totals(period: dict, rows: list[dict]) -> dict:
    mine = [row for row in rows if row["period"] == period["code"]]
    revenue = sum((Fraction(row["revenue"]) for row in mine), Fraction(0))
    target = sum((Fraction(row["target"]) for row in mine), Fraction(0))
    return {
        "code": period["code"],
        "from": period["from"].isoformat(),
        "to": period["to"].isoformat(),
        "is_closed": period["close"],
        "people": len(mine),
        "orders": sum(row["orders"] for row in mine),
        "revenue": half_up(revenue, 4),
        "target": half_up(target, 0),
        "attainment": half_up(revenue / target, 6),
        "new_customers": sum(row["new_customers"] for row in mine),
        "reached": sum(Fraction(row["attainment_exact"]) >= 1 for row in mine),
    }


def expected() -> dict:
    company = tomllib.loads((EXAMPLE / "company.toml").read_text(encoding="utf-8"))
    orders, assignments = table("orders.csv"), table("assignments.csv")
    targets = table("targets.csv", "utf-16")
    entity_of = {row["employee_id"]: row["legal_entity"] for row in table("employees.csv")}
    starts = sorted({row["quota_date"] for row in targets})
    cells, first = orders_by_cell(orders, starts), first_orders(orders)
    rows = []
    for row in sorted(targets, key=lambda each: (each["quota_date"], int(each["employee_id"]))):
        period, employee = row["quota_date"], row["employee_id"]
        last_day = max(each["to"] for each in company["period"] if each["from"].isoformat() == period)
        last_day = last_day.fromordinal(last_day.toordinal() - 1).isoformat()
        rows.append(
            {
                "period": period,
                "employee_id": employee,
                "org_unit_code": unit_on(employee, last_day, assignments),
                "legal_entity": entity_of[employee],
                **score_cell(cells.pop((period, employee), []), Fraction(row["sales_quota"]), first),
            }
        )
    assert not cells, "orders outside every target: " + repr(sorted(cells))
    rank(rows)
    return {
        "formula": company["scorecard"]["formula"],
        "periods": [period_totals(period, rows) for period in company["period"]],
        "rows": rows,
    }


def main() -> None:
    RESULT.write_text(json.dumps(expected(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
