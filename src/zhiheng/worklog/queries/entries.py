"""Work content that an actor may see."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiheng.access.actor import Actor
from zhiheng.worklog.models import WorkEntry
from zhiheng.worklog.policies import READ_ENTRY
from zhiheng.worklog.queries.scopes import rows_of_people


def work_entries_for_actor(actor: Actor) -> QuerySet[WorkEntry]:
    """Return what people in scope wrote down."""
    return WorkEntry.objects.filter(rows_of_people(actor, READ_ENTRY)).select_related("person__org_unit")
