"""Make the input files of examples/adventureworks from the tidy AdventureWorks subset.

    python examples/prepare_adventureworks.py SOURCE_DIRECTORY

SOURCE_DIRECTORY holds the tables named in examples/adventureworks/SOURCE.md. Values are copied unchanged;
this script only drops columns, joins first and last name, writes a shift's name for its number, and names the
org unit of the people employed by the European and the Pacific subsidiary. The results are committed, so the
demo never needs this script.
"""

import csv
import shutil
import sys
from pathlib import Path

TARGET = Path(__file__).parent / "adventureworks"

EUROPE, PACIFIC, HEADQUARTERS = "AWE", "AWP", "AWC"
SUBSIDIARY_OF_TERRITORY_GROUP = {"North America": HEADQUARTERS, "Europe": EUROPE, "Pacific": PACIFIC}
SUBSIDIARY_OF_TITLE = {"European Sales Manager": EUROPE, "Pacific Sales Manager": PACIFIC}
SALES_UNIT_OF_SUBSIDIARY = {EUROPE: "3-EU", PACIFIC: "3-AP"}
SALES_DEPARTMENT = "3"

ORG_UNIT_COLUMNS = ["code", "name", "parent_code", "kind", "legal_entity"]
EMPLOYEE_COLUMNS = [
    "employee_id",
    "name",
    "gender",
    "birth_date",
    "hire_date",
    "job_title",
    "manager_id",
    "legal_entity",
]
ASSIGNMENT_COLUMNS = [
    "employee_id",
    "org_unit_code",
    "job_title",
    "manager_id",
    "shift",
    "start_date",
    "end_date",
]
ORDER_COLUMNS = [
    "order_id",
    "order_date",
    "customer_id",
    "salesperson_id",
    "territory_id",
    "po_number",
    "subtotal",
    "tax",
    "freight",
    "total_due",
]
# Copied as they are, with the columns that are kept: file here, table there.
COPIED = {
    ("shifts.csv", "shifts.csv"): ["shift_id", "name", "start_time", "end_time"],
    ("territories.csv", "territories.csv"): ["territory_id", "name", "country", "group_name"],
    ("salespeople.csv", "salespersons.csv"): ["employee_id", "territory_id", "bonus", "commission_pct"],
    (
        "customers.csv",
        "reseller_customers.csv",
    ): ["customer_id", "store_name", "territory_id", "store_salesperson_id"],
    ("orders.csv", "reseller_orders.csv"): ORDER_COLUMNS,
}

GROUP_CODES = {
    "Executive General and Administration": "G-EXEC",
    "Inventory Management": "G-INV",
    "Manufacturing": "G-MFG",
    "Quality Assurance": "G-QA",
    "Research and Development": "G-RD",
    "Sales and Marketing": "G-SM",
}


def read(source: Path, name: str) -> list[dict[str, str]]:
    """Rows of one table as text, so that no value changes on the way through."""
    with (source / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(name: str, columns: list[str], rows: list[dict], *, encoding="utf-8", end="\n") -> None:
    with (TARGET / name).open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)


def subsidiaries(source: Path) -> dict[str, str]:
    """Employee number -> legal entity: by title for regional managers, by territory for the other sellers."""
    group_of = {row["territory_id"]: row["group_name"] for row in read(source, "territories.csv")}
    result = {
        row["employee_id"]: SUBSIDIARY_OF_TITLE.get(row["job_title"], HEADQUARTERS)
        for row in read(source, "employees.csv")
    }
    for row in read(source, "salespersons.csv"):
        if row["territory_id"]:
            result[row["employee_id"]] = SUBSIDIARY_OF_TERRITORY_GROUP[group_of[row["territory_id"]]]
    return result


def org_units(source: Path) -> list[dict[str, str]]:
    """One tree per legal entity: company > division (the department's group) > department."""
    rows = [
        (HEADQUARTERS, "Adventure Works Cycles", "", "company", HEADQUARTERS),
        (EUROPE, "Adventure Works Europe", "", "company", EUROPE),
        (PACIFIC, "Adventure Works Pacific", "", "company", PACIFIC),
    ]
    rows += [(code, name, HEADQUARTERS, "division", HEADQUARTERS) for name, code in GROUP_CODES.items()]
    rows += [
        (row["department_id"], row["name"], GROUP_CODES[row["group_name"]], "department", HEADQUARTERS)
        for row in read(source, "departments.csv")
    ]
    rows += [
        (SALES_UNIT_OF_SUBSIDIARY[entity], f"Sales {region}", entity, "department", entity)
        for entity, region in ((EUROPE, "Europe"), (PACIFIC, "Pacific"))
    ]
    return [dict(zip(ORG_UNIT_COLUMNS, row, strict=True)) for row in rows]


def employees(source: Path, entity_of: dict[str, str]) -> list[dict[str, str]]:
    rows = read(source, "employees.csv")
    for row in rows:
        row["name"] = f"{row['first_name']} {row['last_name']}"
        row["legal_entity"] = entity_of[row["employee_id"]]
    return rows


def assignments(source: Path, entity_of: dict[str, str]) -> list[dict[str, str]]:
    rows = read(source, "department_history.csv")
    employee = {row["employee_id"]: row for row in read(source, "employees.csv")}
    shift_name = {row["shift_id"]: row["name"] for row in read(source, "shifts.csv")}
    for row in rows:
        # The source knows the present title and manager only.
        row["job_title"] = employee[row["employee_id"]]["job_title"]
        row["manager_id"] = employee[row["employee_id"]]["manager_id"]
        row["shift"] = shift_name[row["shift_id"]]
        row["org_unit_code"] = row["department_id"]
        if row["department_id"] == SALES_DEPARTMENT:
            entity = entity_of[row["employee_id"]]
            row["org_unit_code"] = SALES_UNIT_OF_SUBSIDIARY.get(entity, SALES_DEPARTMENT)
    return rows


def write_targets(source: Path) -> None:
    """Excel's "Unicode text" is what planning people send: UTF-16 little endian with a byte order mark."""
    columns = ["employee_id", "quota_date", "sales_quota"]
    write("targets.csv", columns, read(source, "quotas.csv"), encoding="utf-16-le", end="\r\n")
    path = TARGET / "targets.csv"
    path.write_bytes(b"\xff\xfe" + path.read_bytes())


def main(source: Path) -> None:
    entity_of = subsidiaries(source)
    write("org_units.csv", ORG_UNIT_COLUMNS, org_units(source))
    write("employees.csv", EMPLOYEE_COLUMNS, employees(source, entity_of))
    write("assignments.csv", ASSIGNMENT_COLUMNS, assignments(source, entity_of))
    for (here, there), columns in COPIED.items():
        write(here, columns, read(source, there))
    write_targets(source)
    shutil.copyfile(source / "LICENSE.microsoft.txt", TARGET / "LICENSE.microsoft.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
