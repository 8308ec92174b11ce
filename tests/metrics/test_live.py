"""Values that are kept as the records stand: the same as computed ones, and never old."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.loop import Loop, make_loop
from tests.factories.performance import add_orders

from zhiheng.integrations.models import Change
from zhiheng.integrations.public import Fact, earlier_values, put_records
from zhiheng.metrics.models import LiveSpan, LiveValue
from zhiheng.metrics.queries.definitions import metrics_with_inputs
from zhiheng.metrics.queries.values import compute_values
from zhiheng.metrics.services.live import Refreshed, refresh_live_values
from zhiheng.metrics.services.metrics import redefine_metric
from zhiheng.metrics.tasks import refresh_all
from zhiheng.tenancy.context import tenant_context

pytestmark = pytest.mark.django_db

QUARTER = (dt.date(2026, 1, 1), dt.date(2026, 4, 1))


@pytest.fixture
def loop():
    loop = make_loop()
    with tenant_context(loop.tenant.id):
        yield loop


def computed(loop: Loop, **options) -> dict[str, list[tuple]]:
    """Return the rows of both metrics for the three people, and leave no doubt about where they come from."""
    definitions = {
        code: info.definition for code, info in metrics_with_inputs(["revenue", "new_customers"]).items()
    }
    people = sorted(str(each.id) for each in (loop.ann, loop.bob, loop.cleo))
    frames = compute_values(definitions, *QUARTER, people, **options)
    return {code: frame.rows() for code, frame in frames.items()}


def reads_records(loop: Loop) -> bool:
    with CaptureQueriesContext(connection) as captured:
        computed(loop)
    return any("integrations_record" in each["sql"] for each in captured.captured_queries)


def test_kept_values_equal_computed_ones_down_to_the_records(loop):
    before = computed(loop)
    assert reads_records(loop)
    assert refresh_live_values() == Refreshed(
        spans=2, values=3
    )  # Ann's and Bob's revenue, Ann's new customer
    assert computed(loop) == before
    assert not reads_records(loop)
    assert Change.objects.count() == 0


def test_refreshing_again_changes_nothing(loop):
    refresh_live_values()
    kept = set(LiveValue.objects.values_list("id", flat=True))
    assert refresh_live_values() == Refreshed(spans=0, values=0)
    assert set(LiveValue.objects.values_list("id", flat=True)) == kept


def test_a_figure_is_right_before_the_change_is_taken_up_and_after(loop):
    refresh_live_values()
    add_orders(loop.stream, [("5", "2026-03-30", "C5", loop.bob, "7")])
    assert reads_records(loop)
    late = computed(loop)
    # One order touches the span of the sum and, as any earlier one might, that of first customers.
    assert refresh_live_values() == Refreshed(spans=2, values=2)
    assert not reads_records(loop)
    assert computed(loop) == late
    bob = LiveValue.objects.get(person=loop.bob, value=47)
    assert bob.record_count == 2


def test_an_order_before_the_period_touches_first_occurrences_only(loop):
    refresh_live_values()
    add_orders(loop.stream, [("0", "2025-06-01", "C2", loop.bob, "1")])  # C2 is no longer Ann's new customer
    assert refresh_live_values() == Refreshed(spans=1, values=1)
    assert not LiveValue.objects.filter(person=loop.ann, value=1).exists()
    assert {row[0]: row[1] for row in computed(loop)["new_customers"]}[str(loop.ann.id)] == Decimal(0)


def test_what_was_taken_back_is_no_earlier_occurrence(loop):
    assert {row[0]: row[1] for row in computed(loop)["new_customers"]}[str(loop.bob.id)] == 0
    put = {"order_id": "1", "order_date": dt.date(2025, 12, 31), "customer_id": "C1"}
    number = loop.bob.employee_number
    fact = {**put, "salesperson_id": number, "subtotal": Decimal(999)}
    put_records(stream_code="orders", facts=[Fact(fact, is_withdrawn=True)])
    # C1 is Ann's new customer now, besides C2; both ways of computing say so.
    late = computed(loop)["new_customers"]
    assert {row[0]: row[1] for row in late}[str(loop.ann.id)] == 2
    refresh_live_values()
    assert computed(loop)["new_customers"] == late


def test_earlier_values_are_each_combination_once(loop):
    add_orders(
        loop.stream, [("7", "2025-11-30", "C1", loop.bob, "5"), ("8", "2025-10-01", "C7", loop.ann, "5")]
    )
    rows = (
        earlier_values(loop.stream, ["customer_id"], QUARTER[0]).select("occurred_on", "customer_id").rows()
    )
    assert sorted(rows) == [(dt.date(2025, 10, 1), "C7"), (dt.date(2025, 11, 30), "C1")]


def test_a_corrected_order_touches_the_days_it_left(loop):
    refresh_live_values()
    add_orders(loop.stream, [("3", "2026-05-02", "C2", loop.ann, "100")])  # it stood in February
    change = Change.objects.get()
    assert (change.first_on, change.last_on) == (dt.date(2026, 2, 1), dt.date(2026, 5, 2))
    refresh_live_values()
    assert list(LiveValue.objects.filter(person=loop.ann).values_list("value", flat=True)) == [50]


def test_a_redefined_metric_meets_no_old_values(loop):
    refresh_live_values()
    info = metrics_with_inputs(["revenue"])["revenue"]
    condition = [{"field": "customer_id", "op": "eq", "value": "C1"}]
    redefine_metric(
        actor=loop.actor, metric_id=info.id, stream="orders", aggregate="sum", field="subtotal",
        filters=condition,
    )  # fmt: skip
    assert {row[0]: row[1] for row in computed(loop)["revenue"]}[str(loop.ann.id)] == Decimal(50)
    old = set(LiveSpan.objects.values_list("definition_hash", flat=True))
    assert refresh_live_values().spans == 1
    assert info.definition.digest in old
    assert not LiveSpan.objects.filter(definition_hash=info.definition.digest).exists()


def test_records_are_listed_of_whom_they_are_asked(loop):
    refresh_live_values()
    ann, bob = str(loop.ann.id), str(loop.bob.id)
    listed = {row[0]: len(row[4]) for row in computed(loop, records_of=[ann])["revenue"]}
    assert (listed[ann], listed[bob]) == (2, 0)
    counts = {row[0]: row[3] for row in computed(loop, records_of=())["revenue"]}
    assert (counts[ann], counts[bob]) == (2, 1)


def test_the_past_is_computed_from_records(loop):
    refresh_live_values()
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert {row[1] for row in computed(loop, as_of=long_ago)["revenue"]} == {Decimal(0)}


def test_all_tenants_are_refreshed(loop):
    assert refresh_all(timestamp=0) == 3
    assert refresh_all(timestamp=60) == 0
