"""Warning before it is too late: outlooks of the goals under way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_legal_entity, make_member, make_org_unit, make_tenant
from tests.factories.performance import add_orders, make_orders_stream, make_worker

from zhiheng.access.actor import system_actor
from zhiheng.goals.models import GoalOutlook
from zhiheng.goals.queries.outlooks import rests_of_people
from zhiheng.goals.services.goals import set_target
from zhiheng.goals.services.outlooks import refresh_outlooks
from zhiheng.metrics.queries.definitions import period_by_id
from zhiheng.metrics.services.metrics import create_metric
from zhiheng.metrics.services.periods import create_period
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 15)
LATE = (60, 55, 65, 60, 58, 62, 60, 55, 65, 60, 58, 62)
"""What the last days of each month of 2025 brought; the first days brought 40."""


class House:
    """A salesperson with a year of months, in the middle of the next one; a goal within reach and one that is not."""

    def __init__(self) -> None:
        self.tenant = make_tenant()
        unit = make_org_unit(make_legal_entity(self.tenant))
        self.near, self.far = make_worker(unit, "近", "E1"), make_worker(unit, "远", "E2")
        actor = system_actor(self.tenant.id)
        with tenant_context(self.tenant.id):
            stream = make_orders_stream(actor)
            for code, how in (("revenue", "sum"), ("buyers", "count_distinct")):
                field = "subtotal" if how == "sum" else "customer_id"
                create_metric(actor=actor, code=code, name=code, stream="orders", aggregate=how, field=field)
            orders = []
            for person in (self.near, self.far):
                for month, late in enumerate(LATE, start=1):
                    number = f"{person.employee_number}-{month}"
                    orders.append((f"{number}a", f"2025-{month:02}-05", "C", person, "40"))
                    orders.append((f"{number}b", f"2025-{month:02}-25", "C", person, str(late)))
                orders.append((f"{person.employee_number}-now", "2026-01-15", "C", person, "40"))
            add_orders(stream, orders)
            self.period_id = create_period(
                actor=actor, code="2026-01", name="一月", period_from=dt.date(2026, 1, 1),
                period_to=dt.date(2026, 2, 1),
            )  # fmt: skip
            for person, target in ((self.near, 90), (self.far, 130)):
                set_target(
                    actor=actor, person_id=person.id, metric_code="revenue", period_id=self.period_id,
                    target=Decimal(target),
                )  # fmt: skip


@pytest.fixture
def house():
    found = House()
    with tenant_context(found.tenant.id):
        yield found


def outlook(person) -> GoalOutlook:
    return GoalOutlook.objects.get(person=person)


def test_the_rest_is_learned_from_the_last_days_of_the_periods_before(house):
    period = period_by_id(house.period_id)
    rest = rests_of_people("revenue", period, TODAY)[house.near.id]
    assert (rest.p10, rest.p50) == (Decimal("54.35"), Decimal("59.93"))
    assert rest.method == "level"
    assert rests_of_people("buyers", period, TODAY) == {}
    assert rests_of_people("revenue", period, dt.date(2026, 1, 31)) == {}


def test_goals_within_reach_and_beyond(house):
    assert refresh_outlooks(TODAY) == 2
    near, far = outlook(house.near), outlook(house.far)
    assert (near.on, near.actual, near.target) == (TODAY, 40, 90)
    assert near.probability > Decimal("0.9")
    assert (near.p10, near.p50) == (Decimal("94.35"), Decimal("99.93"))  # 40 are there already
    assert far.probability < Decimal("0.1")
    assert refresh_outlooks(TODAY) == 2
    assert GoalOutlook.objects.count() == 2


def test_a_goal_whose_last_days_bring_nothing_is_warned_of(house, monkeypatch):
    monkeypatch.setattr("zhiheng.goals.services.outlooks.judged_on", lambda today: today)
    assert refresh_outlooks(dt.date(2026, 1, 28)) == 2
    far = outlook(house.far)
    assert (far.p50, far.probability, far.method) == (40, Decimal("0.04"), "past")


def test_nothing_is_under_way(house):
    assert refresh_outlooks(dt.date(2025, 12, 30)) == 0


def test_pages_and_operation(house):
    refresh_outlooks(TODAY)
    client = Client()
    client.force_login(make_member(house.tenant, role="hr"))
    page = client.get(reverse("goals:warning_list")).content.decode()
    assert "远" in page
    assert "近" not in page.partition("<tbody")[2]
    assert "23%–27%" in page
    goal = outlook(house.far).goal_id
    seen = client.get(f"/api/v1/goals/{goal}/outlooks").json()
    assert [(each["on"], each["target"]) for each in seen] == [("2026-01-15", "130.0000")]
    nobody = Client()
    nobody.force_login(make_member(house.tenant, role="employee", person=house.near))
    assert nobody.get(f"/api/v1/goals/{goal}/outlooks").status_code == 404
    assert "远" not in nobody.get(reverse("goals:warning_list")).content.decode().partition("<tbody")[2]
