"""Customers that an actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.worklog.models import Customer
from zhiheng.worklog.policies import MANAGE_CUSTOMER, READ_CUSTOMER
from zhiheng.worklog.queries.scopes import rows_of_people


def customers_for_actor(actor: Actor, permission: Permission = READ_CUSTOMER) -> QuerySet[Customer]:
    """Return the customers owned by people in scope, and those that nobody owns."""
    scope = rows_of_people(actor, permission, "owner") | Q(owner=None)
    return Customer.objects.filter(scope).select_related("owner")


def customers_with_visits(actor: Actor) -> QuerySet[Customer]:
    """Return the same with how often and when last they were visited."""
    done = Q(visits__state="done")
    return customers_for_actor(actor).annotate(
        visit_count=Count("visits", filter=done), last_visit_on=Max("visits__on", filter=done)
    )


def customer_for_actor(actor: Actor, customer_id: UUID, permission: Permission = READ_CUSTOMER) -> Customer:
    """Return a customer; 404 when it is not there or not the actor's to see."""
    found = customers_for_actor(actor, permission).filter(id=customer_id).first()
    if found is None:
        raise Http404
    return found


def customer_for_change(actor: Actor, customer_id: UUID) -> Customer:
    """Return a customer that the actor may change; 404 otherwise."""
    return customer_for_actor(actor, customer_id, MANAGE_CUSTOMER)


def customers_to_visit(actor: Actor, text: str = "", limit: int = 50) -> list[Customer]:
    """Return the customers to choose from, one's own first."""
    rows = customers_for_actor(actor).filter(is_active=True)
    for word in text.split()[:4]:
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(address__icontains=word))
    if actor.person_id is None:
        return list(rows.order_by("name")[:limit])
    is_own = Q(owner_id=actor.person_id)
    found = list(rows.filter(is_own).order_by("name")[:limit])
    others = rows.filter(~is_own | Q(owner=None)).order_by("name")
    return found + list(others[: limit - len(found)])
