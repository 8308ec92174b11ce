"""Persons at work, streams with records, metrics, periods, goals and scorecards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from uuid import UUID

from zhiheng.access.actor import Actor
from zhiheng.integrations.calc.payload import canonical_payload
from zhiheng.integrations.queries.streams import StreamInfo, stream_by_code
from zhiheng.integrations.services.records import NewRecord, add_records
from zhiheng.integrations.services.streams import create_source, create_stream
from zhiheng.metrics.services.periods import create_period
from zhiheng.people.models import Assignment, Employment, Person
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import OrgUnit

_number = count(1)
ORDER_FIELDS = (
    {"name": "order_id", "label": "订单号", "label_en": "Order", "kind": "text"},
    {"name": "order_date", "label": "下单日期", "kind": "date"},
    {"name": "customer_id", "label": "客户编号", "kind": "text"},
    {"name": "salesperson_id", "label": "销售员工号", "kind": "text"},
    {"name": "subtotal", "label": "订单金额", "kind": "decimal", "places": 4},
)


def make_worker(
    unit: OrgUnit, name: str = "李四", number: str = "", since: dt.date = dt.date(2010, 1, 1)
) -> Person:
    """Make a person employed in ``unit`` since a day."""
    number = number or f"W{next(_number)}"
    with tenant_context(unit.tenant_id):
        head = {"legal_entity_id": unit.legal_entity_id}
        person = Person.objects.create(
            name=name, search_text=name, status="active", employee_number=number, org_unit=unit, **head
        )
        employment = Employment.objects.create(
            person=person, employee_number=number, valid=(since, None), **head
        )
        Assignment.objects.create(
            employment=employment, person=person, org_unit=unit, valid=(since, None), **head
        )
        return person


def make_orders_stream(actor: Actor) -> StreamInfo:
    """Declare a stream of orders, inside a tenant context."""
    source = create_source(actor=actor, code="erp", name="ERP", kind="erp")
    create_stream(
        actor=actor, source_id=source, code="orders", name="订单", name_en="Orders", fields=ORDER_FIELDS,
        key_fields=["order_id"], occurred_field="order_date", subject_field="salesperson_id",
    )  # fmt: skip
    return stream_by_code("orders")


def add_orders(stream: StreamInfo, orders: Sequence[tuple[str, str, str, Person, str]]):
    """Add orders given as (id, ISO date, customer, person, amount), inside a tenant context."""
    rows = []
    for number, day, customer, person, amount in orders:
        on = dt.date.fromisoformat(day)
        row = {
            "order_id": number, "order_date": on, "customer_id": customer,
            "salesperson_id": person.employee_number, "subtotal": Decimal(amount),
        }  # fmt: skip
        rows.append(
            NewRecord(
                number, on, canonical_payload(row), person.legal_entity_id, person.id, person.org_unit_id
            )
        )
    return add_records(stream_id=stream.id, rows=rows)


def make_quarter(actor: Actor, code: str = "2026Q1") -> UUID:
    """Add the first quarter of 2026, inside a tenant context."""
    return create_period(
        actor=actor, code=code, name="2026 年第一季度", name_en="Q1 2026",
        period_from=dt.date(2026, 1, 1), period_to=dt.date(2026, 4, 1),
    )  # fmt: skip
