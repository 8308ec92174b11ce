"""What a person did on a day, from wherever it came, in order: visits, work content, project hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.people.public import PersonRef, persons_by_id
from zhiheng.worklog.choices import BuiltinCategory, VisitState
from zhiheng.worklog.models import TimesheetEntry, Visit, WorkEntry
from zhiheng.worklog.policies import READ_ENTRY
from zhiheng.worklog.queries.categories import CategoryInfo

_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Content:
    """One thing done; ``entry_id`` where it was typed and can be taken away, ``visit_id`` where it was a visit."""

    on: dt.date
    label: str
    is_effective: bool
    minutes: int
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    note: str = ""
    entry_id: UUID | None = None
    visit_id: UUID | None = None


def person_for_actor(actor: Actor, person_id: UUID) -> PersonRef:
    """Return somebody whose work content the actor may see; 404 otherwise."""
    person = persons_by_id([person_id]).get(person_id)
    scope = actor.scope(READ_ENTRY)
    if person is None or not scope.has(
        person_id=person.id, org_unit_id=person.org_unit_id, legal_entity_id=person.legal_entity_id
    ):
        raise Http404
    return person


def content_of(
    person_id: UUID, first: dt.date, last: dt.date, known: Mapping[str, CategoryInfo]
) -> dict[dt.date, list[Content]]:
    """Return what somebody did, by day. Checks no permission: callers do."""
    rows = [
        *_visits(person_id, first, last, known),
        *_entries(person_id, first, last, known),
        *_hours(person_id, first, last, known),
    ]
    rows.sort(key=lambda each: (each.on, each.started_at is None, each.started_at or _NEVER))
    found: dict[dt.date, list[Content]] = {}
    for each in rows:
        found.setdefault(each.on, []).append(each)
    return found


def _visits(
    person_id: UUID, first: dt.date, last: dt.date, known: Mapping[str, CategoryInfo]
) -> list[Content]:
    rows = Visit.objects.filter(person_id=person_id, on__gte=first, on__lte=last, state=VisitState.DONE)
    kind = known[BuiltinCategory.VISIT.value]
    return [
        Content(
            each.on, kind.label, kind.is_effective, each.minutes or 0, each.started_at, each.ended_at,
            each.customer.name, visit_id=each.id,
        )
        for each in rows.select_related("customer")
    ]  # fmt: skip


def _entries(
    person_id: UUID, first: dt.date, last: dt.date, known: Mapping[str, CategoryInfo]
) -> list[Content]:
    rows = WorkEntry.objects.filter(person_id=person_id, on__gte=first, on__lte=last)
    return [
        Content(
            each.on, known[each.category].label if each.category in known else each.category,
            each.category in known and known[each.category].is_effective, each.minutes, each.started_at,
            each.ended_at, each.note, entry_id=each.id,
        )
        for each in rows
    ]  # fmt: skip


def _hours(
    person_id: UUID, first: dt.date, last: dt.date, known: Mapping[str, CategoryInfo]
) -> list[Content]:
    rows = TimesheetEntry.objects.filter(person_id=person_id, on__gte=first, on__lte=last)
    kind = known[BuiltinCategory.PROJECT.value]
    return [
        Content(
            each.on, kind.label, kind.is_effective, each.minutes,
            note=f"{each.activity.project.name} · {each.activity.name}",
        )
        for each in rows.select_related("activity__project")
    ]  # fmt: skip
