"""The invented companies' files go through the importer as they are, and their set-ups work."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from zhiheng import demo
from zhiheng.goals.models import Goal
from zhiheng.integrations.models import Record
from zhiheng.people.models import Assignment, Person
from zhiheng.reviews.models import ReviewCycle, Score
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db


def load(folder: str) -> demo.Company:
    """Load what the files hold; the working time that is replayed has tests of its own."""
    company = demo.Company(demo.EXAMPLES / folder)
    company.data.pop("attendance", None)
    for _note, step in company.steps():
        if company.actor is None:
            step()
        else:
            with tenant_context(company.actor.tenant_id), transaction.atomic():
                step()
    return company


@pytest.mark.parametrize(
    ("folder", "people", "records", "goals", "cycles", "scores"),
    [
        ("trading", 40, 394, 56, 0, 0),
        ("research", 60, 0, 0, 0, 0),
        ("manufacturer", 150, 237, 0, 3, 158),
    ],
)
def test_company_loads(folder, people, records, goals, cycles, scores):
    company = load(folder)

    with tenant_context(company.actor.tenant_id):
        assert Person.objects.count() == Assignment.objects.count() == people
        assert Record.objects.count() == records
        assert Goal.objects.count() == goals
        assert (ReviewCycle.objects.count(), Score.objects.count()) == (cycles, scores)


def test_untidy_cells_arrive_clean():
    company = load("trading")

    with tenant_context(company.actor.tenant_id):
        ninth = Person.objects.select_related("org_unit", "position", "manager").get(employee_number="QH009")
        names = list(Person.objects.values_list("name", flat=True))
    assert (ninth.org_unit.name, ninth.position.name) == ("人力行政部", "行政专员")
    assert ninth.manager.employee_number == "QH007"
    assert [name for name in names if "\u3000" in name] == []


def test_score_of_a_worker_by_hand():
    """PS064 in August: 167 of 168 pieces and 3 of 4 maintenances are 0.994048 x 80% + 0.75 x 20%."""
    company = load("manufacturer")

    with tenant_context(company.actor.tenant_id):
        score = Score.objects.get(cycle__period__code="2026-08", person__employee_number="PS064")
    assert score.value == Decimal("0.9452")
