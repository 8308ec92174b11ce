"""Work content that an actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.worklog.models import WorkEntry
from zhiheng.worklog.policies import READ_ENTRY
from zhiheng.worklog.queries.scopes import rows_of_people


def work_entries_for_actor(actor: Actor) -> QuerySet[WorkEntry]:
    """Return what people in scope wrote down."""
    return WorkEntry.objects.filter(rows_of_people(actor, READ_ENTRY)).select_related("person__org_unit")


def work_entry_for_actor(actor: Actor, entry_id: UUID) -> WorkEntry:
    """Return something done; 404 when it is not there or not the actor's to see."""
    found = work_entries_for_actor(actor).filter(id=entry_id).first()
    if found is None:
        raise Http404
    return found
