"""Visits that an actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

import polars as pl
from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.access.permissions import Permission
from zhiheng.worklog.choices import VisitState
from zhiheng.worklog.models import Visit, VisitCheck
from zhiheng.worklog.policies import READ_VISIT
from zhiheng.worklog.queries.scopes import rows_of_people

PRESENCE_COLUMNS = {
    "person_id": pl.String,
    "from_at": pl.Datetime("us", "UTC"),
    "to_at": pl.Datetime("us", "UTC"),
    "kind": pl.String,
}


def visits_for_actor(actor: Actor, permission: Permission = READ_VISIT) -> QuerySet[Visit]:
    """Return the visits of people in scope."""
    scope = rows_of_people(actor, permission)
    return Visit.objects.filter(scope).select_related("person__org_unit", "customer")


def visit_for_actor(actor: Actor, visit_id: UUID, permission: Permission = READ_VISIT) -> Visit:
    """Return a visit; 404 when it is not there or not the actor's to see."""
    found = visits_for_actor(actor, permission).filter(id=visit_id).first()
    if found is None:
        raise Http404
    return found


def checks_of(visit: Visit) -> list[VisitCheck]:
    """Return check-in and check-out of a visit that the actor may already see."""
    return list(VisitCheck.objects.filter(visit=visit))


def visits_of_day(actor: Actor, person_id: UUID, on: dt.date) -> list[Visit]:
    """Return somebody's visits of a day, planned ones too, in order; and one still open from before."""
    rows = visits_for_actor(actor).filter(person_id=person_id).exclude(state=VisitState.CANCELLED)
    found = [*rows.filter(on=on), *rows.filter(state=VisitState.STARTED, on__lt=on)]
    return sorted(found, key=lambda each: each.started_at or each.planned_at or each.created_at)


def visit_of_photo(actor: Actor, file_id: UUID) -> bool:
    """Tell whether a stored file is the photo of a visit that the actor may see."""
    if not actor.can(READ_VISIT):
        return False
    return VisitCheck.objects.filter(rows_of_people(actor, READ_VISIT), photo_id=file_id).exists()


def visit_presence(person_ids: Collection[UUID] | None, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Return when people were at customers: person_id, from_at, to_at, kind "visit". Checks no permission."""
    rows = Visit.objects.filter(state=VisitState.DONE, on__gte=first, on__lte=last)
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    found = [
        (str(person), start, end, "visit")
        for person, start, end in rows.values_list("person_id", "started_at", "ended_at")
    ]
    return pl.DataFrame(found, schema=PRESENCE_COLUMNS, orient="row")
