"""Requests for leave, approved leave as a frame, and who is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

import polars as pl
from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.leave.choices import LeaveState
from zhiheng.leave.models import LeaveDay, LeaveRequest
from zhiheng.leave.policies import READ_CALENDAR, READ_LEAVE, REQUEST_LEAVE
from zhiheng.leave.queries.balances import PERSON_COLUMNS
from zhiheng.people.public import PersonRef, persons_by_id

SCHEMA = {
    "person_id": pl.String, "from_at": pl.Datetime("us", "UTC"), "to_at": pl.Datetime("us", "UTC"),
    "type_code": pl.String, "is_paid": pl.Boolean, "request_id": pl.String,
}  # fmt: skip
ONE_DAY = dt.timedelta(days=1)


def requests_for_actor(actor: Actor) -> QuerySet[LeaveRequest]:
    """Return the requests that the actor may see."""
    scope = actor.scope(READ_LEAVE).q(**PERSON_COLUMNS)
    return LeaveRequest.objects.filter(scope).select_related("person", "person__org_unit", "leave_type")


def request_for_actor(actor: Actor, request_id: UUID) -> LeaveRequest:
    """Return a request; 404 when it is not there or not the actor's to see."""
    found = requests_for_actor(actor).filter(id=request_id).first()
    if found is None:
        raise Http404
    return found


def person_to_request_for(actor: Actor, person_id: UUID) -> PersonRef:
    """Return somebody the actor may ask for leave for; 404 for anybody else."""
    person = persons_by_id([person_id]).get(person_id)
    if person is None or not actor.scope(REQUEST_LEAVE).has(
        person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=person.legal_entity_id
    ):
        raise Http404
    return person


def requests_of_person(person_id: UUID) -> QuerySet[LeaveRequest]:
    """Return somebody's requests, the latest first. Checks no permission."""
    return (
        LeaveRequest.objects.filter(person_id=person_id)
        .select_related("leave_type")
        .order_by("-from_on", "-id")
    )


def approved_leave(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Return approved leave of days from ``first`` to ``last``, one row a request and day. Checks no permission.

    Columns: person_id, from_at, to_at (instants, UTC), type_code, is_paid, request_id; by person and time. A row covers
    the scheduled time that the leave takes of a day; days that count without being worked have none.
    """
    rows = LeaveDay.objects.filter(
        on__range=(first, last), request__state=LeaveState.APPROVED, from_at__isnull=False
    )
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    columns = (
        "person_id", "from_at", "to_at", "request__leave_type__code", "request__leave_type__paid_share", "request_id",
    )  # fmt: skip
    found = [
        (str(row[0]), row[1], row[2], row[3], row[4] > 0, str(row[5]))
        for row in rows.order_by("person_id", "from_at").values_list(*columns)
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def away_for_actor(actor: Actor, first: dt.date, last: dt.date) -> QuerySet[LeaveDay]:
    """Return the days that people in scope are away on approved leave, or ask to be."""
    scope = actor.scope(READ_CALENDAR).q(**PERSON_COLUMNS)
    return (
        LeaveDay.objects.filter(
            scope, on__range=(first, last), request__state__in=(LeaveState.APPROVED, LeaveState.PENDING)
        )
        .select_related("person", "person__org_unit", "request__leave_type")
        .order_by("person__employee_number", "on")
    )
