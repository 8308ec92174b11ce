"""The whole loop on a real company's data: every figure equals the one calculated apart from the product."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from tests.factories import make_tenant, system_actor
from tests.golden.adventureworks_load import COMPANY, load_company

from zhiheng.calckit.rounding import round_half_up
from zhiheng.goals.services.goals import set_target
from zhiheng.integrations.models import Record
from zhiheng.metrics.models import Observation
from zhiheng.metrics.queries.definitions import period_by_code
from zhiheng.people.models import Person
from zhiheng.reviews.models import ReviewCycle, Score
from zhiheng.reviews.queries.reports import score_views
from zhiheng.reviews.services.cycles import close_cycle, recompute_cycle
from zhiheng.tenancy.context import tenant_context

EXPECTED = json.loads((Path(__file__).parent / "adventureworks_expected.json").read_text(encoding="utf-8"))
ROWS = {(row["period"], row["employee_id"]): row for row in EXPECTED["rows"]}
CLOSED = [each["code"] for each in COMPANY["period"] if each["close"]]


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """Load the company once, close the periods that its set-up says, and roll all of it back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        tenant = make_tenant("Adventure Works")
        actor = system_actor(tenant)
        with tenant_context(tenant.id):
            cycles = load_company(actor)
            for code in CLOSED:
                close_cycle(actor=actor, cycle_id=cycles[code])
        yield actor, cycles
        transaction.set_rollback(True)


@pytest.fixture
def inside(company, django_db_blocker):
    """Work in the company; what a test writes is rolled back."""
    actor, cycles = company
    with django_db_blocker.unblock(), tenant_context(actor.tenant_id):
        point = transaction.savepoint()
        yield actor, cycles
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("code", [each["code"] for each in COMPANY["period"]])
def test_every_figure_of_a_period_equals_the_expected_one(inside, code):
    actor, cycles = inside
    views = {view.number: view for view in score_views(actor, ReviewCycle.objects.get(id=cycles[code]))}
    expected = {number: row for (period, number), row in ROWS.items() if period == code}
    assert set(views) == set(expected)
    for number, row in expected.items():
        view = views[number]
        found = {
            "revenue": view.inputs_by_name["订单收入"],
            "customers": view.inputs_by_name["下单客户数"],
            "new_customers": view.inputs_by_name["新客户数"],
            "target": view.inputs_by_name["目标值"],
            "attainment": round_half_up(view.steps_by_name["达成率"], 6),
            "new_customer_rate": round_half_up(view.steps_by_name["新客户率"], 6),
            "score": view.value,
            "rank": view.rank,
            "rank_in_unit": view.rank_in_unit,
            "org_unit_code": view.unit_code,
        }
        assert found == {
            key: Decimal(row[key]) if isinstance(row[key], str) and key != "org_unit_code" else row[key]
            for key in found
        }, number


@pytest.mark.parametrize("code", CLOSED)
def test_the_orders_behind_a_score_add_up_to_its_inputs(inside, code):
    _actor, cycles = inside
    for score in Score.objects.filter(cycle_id=cycles[code]).select_related("person"):
        row = ROWS[code, score.person.employee_number]
        inputs = {each["name"]: each for each in score.inputs}
        revenue = Observation.objects.get(id=inputs["订单收入"]["observation_id"])
        orders = list(Record.objects.filter(id__in=revenue.record_ids))
        assert sorted(int(order.key) for order in orders) == row["order_ids"]
        assert sum(Decimal(order.payload["subtotal"]) for order in orders) == Decimal(
            inputs["订单收入"]["value"]
        )
        customers = Observation.objects.get(id=inputs["下单客户数"]["observation_id"])
        buyers = {each.payload["customer_id"] for each in Record.objects.filter(id__in=customers.record_ids)}
        assert len(buyers) == row["customers"]
        new = Observation.objects.get(id=inputs["新客户数"]["observation_id"])
        assert len(new.record_ids) == row["new_customers"]


@pytest.mark.parametrize("code", CLOSED)
def test_a_closed_cycle_recomputes_byte_equal(inside, code):
    actor, cycles = inside
    assert recompute_cycle(actor=actor, cycle_id=cycles[code]).is_equal


def test_later_data_do_not_change_a_closed_cycle(inside):
    actor, cycles = inside
    order = Record.objects.filter(stream__code="orders", occurred_on="2011-05-31").first()
    late = Record(
        stream_id=order.stream_id, key=order.key, revision=2, occurred_on=order.occurred_on,
        payload={**order.payload, "subtotal": "1"}, payload_hash="x", person_id=order.person_id,
        org_unit_id=order.org_unit_id, legal_entity_id=order.legal_entity_id,
        received_at=ReviewCycle.objects.get(id=cycles["2011-05-31"]).as_of.replace(year=2100),
    )  # fmt: skip
    late.save(force_insert=True)
    person = Person.objects.get(employee_number="275")
    period = period_by_code("2011-05-31")
    set_target(
        actor=actor, person_id=person.id, metric_code="order_revenue", period_id=period.id, target=Decimal(1)
    )
    assert recompute_cycle(actor=actor, cycle_id=cycles["2011-05-31"]).is_equal


def test_closing_again_changes_nothing(inside):
    actor, cycles = inside
    before = list(Score.objects.order_by("id").values()), Observation.objects.count()
    again = close_cycle(actor=actor, cycle_id=cycles["2011-05-31"])
    assert (again.was_closed, again.people, again.not_assessable) == (True, 10, 0)
    assert (list(Score.objects.order_by("id").values()), Observation.objects.count()) == before


def test_the_application_cannot_change_a_closed_cycle_by_any_means(inside):
    _actor, cycles = inside
    cycle_id = cycles["2011-05-31"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_reviewcycle SET state = 'open' WHERE id = %s", [cycle_id])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM reviews_reviewcycle WHERE id = %s", [cycle_id])
        assert cursor.rowcount == 0
    for statement in (
        "UPDATE reviews_score SET value = 1",
        "DELETE FROM reviews_score",
        "UPDATE metrics_observation SET value = 1",
        "UPDATE integrations_record SET payload = '{}'",
        "UPDATE goals_goalrevision SET target = 1",
        "UPDATE reviews_scorecardversion SET formula = '1'",
        "UPDATE metrics_metricversion SET aggregate = 'count'",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)
    score = Score.objects.filter(cycle_id=cycle_id).first()
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Score(
            cycle_id=cycle_id, person=Person.objects.get(employee_number="1"), org_unit_id=score.org_unit_id,
            legal_entity_id=score.legal_entity_id, state="scored", value=1, computed_at=score.computed_at,
        ).save(force_insert=True)  # fmt: skip


def test_someone_who_sees_one_subsidiary_cannot_close(inside):
    import dataclasses

    actor, cycles = inside
    narrow = dataclasses.replace(actor, legal_entity_ids=frozenset())
    with pytest.raises(ValidationError):
        close_cycle(actor=narrow, cycle_id=cycles["2013-02-28"])
