"""Reads of background jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from zhiheng.jobs.choices import JobState
from zhiheng.jobs.definitions import definition_of
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.policies import READ_JOB

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor
    from zhiheng.access.permissions import Permission


def runs_for_actor(actor: Actor, permission: Permission = READ_JOB) -> QuerySet[JobRun]:
    """Return the jobs in scope: all of the tenant, or only those the actor started."""
    if actor.can(permission) and actor.scope(permission).is_tenant:
        return JobRun.objects.all()
    own = Q(membership_id=actor.membership_id) if actor.membership_id else Q(pk__in=[])
    return JobRun.objects.filter(own)


def run_for_actor(
    actor: Actor, job_id: UUID, permission: Permission = READ_JOB, *, lock: bool = False
) -> JobRun:
    """Return a job in scope, locked if asked; not in scope and not there are the same `Http404`."""
    rows = runs_for_actor(actor, permission).filter(id=job_id)
    run = (rows.select_for_update() if lock else rows).first()
    if run is None:
        raise Http404
    return run


def label_of(run: JobRun) -> str:
    """Return what the kind of a job is called; its code if the program no longer has it."""
    definition = definition_of(run.kind)
    return str(definition.label) if definition else run.kind


def link_of(run: JobRun) -> str:
    """Return the page that shows what came out of a job that is done; empty if there is none."""
    definition = definition_of(run.kind)
    if definition is None or definition.link is None or run.state != JobState.DONE:
        return ""
    return definition.link(run.params, run.result)


def duration_of(run: JobRun) -> timedelta | None:
    """Return how long a job has run, or ran; ``None`` before it starts."""
    if run.started_at is None:
        return None
    return (run.finished_at or timezone.now()) - run.started_at
