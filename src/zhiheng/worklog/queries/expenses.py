"""Travel expense claims that an actor may see, and what they are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.tenancy.models import LegalEntity
from zhiheng.worklog.calc.expenses import Rate, Stop
from zhiheng.worklog.choices import CheckKind, ClaimState, VisitState
from zhiheng.worklog.models import ExpenseClaim, ExpenseLine, ExpenseRate, Visit, VisitCheck
from zhiheng.worklog.policies import MANAGE_RATE, READ_CLAIM
from zhiheng.worklog.queries.scopes import rows_of_people

TAKEN = (ClaimState.SUBMITTED, ClaimState.APPROVED, ClaimState.PAID)
"""A visit in a claim of these states is not claimed a second time."""


def claims_for_actor(actor: Actor, permission: Permission = READ_CLAIM) -> QuerySet[ExpenseClaim]:
    """Return the claims of people in scope."""
    return ExpenseClaim.objects.filter(rows_of_people(actor, permission)).select_related("person__org_unit")


def claim_for_actor(actor: Actor, claim_id: UUID, permission: Permission = READ_CLAIM) -> ExpenseClaim:
    """Return a claim; 404 when it is not there or not the actor's to see."""
    found = claims_for_actor(actor, permission).filter(id=claim_id).first()
    if found is None:
        raise Http404
    return found


def lines_of_claim(claim: ExpenseClaim) -> list[ExpenseLine]:
    """Return the lines of a claim the actor may already see."""
    return list(ExpenseLine.objects.filter(claim=claim).select_related("visit__customer"))


def receipt_of_claim(actor: Actor, file_id: UUID) -> bool:
    """Tell whether a stored file is a receipt of a claim that the actor may see."""
    if not actor.can(READ_CLAIM):
        return False
    scope = rows_of_people(actor, READ_CLAIM, "claim__person")
    return ExpenseLine.objects.filter(scope, receipt_id=file_id).exists()


def rates_for_actor(actor: Actor) -> QuerySet[ExpenseRate]:
    """Return the travel rates, latest first."""
    actor.scope(MANAGE_RATE)
    return ExpenseRate.objects.select_related("legal_entity")


def entities_for_actor(actor: Actor) -> list[LegalEntity]:
    """Return the subsidiaries whose rates the actor may set."""
    rows = LegalEntity.objects.filter(is_active=True)
    if actor.legal_entity_ids is not None:
        rows = rows.filter(id__in=actor.legal_entity_ids)
    return list(rows)


def rates_of_entity(legal_entity_id: UUID) -> list[Rate]:
    """Return what a subsidiary pays, from which day on."""
    return [
        Rate(each.from_on, each.distance_rate, each.daily_allowance, each.detour, each.currency)
        for each in ExpenseRate.objects.filter(legal_entity_id=legal_entity_id)
    ]


def unclaimed_stops(
    person_id: UUID, first: dt.date, last: dt.date, without_claim: UUID | None = None
) -> list[Stop]:
    """Return somebody's visits of a period that are in no claim on its way, in order, each with its place.

    The place is the customer's, else where the check-in was.
    """
    taken = ExpenseLine.objects.filter(
        claim__person_id=person_id, claim__state__in=TAKEN, visit__isnull=False
    ).exclude(claim_id=without_claim)
    visits = (
        Visit.objects.filter(person_id=person_id, state=VisitState.DONE, on__gte=first, on__lte=last)
        .exclude(id__in=taken.values("visit_id"))
        .select_related("customer")
        .order_by("started_at")
    )
    found = list(visits)
    checked = _checked_places(found)
    return [Stop(each.on, str(each.id), each.customer.name, _place(each, checked)) for each in found]


def _checked_places(visits: Sequence[Visit]) -> dict[UUID, tuple[float, float]]:
    rows = VisitCheck.objects.filter(
        visit_id__in=[each.id for each in visits], kind=CheckKind.IN, wgs_latitude__isnull=False
    )
    names = ("visit_id", "wgs_latitude", "wgs_longitude")
    return {visit: (float(north), float(east)) for visit, north, east in rows.values_list(*names)}


def _place(visit: Visit, checked: dict[UUID, tuple[float, float]]) -> tuple[float, float] | None:
    customer = visit.customer
    if customer.latitude is not None and customer.longitude is not None:
        return float(customer.latitude), float(customer.longitude)
    return checked.get(visit.id)


def claimed_days(person_id: UUID, without_claim: UUID | None = None) -> set[dt.date]:
    """Return the days whose allowance is in a claim on its way."""
    rows = ExpenseLine.objects.filter(
        claim__person_id=person_id, claim__state__in=TAKEN, kind="allowance"
    ).exclude(claim_id=without_claim)
    return set(rows.values_list("on", flat=True))
