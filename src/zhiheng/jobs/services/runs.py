"""Starting, cancelling and retrying jobs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from zhiheng.audit.public import record
from zhiheng.jobs.choices import OPEN_STATES, JobState
from zhiheng.jobs.definitions import JobDefinition, definition_of
from zhiheng.jobs.models import JobRun
from zhiheng.jobs.policies import MANAGE_JOB
from zhiheng.jobs.queries import run_for_actor
from zhiheng.tenancy.context import current_tenant_id

if TYPE_CHECKING:
    from zhiheng.access.actor import Actor

TASK = "zhiheng.jobs.run"


def queue() -> JobManager:
    """Return the queue on Django's connection, also in a worker: what it does is part of the transaction."""
    return JobManager(DjangoConnector("default"))


def start_job(
    *,
    actor: Actor,
    definition: JobDefinition,
    detail: str = "",
    unique_key: str = "",
    params: dict[str, object],
) -> UUID:
    """Queue a job in the current transaction and return its id.

    With a ``unique_key`` a run of the kind that still waits or runs under it is returned instead.
    """
    if actor.tenant_id != current_tenant_id():
        raise ValueError("the actor belongs to another tenant than the work")
    run = JobRun(
        kind=definition.kind,
        detail=detail[:200],
        queue=definition.queue,
        params=json.loads(json.dumps(params, cls=DjangoJSONEncoder)),
        unique_key=unique_key,
        language=translation.get_language() or "zh-hans",
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        token_id=actor.token_id,
        token_codes=sorted(actor.grants) if actor.token_id else None,
        actor_name=actor.name[:120],
    )
    if unique_key:
        try:
            with transaction.atomic():
                run.save(force_insert=True)
        except IntegrityError:
            return _open_run(definition.kind, unique_key)
    _enqueue(run, definition)
    run.save()
    return run.id


def _open_run(kind: str, unique_key: str) -> UUID:
    return JobRun.objects.values_list("id", flat=True).get(
        kind=kind, unique_key=unique_key, state__in=OPEN_STATES
    )


def _enqueue(run: JobRun, definition: JobDefinition) -> None:
    """Put the run into its queue; the lock keeps attempts of it, or of its kind, from running together."""
    lock = f"{run.tenant_id}:{run.kind}" if definition.is_exclusive else str(run.id)
    deferrer = configure_task(
        name=TASK,
        job_manager=queue(),
        queue=definition.queue,
        lock=lock,
        task_kwargs={"tenant_id": str(run.tenant_id), "job_id": str(run.id)},
    )
    run.queued_job_id = deferrer.defer()


def cancel_job(*, actor: Actor, job_id: UUID) -> JobState:
    """Cancel a job: a waiting one at once, a running one at its next progress; return its state now.

    A job that is over stays as it is. Raises `Http404` for a job the actor may not handle.
    """
    run = run_for_actor(actor, job_id, MANAGE_JOB, lock=True)
    if not run.is_open:
        return JobState(run.state)
    if run.state == JobState.QUEUED:
        run.state, run.finished_at = JobState.CANCELLED, timezone.now()
        if run.queued_job_id:
            queue().cancel_job_by_id(run.queued_job_id)
    run.is_cancel_requested = True
    run.save(update_fields=["state", "finished_at", "is_cancel_requested"])
    record(actor, "jobs.run.cancel", subject=("jobs.run", run.id), payload={"kind": run.kind})
    return JobState(run.state)


def retry_job(*, actor: Actor, job_id: UUID) -> None:
    """Queue a failed or cancelled job again; it runs as who started it, with the permissions they have then.

    Raises `Http404` for a job the actor may not handle and `ValidationError` if it cannot be retried.
    """
    run = run_for_actor(actor, job_id, MANAGE_JOB, lock=True)
    definition = definition_of(run.kind)
    if run.state not in (JobState.FAILED, JobState.CANCELLED):
        raise ValidationError(_("只有失败或已取消的任务可以重试。"), code="not_over")
    if definition is None:
        raise ValidationError(_("本版本已没有这种任务，不能重试。"), code="unknown_kind")
    run.state, run.is_cancel_requested = JobState.QUEUED, False
    run.progress_done, run.progress_total, run.progress_text = 0, None, ""
    run.error = run.error_id = ""
    run.started_at = run.finished_at = None
    # The fence must not go back: attempts of before may still be under way.
    run.first_attempt = run.attempts
    try:
        with transaction.atomic():
            _enqueue(run, definition)
            run.save()
    except IntegrityError as error:
        raise ValidationError(_("同样的任务已在排队或运行。"), code="already_open") from error
    record(actor, "jobs.run.retry", subject=("jobs.run", run.id), payload={"kind": run.kind})
