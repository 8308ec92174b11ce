"""Keeping the list of customers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhiheng.access.actor import Actor
from zhiheng.attendance.choices import Datum
from zhiheng.audit.public import record
from zhiheng.people.public import persons_by_id
from zhiheng.worklog.calc.places import to_wgs84
from zhiheng.worklog.models import Customer
from zhiheng.worklog.policies import MANAGE_CUSTOMER
from zhiheng.worklog.queries.customers import customer_for_change
from zhiheng.worklog.queries.scopes import person_in_scope


@dataclass(frozen=True)
class CustomerData:
    """What is kept about a customer; the coordinates are in ``datum``."""

    code: str
    name: str
    kind: str = ""
    address: str = ""
    contact: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    datum: str = Datum.GCJ02
    radius: int = 500
    is_active: bool = True


def save_customer(
    *,
    actor: Actor,
    data: CustomerData,
    owner_id: UUID | None = None,
    legal_entity_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> UUID:
    """Add a customer or change one; returns the id.

    A customer belongs to the owner's subsidiary; without an owner ``legal_entity_id``, or the actor's own, is needed.
    ValidationError says what is wrong; 404 for a customer, `Forbidden` for an owner outside the scope.
    """
    actor.scope(MANAGE_CUSTOMER)
    customer = customer_for_change(actor, customer_id) if customer_id else Customer()
    if owner_id:
        owner = person_in_scope(actor, MANAGE_CUSTOMER, owner_id)
        customer.legal_entity_id = owner.legal_entity_id
    elif customer_id is None:
        customer.legal_entity_id = legal_entity_id or _entity_of(actor)
    customer.owner_id = owner_id
    place_customer(customer, data)
    customer.full_clean()
    customer.save()
    verb = "worklog.customer.update" if customer_id else "worklog.customer.create"
    payload = {"code": customer.code, "name": customer.name}
    record(actor, verb, subject=("worklog.customer", customer.id), payload=payload)
    return customer.id


def _entity_of(actor: Actor) -> UUID:
    person = persons_by_id([actor.person_id]).get(actor.person_id) if actor.person_id else None
    if person is None:
        raise ValidationError({"owner": _("请选择负责人，客户归属其所在的法人实体。")}, code="no_owner")
    return person.legal_entity_id


def place_customer(customer: Customer, data: CustomerData) -> None:
    """Take data over into a customer, its place in WGS-84; ValidationError for half a place."""
    if (data.latitude is None) != (data.longitude is None):
        raise ValidationError({"latitude": _("请同时填写纬度和经度，或都留空。")}, code="half_a_place")
    for name, value in asdict(data).items():
        setattr(customer, name, value)
    if data.latitude is not None and data.longitude is not None:
        customer.latitude, customer.longitude = to_wgs84(data.latitude, data.longitude, data.datum)
