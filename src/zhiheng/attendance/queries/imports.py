"""Punch logs and the lines of them that became no punch."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from zhiheng.access.actor import Actor
from zhiheng.attendance.models import PunchImport, PunchImportLine
from zhiheng.attendance.policies import MANAGE_SITE


def imports_for_actor(actor: Actor) -> QuerySet[PunchImport]:
    """Return the punch logs, with how many lines of each are left over."""
    actor.scope(MANAGE_SITE)
    return PunchImport.objects.select_related("device", "legal_entity").annotate(left=Count("lines"))


def import_for_actor(actor: Actor, import_id: UUID) -> PunchImport:
    """Return a punch log; 404 when it is not there or not the actor's to see."""
    found = imports_for_actor(actor).filter(id=import_id).first()
    if found is None:
        raise Http404
    return found


def lines_left(batch: PunchImport) -> QuerySet[PunchImportLine]:
    """Return the lines of a log that became no punch."""
    return PunchImportLine.objects.filter(batch=batch)
