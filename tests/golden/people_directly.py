import csv
import datetime as dt

from tests.golden.adventureworks_load import EXAMPLE

from zhiheng.people.models import Assignment, Employment, Person
from zhiheng.tenancy.models import LegalEntity, OrgUnit


def table(name):
    with (EXAMPLE / name).open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def load():
    ent = {e.code: e for e in LegalEntity.objects.all()}
    units = {}
    for r in table("org_units.csv"):
        parent = units.get(r["parent_code"])
        u = OrgUnit(
            legal_entity=ent[r["legal_entity"]],
            parent=parent,
            code=r["code"],
            name=r["name"],
            kind=r["kind"] if r["kind"] in ("company", "division", "department", "team") else "department",
            valid=(dt.date(2000, 1, 1), None),
        )
        u.path = [*(parent.path if parent else []), u.id]
        u.save()
        units[u.code] = u
    last = {}
    rows = table("assignments.csv")
    for r in rows:
        last[r["employee_id"]] = r
    P, E, A = [], [], []
    for r in table("employees.csv"):
        e = ent[r["legal_entity"]]
        p = Person(
            legal_entity=e,
            name=r["name"],
            search_text=r["name"],
            status="active",
            employee_number=r["employee_id"],
            org_unit=units[last[r["employee_id"]]["org_unit_code"]],
        )
        mine = [x for x in rows if x["employee_id"] == r["employee_id"]]
        start = min(dt.date.fromisoformat(x["start_date"]) for x in mine)
        m = Employment(person=p, legal_entity=e, employee_number=r["employee_id"], valid=(start, None))
        P.append(p)
        E.append(m)
        for x in mine:
            end = dt.date.fromisoformat(x["end_date"]) + dt.timedelta(days=1) if x["end_date"] else None
            A.append(
                Assignment(
                    employment=m,
                    person=p,
                    legal_entity=e,
                    org_unit=units[x["org_unit_code"]],
                    valid=(dt.date.fromisoformat(x["start_date"]), end),
                )
            )
    Person.objects.bulk_create(P)
    Employment.objects.bulk_create(E)
    Assignment.objects.bulk_create(A)
