"""Requests: who sees which, what was approved, and the company's rules for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from uuid import UUID

import polars as pl
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.attendance.calc.requests import Rules
from zhiheng.attendance.choices import RequestKind, TimeRequestState, WhoMayAsk
from zhiheng.attendance.models import RequestRules, TimeRequest
from zhiheng.attendance.policies import CREATE_REQUEST, READ_REQUEST
from zhiheng.tenancy.context import current_tenant_id

COLUMNS = {"person": "person_id", "org_unit": "org_unit_id", "legal_entity": "legal_entity_id"}


# --- What was approved, for the settlement ----------------------------------------------------------------------


@dataclass(frozen=True)
class ApprovedRequests:
    """What people were allowed, as frames; ids are text, instants UTC.

    ``outings``: person_id, from_at, to_at. ``trips``: person_id, on; a row a day. ``overtime``: person_id, on, minutes,
    compensation (pay or time_off), request_id, and from_at and to_at, both null where only a duration was approved.
    Corrections are punches, and swaps are in the roster.
    """

    outings: pl.DataFrame
    trips: pl.DataFrame
    overtime: pl.DataFrame


_INSTANT = pl.Datetime("us", "UTC")
_OUTINGS = {"person_id": pl.String, "from_at": _INSTANT, "to_at": _INSTANT}
_TRIPS = {"person_id": pl.String, "on": pl.Date}
_OVERTIME = {
    "person_id": pl.String, "on": pl.Date, "from_at": _INSTANT, "to_at": _INSTANT, "minutes": pl.Int32,
    "compensation": pl.String, "request_id": pl.String,
}  # fmt: skip
_WHERE = """
FROM attendance_timerequest
WHERE tenant_id = %(tenant)s AND kind = %(kind)s AND state = 'approved'
    AND from_on <= %(last)s AND to_on >= %(first)s AND (%(all)s OR person_id = ANY(%(ids)s::uuid[]))
"""
_SQL = {
    RequestKind.OUTING: f"SELECT person_id::text, from_at, to_at {_WHERE} ORDER BY person_id, from_at",
    RequestKind.TRIP: f"""
        SELECT person_id::text, day::date {
        _WHERE.replace(
            "WHERE",
            "CROSS JOIN LATERAL generate_series(greatest(from_on, %(first)s)::timestamp, "
            "least(to_on, %(last)s)::timestamp, '1 day') AS day WHERE",
            1,
        )
    } ORDER BY person_id, day""",
    RequestKind.OVERTIME: f"""
        SELECT person_id::text, from_on, from_at, to_at, minutes, compensation, id::text {_WHERE}
        ORDER BY person_id, from_on, from_at""",
}


def approved_intervals(
    person_ids: Collection[UUID] | None, first: dt.date, last: dt.date
) -> ApprovedRequests:
    """Return what was approved for people (``None``: everybody) from ``first`` to ``last``, both included.

    An outing belongs to the span when it touches one of its days; overtime by its attendance day. Checks no permission.
    """

    def frame(kind: RequestKind, schema: dict[str, pl.DataType]) -> pl.DataFrame:
        values = {
            "tenant": current_tenant_id(), "kind": kind.value, "first": first, "last": last,
            "all": person_ids is None, "ids": [] if person_ids is None else list(person_ids),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_SQL[kind], values)
            return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")

    return ApprovedRequests(
        frame(RequestKind.OUTING, _OUTINGS),
        frame(RequestKind.TRIP, _TRIPS),
        frame(RequestKind.OVERTIME, _OVERTIME),
    )


# --- Who sees what ----------------------------------------------------------------------------------------------


def requests_for_actor(actor: Actor) -> QuerySet[TimeRequest]:
    """Return the requests in the actor's scope, and those that ask the actor to swap a shift."""
    seen = actor.scope(READ_REQUEST).q(**COLUMNS)
    if actor.person_id:
        seen |= Q(other_person_id=actor.person_id)
    return TimeRequest.objects.filter(seen).select_related("person", "org_unit", "other_person")


def time_request_for_actor(actor: Actor, time_request_id: UUID) -> TimeRequest:
    """Return a request; 404 when it is not there or not the actor's to see."""
    found = requests_for_actor(actor).filter(id=time_request_id).first()
    if found is None:
        raise Http404
    return found


def own_requests(actor: Actor) -> QuerySet[TimeRequest]:
    """Return the requests made for the actor's person, newest first."""
    rows = TimeRequest.objects.select_related("other_person").order_by("-created_at", "-id")
    return rows.filter(person_id=actor.person_id) if actor.person_id else rows.none()


def asked_of(actor: Actor) -> QuerySet[TimeRequest]:
    """Return the swaps that wait for the actor's answer."""
    rows = TimeRequest.objects.filter(state=TimeRequestState.ASKED).select_related("person")
    return rows.filter(other_person_id=actor.person_id) if actor.person_id else rows.none()


# --- Rules ------------------------------------------------------------------------------------------------------


def rules_row() -> RequestRules:
    """Return the company's rules; the usual ones, not stored, where it has not set any."""
    return RequestRules.objects.first() or RequestRules()


def rules_of(row: RequestRules) -> Rules:
    """Return the rules as calculation reads them."""
    return Rules(**{each.name: getattr(row, each.name) for each in fields(Rules)})


def who_may_ask(row: RequestRules, kind: str) -> str:
    """Return who may make requests of a kind (`WhoMayAsk`)."""
    return row.who.get(kind, WhoMayAsk.EVERYBODY)


def kinds_open_to(actor: Actor, row: RequestRules) -> list[RequestKind]:
    """Return the kinds that the actor may ask for, for themselves or for others."""
    if not actor.can(CREATE_REQUEST):
        return []
    is_manager = manages_others(actor)
    wanted = {WhoMayAsk.EVERYBODY, WhoMayAsk.MANAGERS} if is_manager else {WhoMayAsk.EVERYBODY}
    return [kind for kind in RequestKind if who_may_ask(row, kind) in wanted]


def manages_others(actor: Actor) -> bool:
    """Tell whether the actor may make requests for other people."""
    scope = actor.scope(CREATE_REQUEST)
    return bool(scope.is_tenant or scope.legal_entity_ids or scope.org_unit_ids)
