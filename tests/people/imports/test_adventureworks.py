"""The example company goes in through the importer: files, guessed columns, checks, commit, undo."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.factories import make_legal_entity, make_tenant, system_actor

from zhiheng.dataimport.public import import_file
from zhiheng.people import services
from zhiheng.people.imports.persons import PersonTarget
from zhiheng.people.models import Assignment, Employment, ImportTrace, Person, Position
from zhiheng.people.queries.org_units import org_tree_as_of
from zhiheng.people.queries.persons import PersonFilter, persons_as_of
from zhiheng.people.services.snapshots import refresh_person_snapshots
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def tenant(db):
    made = make_tenant("Adventure Works")
    for code, name in [("AWC", "Adventure Works Cycles"), ("AWE", "AW Europe"), ("AWP", "AW Pacific")]:
        make_legal_entity(made, name, code=code)
    with tenant_context(made.id):
        yield made


def load(tenant, name: str, code: str):
    path = EXAMPLES / name
    report = import_file(system_actor(tenant), code, name=path.name, content=path.read_bytes())
    assert [
        (each.cell, each.message or each.code) for each in report.issues if each.severity == "error"
    ] == []
    assert report.is_committed
    return report.result


def test_the_whole_company(tenant):
    units = load(tenant, "adventureworks/org_units.csv", "people.org_unit")
    persons = load(tenant, "adventureworks/employees.csv", "people.person")
    stays = load(tenant, "adventureworks/assignments.csv", "people.assignment")
    assert (units.created, persons.created, stays.created) == (27, 290, 296)
    assert (Person.objects.count(), Employment.objects.count(), Assignment.objects.count()) == (290, 290, 296)
    assert Position.objects.count() == 67
    assert Counter(Person.objects.values_list("legal_entity__code", flat=True)) == {
        "AWC": 284,
        "AWE": 4,
        "AWP": 2,
    }
    assert refresh_person_snapshots(tenant_id=tenant.id) == 0  # bulk and service write the same
    ken = Person.objects.get(employee_number="1")
    assert (ken.name, ken.org_unit.name, ken.position.name, ken.manager) == (
        "Ken Sánchez", "Executive", "Chief Executive Officer", None,
    )  # fmt: skip
    mover = Person.objects.filter(assignments__org_unit__code="13").distinct().get(org_unit__code="5")
    rows = mover.assignments.order_by("valid")
    assert [(row.org_unit.code, row.valid.lower, row.valid.upper) for row in rows] == [
        ("4", date(2011, 2, 25), date(2011, 7, 31)),
        ("13", date(2011, 7, 31), date(2012, 7, 15)),
        ("5", date(2012, 7, 15), None),
    ]
    assert all(row.position_id == mover.position_id and row.manager_id == mover.manager_id for row in rows)
    actor = system_actor(tenant)
    for day, code in [(date(2011, 7, 30), "4"), (date(2011, 7, 31), "13"), (date(2012, 7, 15), "5")]:
        unit = OrgUnit.objects.get(code=code)
        assert persons_as_of(actor, day, PersonFilter(org_unit_id=unit.id)).filter(id=mover.id).exists()
    assert org_tree_as_of(actor, date(2013, 4, 30)).headcount == 288  # two came later


@pytest.mark.parametrize(
    ("units", "persons", "count"),
    [
        ("trading/org_units.csv", "trading/employees.xlsx", None),
        ("research/org_units.xlsx", "research/employees.csv", None),
        ("manufacturer/org_units.xlsx", "manufacturer/employees.xlsx", 150),
    ],
)
def test_chinese_rosters(db, units, persons, count):
    tenant = make_tenant("示例")
    actor = system_actor(tenant)
    with tenant_context(tenant.id):
        code = {"trading": "QH", "research": "YS", "manufacturer": "PS"}[units.split("/")[0]]
        services.save_legal_entity(actor=actor, code=code, name=code)
        for name, target in [(units, "people.org_unit"), (persons, "people.person")]:
            path = EXAMPLES / name
            report = import_file(
                actor, target, name=path.name, content=path.read_bytes(), skip_error_rows=True,
            )  # fmt: skip
            assert report.is_committed, [(each.cell, each.message or each.code) for each in report.issues]
        assert count is None or Person.objects.count() == count
        assert set(Person.objects.values_list("position__name", flat=True)) - {None}
        assert refresh_person_snapshots(tenant_id=tenant.id) == 0


def test_undo_leaves_nothing(tenant):
    load(tenant, "adventureworks/org_units.csv", "people.org_unit")
    actor = system_actor(tenant)
    path = EXAMPLES / "adventureworks/employees.csv"
    report = import_file(actor, "people.person", name=path.name, content=path.read_bytes())
    result = PersonTarget().undo(actor, report.batch_id)
    assert (result.deleted, result.restored, result.refused_because) == (290, 0, "")
    for model in (Person, Employment, Assignment, Position):
        assert not model.objects.exists()
    assert ImportTrace.objects.filter(target__startswith="people.person").count() == 0
